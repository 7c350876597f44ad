using System.Globalization;
using InstanceKit.Compose;
using InstanceKit.Models;

namespace InstanceKit.Tests.Compose;

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

    private static ComposeService Apply(ComposeService service, ServiceOverride changes)
    {
        var modes = changes.Modes;
        var references = service.ContainerReferences.Where(r => !modes.ContainsKey(r.Key))
            .Where(r => changes.VolumesFrom.Count == 0 || r.Key != "volumes_from")
            .Where(r => changes.Links.Count == 0 || r.Key != "external_links" || changes.ExternalLinks.Any(l => l.Split(':')[0] == r.Value));
        return service with
        {
            ContainerName = changes.ResetsContainerName ? null : service.ContainerName,
            Image = changes.ResetsImage ? null : changes.Image ?? service.Image,
            Hostname = changes.Hostname ?? service.Hostname,
            NetworkMode = modes.GetValueOrDefault("network_mode") ?? service.NetworkMode,
            ContainerReferences = [.. references],
            VolumesFrom = changes.VolumesFrom.Count > 0 ? changes.VolumesFrom : service.VolumesFrom,
            ExternalLinks = changes.Links.Count > 0 ? changes.ExternalLinks : service.ExternalLinks,
            Ports = changes.Ports.Count > 0 ? [.. changes.Ports.Select(p => ReadPort(service.Name, p))] : service.Ports,
            Environment = Apply(service.Environment, changes.Environment),
            BuildArguments = Apply(service.BuildArguments, changes.BuildArguments),
            Labels = Apply(Apply(service.Labels, changes.OwnLabels), changes.Labels),
            Command = changes.Command ?? service.Command,
            Entrypoint = changes.Entrypoint ?? service.Entrypoint,
            HealthCheck = (changes.HealthCheck ?? service.HealthCheck) is { } check
                ? check with { Test = changes.HealthTest ?? service.HealthCheck!.Test }
                : null,
            Dns = changes.NameServers.Count > 0 ? changes.NameServers : service.Dns,
            ExtraHosts = changes.ExtraHosts.Count > 0
                ? changes.ExtraHosts.Select(h => h.Split('=', 2)).GroupBy(h => h[0]).ToDictionary(h => h.Key, h => (IReadOnlyList<string>)[.. h.Select(p => p[1])])
                : service.ExtraHosts,
            Networks = [.. service.Networks.Select(n => Apply(n, changes.Places.FirstOrDefault(p => p.Network == n.Network)))],
            Mounts = [.. service.Mounts.Select(m => changes.Mounts.LastOrDefault(c => c.Target == m.Target) ?? m)
                .Concat(changes.Mounts.Where(c => service.Mounts.All(m => m.Target != c.Target)))],
        };
    }

    private static ComposeServiceNetwork Apply(ComposeServiceNetwork place, PlaceOverride? changes) => changes is null
        ? place
        : place with
        {
            Aliases = changes.ReplacesAliases ? changes.Aliases : [.. place.Aliases, .. changes.Aliases],
            Ipv4Address = changes.ResetsIpv4Address ? null : changes.Ipv4Address ?? place.Ipv4Address,
            Ipv6Address = changes.ResetsIpv6Address ? null : changes.Ipv6Address ?? place.Ipv6Address,
        };

    private static Dictionary<string, string?> Apply(
        IReadOnlyDictionary<string, string?> values, IReadOnlyDictionary<string, string> changes) =>
        values.Concat(changes.Select(c => KeyValuePair.Create(c.Key, (string?)c.Value))).GroupBy(v => v.Key).ToDictionary(v => v.Key, v => v.Last().Value);

    private static IReadOnlyList<ComposeSubnet> RangesOf(ComposeNetwork network, ComposeOverride changes) =>
        changes.Networks.SingleOrDefault(c => c.Key == network.Key) is { Ranges: { Count: > 0 } ranges } ? ranges : network.Subnets;

    private static T Apply<T>(T resource, IReadOnlyList<ResourceOverride> changes)
        where T : ComposeResource =>
        changes.SingleOrDefault(c => c.Key == resource.Key) is not { } change
            ? resource
            : resource with
            {
                Name = change.Name ?? resource.Name,
                DriverOptions = resource.DriverOptions.Concat(change.DriverOptions).GroupBy(o => o.Key).ToDictionary(o => o.Key, o => o.Last().Value),
            };

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
