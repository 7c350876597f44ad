using InstanceKit.Instances;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Generation;

/// <summary>What an instance changes in the workspace's compose model, so that nothing ties it to another instance.</summary>
/// <param name="Services">The changes of each service, in the model's order.</param>
/// <param name="Networks">The networks that are renamed or labelled, each with its name in this instance.</param>
/// <param name="Volumes">The volumes, likewise.</param>
/// <param name="Labels">The labels of everything that is created.</param>
/// <param name="Notes">What was left alone although instances share it, and why.</param>
public sealed record ComposeOverride(
    IReadOnlyList<ServiceOverride> Services,
    IReadOnlyList<ResourceOverride> Networks,
    IReadOnlyList<ResourceOverride> Volumes,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<string> Notes)
{
    /// <summary>
    /// The longest time between two health checks of a service that others wait for until it is healthy. Only those
    /// are asked more often, since every check costs a process in the container for as long as the instance runs; the
    /// first check of all others is made by the tool itself. (<c>start_interval</c> would do, but engines before 25
    /// refuse it.)
    /// </summary>
    public static readonly TimeSpan AwaitedHealthInterval = TimeSpan.FromSeconds(2);

    /// <summary>Decides the override of one instance.</summary>
    /// <param name="model">The workspace's model, read under the instance's project name.</param>
    /// <param name="spec">The instance.</param>
    /// <param name="ports">Its ports.</param>
    /// <param name="subnets">Its address ranges; <see langword="null"/> where none is fixed.</param>
    /// <param name="configs">Mounted files that it has in a version of its own; <see langword="null"/> for none.</param>
    public static ComposeOverride Create(
        ComposeModel model, InstanceSpec spec, PortPlan ports, SubnetPlan? subnets = null, IReadOnlyList<ConfigCopy>? configs = null)
    {
        subnets ??= SubnetPlan.Empty;
        var notes = new List<string>();
        foreach (var service in model.Services.Where(s => s.NetworkMode == "host"))
        {
            notes.Add(
                $"Service {service.Name} uses network_mode: host; its ports can't be moved and are shared by all instances.");
        }

        var awaited = model.Services.SelectMany(s => s.DependsOn)
            .Where(d => d.Value == "service_healthy").Select(d => d.Key).ToHashSet(StringComparer.Ordinal);
        return new ComposeOverride(
            [.. model.Services.Select(s => ServiceOverride.Create(s, awaited.Contains(s.Name), spec, ports, subnets).WithConfigs(spec, configs ?? []))],
            WithRanges(Resources("Network", model.Networks, spec, notes), model.Networks, new SubnetOverride(subnets)),
            Resources("Volume", model.Volumes, spec, notes),
            InstanceLabels.For(spec),
            notes);
    }

    private static List<ResourceOverride> WithRanges(
        List<ResourceOverride> changes, IReadOnlyList<ComposeNetwork> networks, SubnetOverride subnets) =>
    [
        .. changes.Select(c => subnets.RangesOf(networks.First(n => n.Key == c.Key)) is { Count: > 0 } ranges
            ? c with { Ranges = ranges }
            : c),
    ];

    private static List<ResourceOverride> Resources(
        string kind, IReadOnlyList<ComposeResource> resources, InstanceSpec spec, List<string> notes)
    {
        foreach (var external in resources.Where(r => r.IsExternal))
            notes.Add($"{kind} {external.Name} is external: it is left alone and shared by all instances.");

        return [.. resources.Where(r => !r.IsExternal)
            .Select(r => new ResourceOverride(
                r.Key, r.Name == $"{spec.Project}_{r.Key}" ? null : $"{spec.Project}_{r.Key}"))];
    }
}

/// <summary>The changes of a network or volume.</summary>
/// <param name="Key">Its key in the compose files.</param>
/// <param name="Name">Its name in this instance, where the compose files fix another; otherwise <see langword="null"/>.</param>
public sealed record ResourceOverride(string Key, string? Name)
{
    /// <summary>The network's address ranges in this instance, replacing the fixed ones; empty to keep them.</summary>
    public IReadOnlyList<ComposeSubnet> Ranges { get; init; } = [];
}
