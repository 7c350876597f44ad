using System.Globalization;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace InstanceKit.Engine;

/// <summary>Finds instances of all workspaces in the engine, by this tool's labels.</summary>
public sealed partial class EngineClient
{
    private static readonly Dictionary<string, IDictionary<string, bool>> OfInstances =
        new() { ["label"] = new Dictionary<string, bool> { [InstanceLabels.Instance] = true } };

    /// <summary>All instances with a container, network or volume in the engine.</summary>
    /// <exception cref="InstanceKitException">The engine does not answer.</exception>
    public async Task<IReadOnlyList<EngineInstance>> ListInstancesAsync(CancellationToken cancellation)
    {
        var containers = AskAsync(limit => Client.Containers.ListContainersAsync(
            new ContainersListParameters { All = true, Filters = OfInstances }, limit), AnswerLimit, cancellation);
        var networks = AskAsync(limit => Client.Networks.ListNetworksAsync(
            new NetworksListParameters { Filters = OfInstances }, limit), AnswerLimit, cancellation);
        var volumes = AskAsync(
            limit => Client.Volumes.ListAsync(new VolumesListParameters { Filters = OfInstances }, limit), AnswerLimit, cancellation);
        await Task.WhenAll(containers, networks, volumes);
        var ofNetworks = (await networks).ToLookup(n => KeyOf(n.Labels), n => new EngineThing(n.ID, n.Name, WorkspaceOf(n.Labels)));
        var ofVolumes = ((await volumes).Volumes ?? []).ToLookup(v => KeyOf(v.Labels), v => new EngineThing(v.Name, v.Name, WorkspaceOf(v.Labels)));
        var ofContainers = (await containers).ToLookup(c => KeyOf(c.Labels));
        return
        [
            .. ofContainers.Select(g => g.Key).Concat(ofNetworks.Select(g => g.Key)).Concat(ofVolumes.Select(g => g.Key))
                .OfType<(string Project, string Stack, int Number)>().Distinct()
                .OrderBy(k => k.Project, StringComparer.Ordinal)
                .Select(k => Describe(k, [.. ofContainers[k]], [.. ofNetworks[k]], [.. ofVolumes[k]])),
        ];
    }

    /// <summary>Removes containers, networks and volumes; ignores those that no longer exist.</summary>
    /// <param name="instance">What to remove.</param>
    /// <param name="withVolumes">Whether the volumes without a name that its containers have go, too.</param>
    /// <param name="cancellation">Stops; what is removed stays removed.</param>
    /// <exception cref="InstanceKitException">The engine does not answer, or refuses.</exception>
    public async Task RemoveAsync(EngineInstance instance, bool withVolumes, CancellationToken cancellation)
    {
        foreach (var container in instance.Containers)
            await RemoveAsync(container.Id, withVolumes, cancellation);
        foreach (var network in instance.Networks)
            await RemoveAsync(limit => Client.Networks.DeleteNetworkAsync(network.Id, limit), cancellation);
        foreach (var volume in instance.Volumes)
            await RemoveAsync(limit => Client.Volumes.RemoveAsync(volume.Id, force: false, limit), cancellation);
    }

    /// <summary>Removes a container; ignores one that no longer exists.</summary>
    /// <param name="container">Its id.</param>
    /// <param name="withVolumes">Whether its volumes without a name go, too.</param>
    /// <exception cref="InstanceKitException">The engine does not answer, or refuses.</exception>
    public Task RemoveAsync(string container, bool withVolumes, CancellationToken cancellation) => RemoveAsync(
        limit => Client.Containers.RemoveContainerAsync(
            container, new ContainerRemoveParameters { Force = true, RemoveVolumes = withVolumes }, limit), cancellation);

    private async Task RemoveAsync(Func<CancellationToken, Task> removal, CancellationToken cancellation)
    {
        try
        {
            await AskAsync(async limit =>
            {
                try
                {
                    await removal(limit);
                }
                catch (DockerApiException e) when (e.StatusCode == System.Net.HttpStatusCode.Conflict)
                {
                    throw new InstanceKitException(
                        ExitCode.Failed, $"The Docker engine can't remove it: {e.ResponseBody?.Trim() ?? e.Message}",
                        "It may be in use (see docker ps, docker network inspect). Stop what uses it, then retry.", e);
                }
            }, cancellation);
        }
        catch (InstanceKitException e) when (e.InnerException is DockerApiException { StatusCode: System.Net.HttpStatusCode.NotFound })
        {
            // Somebody else has removed it meanwhile.
        }
    }

    private static EngineInstance Describe(
        (string Project, string Stack, int Number) key, IReadOnlyList<ContainerListResponse> containers,
        IReadOnlyList<EngineThing> networks, IReadOnlyList<EngineThing> volumes) => new()
    {
        Project = key.Project,
        Stack = key.Stack,
        Number = key.Number,
        Workspace = containers.OrderByDescending(c => c.Created).Select(c => WorkspaceOf(c.Labels))
            .Concat(volumes.Concat(networks).Select(t => t.Workspace)).FirstOrDefault(p => p is not null),
        Containers = [.. containers.Select(c => new EngineThing(c.ID, c.Names is [var name, ..] ? name.TrimStart('/') : c.ID[..12], WorkspaceOf(c.Labels)))
            .OrderBy(c => c.Name, StringComparer.Ordinal)],
        Running = containers.Count(c => c.State == "running"),
        Networks = [.. networks.OrderBy(n => n.Name, StringComparer.Ordinal)],
        Volumes = [.. volumes.OrderBy(v => v.Name, StringComparer.Ordinal)],
        Ports = [.. containers.SelectMany(c => c.Ports ?? []).Where(p => p.PublicPort != 0)
            .Select(p => $"{p.Type}/{p.PublicPort}").Distinct().Order(StringComparer.Ordinal)],
        Created = containers.Count == 0 ? null : new DateTimeOffset(containers.Min(c => c.Created).ToUniversalTime()),
    };

    private static string? WorkspaceOf(IDictionary<string, string>? labels) =>
        labels is not null && labels.TryGetValue(InstanceLabels.Workspace, out var path) ? path : null;

    private static (string Project, string Stack, int Number)? KeyOf(IDictionary<string, string>? labels) =>
        labels is not null && labels.TryGetValue(ProjectLabel, out var project)
        && labels.TryGetValue(InstanceLabels.Stack, out var stack)
        && labels.TryGetValue(InstanceLabels.Instance, out var text)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (project, stack, number)
            : null;
}
