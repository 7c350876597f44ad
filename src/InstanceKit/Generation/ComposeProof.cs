using InstanceKit.Instances;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Generation;

/// <summary>Proves, on the merged model read back through Compose, that nothing ties an instance to another one.</summary>
public static class ComposeProof
{
    /// <summary>Every tie that is left; empty when the instance stands alone.</summary>
    /// <param name="merged">The model of the compose files with the override.</param>
    /// <param name="spec">The instance.</param>
    /// <param name="ports">Its ports.</param>
    /// <param name="workspace">The model without the override, which tells what was fixed; <see langword="null"/> where unknown.</param>
    public static IReadOnlyList<string> FindTies(
        ComposeModel merged, InstanceSpec spec, PortPlan ports, ComposeModel? workspace = null) =>
    [
        .. merged.Services.Where(s => s.ContainerName is not null)
            .Select(s => $"service {s.Name} has the fixed container name {s.ContainerName}"),
        .. merged.Services.SelectMany(s => PortTies(s, spec, ports)),
        .. NameTies("network", merged.Networks, spec),
        .. NameTies("volume", merged.Volumes, spec),
        .. new SharedTies(new OverrideScope(merged, spec, ports, SubnetPlan.Empty), workspace ?? merged).Find(),
    ];

    private static IEnumerable<string> PortTies(ComposeService service, InstanceSpec spec, PortPlan ports)
    {
        var mine = ports.Assignments.SelectMany(a => Enumerable.Range(a.Port, a.Count).Select(p => (p, a.Protocol))).ToHashSet();
        foreach (var port in service.Ports)
        {
            if (port.BasePort is { } published
                && !Enumerable.Range(published, port.Count).All(p => mine.Contains((p, port.Protocol))))
                yield return $"service {service.Name} publishes port {published}, which is none of this instance's";
            if (port.HostAddress != spec.Stack.BindAddress)
            {
                yield return $"service {service.Name} publishes {Describe(port)} on "
                    + $"{port.HostAddress ?? "all addresses"} instead of {spec.Stack.BindAddress}";
            }
        }
    }

    private static string Describe(PublishedPort port) =>
        port.BasePort is { } published ? $"port {published}" : $"its port {port.TargetPort}, wherever the engine puts it,";

    private static IEnumerable<string> NameTies(
        string kind, IReadOnlyList<ComposeResource> resources, InstanceSpec spec) =>
        resources.Where(r => !r.IsExternal && r.Name != $"{spec.Project}_{r.Key}")
            .Select(r => $"{kind} {r.Key} has the fixed name {r.Name}");
}
