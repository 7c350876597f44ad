using InstanceKit.Models;
using InstanceKit.Ports;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace InstanceKit.Compose;

/// <summary>What the address ranges of an instance change in networks and services.</summary>
public sealed class SubnetOverride(SubnetPlan subnets)
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
