using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace InstanceKit.Drivers;

/// <summary>Starts what Compose has made.</summary>
public sealed partial class DockerInspector
{
    /// <summary>Starts the containers of a service; one that runs already is left alone.</summary>
    /// <param name="project">The Compose project.</param>
    /// <param name="service">The service.</param>
    /// <param name="cancellation">Ends the question; a container whose start the engine has begun may come up all the same.</param>
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

    /// <summary>Lets a paused container run on; one that is gone or runs is no error.</summary>
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
            // Somebody else was faster; the next look says what it does.
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
