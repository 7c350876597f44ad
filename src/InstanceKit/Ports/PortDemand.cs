using InstanceKit.Models;
using InstanceKit.Stacks;

namespace InstanceKit.Ports;

/// <summary>A port for which every instance needs a number, before assignment.</summary>
internal sealed record PortDemand(
    string Name, string Label, int BasePort, int Count, string Protocol, PortOwner Owner, string? Scheme, bool IsFixed)
{
    private const int HighestPort = 65535;

    /// <summary>The demands of a stack: its named ports in order, then the other published ports.</summary>
    public static IReadOnlyList<PortDemand> Of(StackDefinition stack, IReadOnlyList<PublishedPort> published)
    {
        var known = stack.Ports.Select(p => (p.BasePort, p.Protocol)).ToHashSet();
        var named = stack.Ports.Select(p => new PortDemand(p.Name, p.Label, p.BasePort, 1, p.Protocol, p.Owner, p.Scheme, p.IsFixed));
        var others = published
            .Where(p => p.BasePort is { } port && !(p.Count == 1 && known.Contains((port, p.Protocol))))
            .DistinctBy(p => (p.Service, p.BasePort, p.Protocol))
            .OrderBy(p => p.Service, StringComparer.Ordinal).ThenBy(p => p.BasePort).ThenBy(p => p.Protocol, StringComparer.Ordinal)
            .Select(Unnamed);
        return [.. named, .. others];
    }

    /// <summary>The order of assignment, independent of the compose files.</summary>
    public static IOrderedEnumerable<PortDemand> InOrder(IEnumerable<PortDemand> demands) =>
        demands.OrderBy(d => d.BasePort).ThenBy(d => d.Protocol, StringComparer.Ordinal)
            .ThenBy(d => d.Owner.Name, StringComparer.Ordinal).ThenBy(d => d.Name, StringComparer.Ordinal);

    /// <summary>This demand met by a number.</summary>
    public PortAssignment Assign(long port, string reason) => port + Count - 1 <= HighestPort
        ? new PortAssignment(Name, Label, BasePort, (int)port, Owner, Scheme, Protocol, Count, reason)
        : throw new ArgumentOutOfRangeException(nameof(port), port, $"{Name} does not fit below {HighestPort}.");

    private static PortDemand Unnamed(PublishedPort port)
    {
        var service = port.Service.ToUpperInvariant().Replace('-', '_').Replace('.', '_');
        var suffix = port.Protocol == "tcp" ? "" : $"_{port.Protocol.ToUpperInvariant()}";
        return new PortDemand(
            $"{service}_{port.BasePort}{suffix}", $"{port.Service} {port.BasePort}", port.BasePort!.Value, port.Count,
            port.Protocol, new PortOwner(OwnerKind.Service, port.Service), null, false);
    }
}
