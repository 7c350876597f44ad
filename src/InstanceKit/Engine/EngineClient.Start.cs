using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace InstanceKit.Engine;

/// <summary>Starts containers that Compose has created.</summary>
public sealed partial class EngineClient
{
    /// <summary>Starts the containers of a service; ignores those that are running.</summary>
    /// <param name="cancellation">Ends the request; a container may still start if the engine has begun to start it.</param>
    /// <returns>Why the engine refuses to start one, in its own words; <see langword="null"/> when all run.</returns>
    /// <exception cref="InstanceKitException">The engine does not answer.</exception>
    public async Task<string?> StartAsync(string project, string service, CancellationToken cancellation)
    {
        var filter = Uri.EscapeDataString($$"""{"label":["{{ProjectLabel}}={{project}}","{{ServiceLabel}}={{service}}"]}""");
        var made = await ReadAsync(engine => ContainerReader.List(engine.Get($"/containers/json?all=1&filters={filter}")), cancellation);
        foreach (var (_, container) in made)
        {
            if (await AskAsync(limit => StartAsync(container.Id, limit), ChangeLimit, cancellation) is { } refusal)
                return refusal;
        }

        return made.Count == 0 ? $"no such container of service {service}" : null;
    }

    /// <summary>Resumes a paused container; ignores one that is running or no longer exists.</summary>
    /// <exception cref="InstanceKitException">The engine does not answer.</exception>
    public Task UnpauseAsync(string id, CancellationToken cancellation) => AskAsync(async limit =>
    {
        try
        {
            await Client.Containers.UnpauseContainerAsync(id, limit);
        }
        catch (DockerApiException e) when (e.StatusCode is System.Net.HttpStatusCode.NotFound or System.Net.HttpStatusCode.InternalServerError
            or System.Net.HttpStatusCode.Conflict)
        {
            // Another client was faster; the next observation shows its state.
        }
    }, cancellation);

    private async Task<string?> StartAsync(string id, CancellationToken cancellation)
    {
        try
        {
            await Client.Containers.StartContainerAsync(id, new ContainerStartParameters(), cancellation);
            return null;
        }
        catch (DockerApiException e)
        {
            return EngineAnswer.Describe(e.StatusCode, Encoding.UTF8.GetBytes(e.ResponseBody ?? ""));
        }
    }
}
