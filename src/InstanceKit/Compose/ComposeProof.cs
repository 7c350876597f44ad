using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Ports;

namespace InstanceKit.Compose;

/// <summary>Proves, on the merged model read back through Compose, that nothing ties an instance to another one.</summary>
internal static class ComposeProof
{
    /// <summary>Every remaining tie; empty when the instance is isolated.</summary>
    /// <param name="merged">The model of the compose files with the override.</param>
    /// <param name="workspace">The model without the override, which shows what was fixed; <see langword="null"/> where unknown.</param>
    public static IReadOnlyList<string> FindTies(
        ComposeModel merged, InstanceSpec spec, PortPlan ports, ComposeModel? workspace = null) =>
    [
        .. merged.Services.Where(s => s.ContainerName is not null)
            .Select(s => $"service {s.Name} has the fixed container name {s.ContainerName}"),
        .. merged.Services.SelectMany(s => PortTies(s, merged, spec, ports)),
        .. NameTies("network", merged.Networks, spec),
        .. NameTies("volume", merged.Volumes, spec),
        .. new SharedTies(new OverrideScope(merged, spec, ports, SubnetPlan.Empty), workspace ?? merged).Find(),
    ];

    private static IEnumerable<string> PortTies(ComposeService service, ComposeModel merged, InstanceSpec spec, PortPlan ports)
    {
        var mine = ports.Assignments.SelectMany(a => Enumerable.Range(a.Port, a.Count).Select(p => (p, a.Protocol))).ToHashSet();
        foreach (var port in service.Ports)
        {
            if (port.BasePort is { } published
                && !Enumerable.Range(published, port.Count).All(p => mine.Contains((p, port.Protocol))))
                yield return $"service {service.Name} publishes port {published}, which does not belong to this instance";
            if (port.HostAddress != PortPublication.AddressOf(port, merged, spec))
            {
                yield return $"service {service.Name} publishes {Describe(port)} on "
                    + $"{port.HostAddress ?? "all addresses"} instead of {spec.Stack.BindAddress}";
            }
        }
    }

    private static string Describe(PublishedPort port) =>
        port.BasePort is { } published ? $"port {published}" : $"its port {port.TargetPort}, on a port that the engine chooses,";

    private static IEnumerable<string> NameTies(
        string kind, IReadOnlyList<ComposeResource> resources, InstanceSpec spec) =>
        resources.Where(r => !r.IsExternal && r.Name != $"{spec.Project}_{r.Key}")
            .Select(r => $"{kind} {r.Key} has the fixed name {r.Name}");
}

/// <summary>Finds what an instance shares with others besides published ports and resource names.</summary>
/// <param name="scope">The merged model and its instance.</param>
/// <param name="workspace">The model without the override.</param>
internal sealed class SharedTies(OverrideScope scope, ComposeModel workspace)
{
    /// <summary>Every tie.</summary>
    public IEnumerable<string> Find() =>
    [
        .. scope.Model.Services.Where(s => s.NetworkMode == "host" && !scope.Spec.Stack.AllowsHostNetwork)
            .Select(s => $"service {s.Name} listens on the host itself"),
        .. from service in scope.Model.Services
           from reference in service.ContainerReferences
           where workspace.Services.Any(s => s.ContainerName == reference.Value)
           select $"service {service.Name} refers to container {reference.Value} by {reference.Key}",
        .. scope.Model.Services.SelectMany(NameTies),
        .. scope.Model.Networks.Where(n => !n.IsExternal && n.DriverOptions.GetValueOrDefault(InstanceFootprint.BridgeName) is { } name && !scope.IsOwn(name))
            .Select(n => $"network {n.Key} has the fixed bridge name {n.DriverOptions[InstanceFootprint.BridgeName]}"),
        .. new InstanceData(scope).Moved.Select(f => $"data is stored in {f}, which belongs to instance 0"),
        .. (scope.Spec.Stack.AllowsSharedData ? [] : new InstanceData(scope).Shared).Select(s => $"data is shared by all instances: {s}"),
        .. scope.Model.Services.Where(IsBuiltForAll).Select(s => $"service {s.Name} builds image {s.Image} with this instance's ports"),
    ];

    private IEnumerable<string> NameTies(ComposeService service)
    {
        foreach (var place in service.Networks.Where(p => scope.IsMoved && scope.IsShared(p.Network)))
        {
            foreach (var alias in place.Aliases.Where(a => !scope.IsOwn(a)))
                yield return $"service {service.Name} answers to {alias} on network {place.Network}, which is shared";
            if (service.Hostname is { } hostname && !scope.IsOwn(hostname))
                yield return $"service {service.Name} has the host name {hostname} on network {place.Network}, which is shared";
            if ((place.Ipv4Address ?? place.Ipv6Address) is { } address)
                yield return $"service {service.Name} has the fixed address {address} on network {place.Network}, which is shared";
        }
    }

    private bool IsBuiltForAll(ComposeService service) =>
        service is { IsBuilt: true, Image: not null }
        && workspace.Services.FirstOrDefault(s => s.Name == service.Name) is { } before
        && before.Image == service.Image
        && !before.BuildArguments.OrderBy(a => a.Key, StringComparer.Ordinal)
            .SequenceEqual(service.BuildArguments.OrderBy(a => a.Key, StringComparer.Ordinal));
}
