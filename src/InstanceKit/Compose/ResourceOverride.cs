using System.Globalization;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Ports;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace InstanceKit.Compose;

/// <summary>The changes of a network or volume.</summary>
/// <param name="Key">Its key in the compose files.</param>
/// <param name="Name">Its name in this instance, where the compose files fix another; otherwise <see langword="null"/>.</param>
internal sealed record ResourceOverride(string Key, string? Name)
{
    private const int LongestBridgeName = 15;

    /// <summary>The network's address ranges in this instance, replacing the fixed ones; empty to keep them.</summary>
    public IReadOnlyList<ComposeSubnet> Ranges { get; init; } = [];

    /// <summary>The options of its driver that are others in this instance.</summary>
    public IReadOnlyDictionary<string, string> DriverOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it is an ordinary volume of the instance instead of an external or remote one.</summary>
    public bool IsReplaced { get; init; }

    /// <summary>Plans the networks; reports external ones.</summary>
    internal static IReadOnlyList<ResourceOverride> Networks(OverrideScope scope)
    {
        var ranges = new SubnetOverride(scope.Subnets);
        foreach (var network in scope.Model.Networks)
            AddNotes(network, scope);
        return
        [
            .. scope.Model.Networks.Where(n => !n.IsExternal).Select(n => Renamed(n, scope.Spec) with
            {
                Ranges = ranges.RangesOf(n),
                DriverOptions = scope.IsMoved && n.DriverOptions.GetValueOrDefault(InstanceFootprint.BridgeName) is { Length: > 0 } bridge
                    ? new Dictionary<string, string> { [InstanceFootprint.BridgeName] = BridgeOf(bridge, scope.Spec.Number) }
                    : new Dictionary<string, string>(),
            }),
        ];
    }

    /// <summary>Plans the volumes; reports external ones.</summary>
    internal static IReadOnlyList<ResourceOverride> Volumes(OverrideScope scope, InstanceData data)
    {
        foreach (var volume in scope.Model.Volumes.Where(v => v.IsExternal && !data.Replaces(v)))
            scope.Notes.Add($"Volume {volume.Name} is external: it is not changed, and all instances share it.");
        return
        [
            .. scope.Model.Volumes.Where(v => !v.IsExternal || data.Replaces(v)).Select(v => Renamed(v, scope.Spec) with
            {
                IsReplaced = data.Replaces(v),
                DriverOptions = data.DeviceOf(v) is { } device
                    ? new Dictionary<string, string> { ["device"] = device.Replace("$", "$$", StringComparison.Ordinal) }
                    : new Dictionary<string, string>(),
            }),
        ];
    }

    /// <summary>The instance's name of a bridge: no longer than the system allows, and no other bridge's.</summary>
    internal static string BridgeOf(string name, int instance)
    {
        var suffix = string.Create(CultureInfo.InvariantCulture, $"-{instance}");
        return name.Length + suffix.Length <= LongestBridgeName
            ? name + suffix
            : name[..Math.Min(name.Length, LongestBridgeName - suffix.Length - 4)] + ContentHash.Of(name)[..4] + suffix;
    }

    private static ResourceOverride Renamed(ComposeResource resource, InstanceSpec spec) =>
        new(resource.Key, resource.Name == $"{spec.Project}_{resource.Key}" ? null : $"{spec.Project}_{resource.Key}");

    private static void AddNotes(ComposeNetwork network, OverrideScope scope)
    {
        var services = scope.Model.Services.Where(s => s.Networks.Any(n => n.Network == network.Key)).Select(s => s.Name).ToList();
        if (network.IsExternal)
        {
            scope.Notes.Add(
                $"Network {network.Name} is external: it is not changed, and all instances share it"
                + (services.Count == 0 ? "." : $"; on it, {string.Join(", ", services)} can resolve to any instance."));
        }
        else if (SubnetPlanner.IsOnWire(network))
        {
            scope.Notes.Add(
                $"Network {network.Key} uses the host's interface {network.DriverOptions["parent"]}, which all instances share; "
                + "the engine may allow only one of them.");
        }
    }
}

/// <summary>What the address ranges of an instance change in networks and services.</summary>
internal sealed class SubnetOverride(SubnetPlan subnets)
{
    /// <summary>All ranges of a network with everything in them moved; empty when none of them moves.</summary>
    public IReadOnlyList<ComposeSubnet> RangesOf(ComposeNetwork network)
    {
        var moved = network.Subnets.Select(s => new ComposeSubnet(
            subnets.Assignments.FirstOrDefault(a => a.Network == network.Key && a.BaseRange == s.Range)?.Range ?? s.Range,
            s.Gateway is { } gateway ? subnets.Translate(gateway, network.Key) : null,
            s.AddressPool is { } pool ? subnets.TranslateRange(pool, network.Key) : null,
            s.Auxiliary.ToDictionary(a => a.Key, a => subnets.Translate(a.Value, network.Key)))).ToList();
        return moved.Select(m => m.Range).SequenceEqual(network.Subnets.Select(s => s.Range)) ? [] : moved;
    }

    /// <summary>The places of a service whose fixed addresses move, with the new ones and without anything else.</summary>
    public IReadOnlyList<ComposeServiceNetwork> PlacesOf(ComposeService service) =>
    [
        .. from place in service.Networks
           let ipv4 = Moved(place.Ipv4Address, place.Network)
           let ipv6 = Moved(place.Ipv6Address, place.Network)
           where ipv4 is not null || ipv6 is not null
           select new ComposeServiceNetwork(place.Network, [], ipv4, ipv6),
    ];

    /// <summary>All name servers of a service when one of them moves; empty otherwise.</summary>
    public IReadOnlyList<string> NameServersOf(ComposeService service)
    {
        var moved = service.Dns.Select(d => subnets.Translate(d)).ToList();
        return moved.SequenceEqual(service.Dns) ? [] : moved;
    }

    /// <summary>All extra hosts of a service, as <c>name=address</c>, when the address of one moves; empty otherwise.</summary>
    public IReadOnlyList<string> ExtraHostsOf(ComposeService service)
    {
        var hosts = service.ExtraHosts.SelectMany(h => h.Value.Select(a => (Name: h.Key, Address: a))).ToList();
        return hosts.All(h => subnets.Translate(h.Address) == h.Address)
            ? []
            : [.. hosts.Select(h => $"{h.Name}={subnets.Translate(h.Address)}")];
    }

    /// <summary>The <c>ipam</c> of a network: its driver and options stay, its ranges are replaced.</summary>
    internal static YamlMappingNode Write(IReadOnlyList<ComposeSubnet> ranges) => new()
    {
        { "config", new YamlSequenceNode(ranges.Select(Write)) { Tag = "!override" } },
    };

    private static YamlMappingNode Write(ComposeSubnet range)
    {
        var node = new YamlMappingNode { { "subnet", Quoted(range.Range) } };
        if (range.Gateway is { } gateway)
            node.Add("gateway", Quoted(gateway));
        if (range.AddressPool is { } pool)
            node.Add("ip_range", Quoted(pool));
        if (range.Auxiliary.Count > 0)
        {
            var auxiliary = new YamlMappingNode();
            foreach (var (name, address) in range.Auxiliary)
                auxiliary.Add(Quoted(name), Quoted(address));
            node.Add("aux_addresses", auxiliary);
        }

        return node;
    }

    private static YamlScalarNode Quoted(string value) => new(value) { Style = ScalarStyle.DoubleQuoted };

    private string? Moved(string? address, string network) =>
        address is not null && subnets.Translate(address, network) is var moved && moved != address ? moved : null;
}
