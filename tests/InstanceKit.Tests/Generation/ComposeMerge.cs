using System.Globalization;
using InstanceKit.Generation;
using InstanceKit.Stacks;

namespace InstanceKit.Tests.Generation;

/// <summary>What Compose does with an override, as far as it is ours; recorded merges prove that it is right.</summary>
internal static class ComposeMerge
{
    /// <summary>The model with the override applied.</summary>
    public static ComposeModel Apply(ComposeModel model, ComposeOverride changes) => model with
    {
        Services = [.. model.Services.Select(s => Apply(s, changes.Services.Single(c => c.Name == s.Name)))],
        Networks = [.. model.Networks.Select(n => Apply(n, changes.Networks)).Select(n => n with { Subnets = RangesOf(n, changes) })],
        Volumes = [.. model.Volumes.Select(v => Apply(v, changes.Volumes))],
    };

    private static ComposeService Apply(ComposeService service, ServiceOverride changes) => service with
    {
        ContainerName = changes.ResetsContainerName ? null : service.ContainerName,
        Ports = changes.Ports.Count > 0 ? [.. changes.Ports.Select(p => ReadPort(service.Name, p))] : service.Ports,
        Environment = service.Environment.ToDictionary(v => v.Key, v => changes.Environment.GetValueOrDefault(v.Key) ?? v.Value),
        Command = changes.Command ?? service.Command,
        HealthCheck = changes.HealthCheck is { } check ? check with { Test = service.HealthCheck!.Test } : service.HealthCheck,
        Labels = service.Labels.Concat(changes.Labels.Select(l => KeyValuePair.Create(l.Key, (string?)l.Value)))
            .GroupBy(l => l.Key).ToDictionary(l => l.Key, l => l.Last().Value),
    };

    private static IReadOnlyList<ComposeSubnet> RangesOf(ComposeNetwork network, ComposeOverride changes) =>
        changes.Networks.SingleOrDefault(c => c.Key == network.Key) is { Ranges: { Count: > 0 } ranges } ? ranges : network.Subnets;

    private static T Apply<T>(T resource, IReadOnlyList<ResourceOverride> changes)
        where T : ComposeResource =>
        resource with { Name = changes.SingleOrDefault(c => c.Key == resource.Key)?.Name ?? resource.Name };

    /// <summary>Reads Compose's short syntax: <c>[::1]:5533:5432/udp</c>.</summary>
    private static PublishedPort ReadPort(string service, string text)
    {
        var (rest, protocol) = text.Split('/') is [var before, var after] ? (before, after) : (text, "tcp");
        var target = rest.LastIndexOf(':');
        var published = rest.LastIndexOf(':', target - 1);
        var ends = rest[(published + 1)..target].Split('-').Where(n => n.Length > 0)
            .Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToList();
        return new PublishedPort(
            service,
            int.Parse(rest[(target + 1)..], CultureInfo.InvariantCulture),
            ends.Count == 0 ? null : ends[0],
            protocol,
            rest[..published].Trim('[', ']'),
            ends.Count == 2 ? ends[1] - ends[0] + 1 : 1);
    }
}
