using InstanceKit.Models;
using InstanceKit.Stacks;

namespace InstanceKit.Ports;

/// <summary>A port for which every instance needs a number, before assignment.</summary>
internal sealed record PortDemand(
    string Name, string Label, int BasePort, int Count, string Protocol, PortOwner Owner, string? Scheme, bool IsFixed)
{
    private const int HighestPort = 65535;

    /// <summary>The distance to the port in the container; <see langword="null"/> for an app.</summary>
    public int? Offset { get; init; }

    /// <summary>Its numbers in instance 0.</summary>
    public PortRun Run => new(Protocol, BasePort, Count, Name);

    /// <summary>The demands of a stack: its named ports in order, then the other published ports.</summary>
    public static IReadOnlyList<PortDemand> Of(StackDefinition stack, IReadOnlyList<PublishedPort> published)
    {
        var known = stack.Ports.Select(p => (p.BasePort, p.Protocol)).ToHashSet();
        var named = stack.Ports.Select(p => new PortDemand(p.Name, p.Label, p.BasePort, 1, p.Protocol, p.Owner, p.Scheme, p.IsFixed)
        {
            Offset = (p.TargetPort ?? published.FirstOrDefault(o => (o.Service, o.BasePort, o.Protocol) == (p.Owner.Name, p.BasePort, p.Protocol))?.TargetPort) - p.BasePort,
        });
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
            port.Protocol, new PortOwner(OwnerKind.Service, port.Service), null, false)
        {
            Offset = port.TargetPort - port.BasePort,
        };
    }
}

/// <summary>Consecutive numbers of instance 0.</summary>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
/// <param name="First">The first number.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Name">The name of the first port.</param>
internal sealed record PortRun(string Protocol, int First, int Count, string Name)
{
    /// <summary>The number after its last one.</summary>
    public int End => First + Count;

    /// <summary>Whether two of the same protocol have a number in common.</summary>
    public bool Meets(PortRun other) => Protocol == other.Protocol && Overlaps(other);

    /// <summary>Whether two have a number in common, perhaps for different protocols.</summary>
    public bool Overlaps(PortRun other) => First < other.End && other.First < End;
}

/// <summary>
/// Ports that keep their distance in every instance: a published range, which Compose lists one by one; neighbouring ports of
/// a service; and one number for two protocols.
/// </summary>
/// <param name="Members">The ports, in order of their bases.</param>
/// <param name="Stride">The distance between neighbouring instances: a multiple of the stack's where the group is longer.</param>
internal sealed record PortGroup(IReadOnlyList<PortDemand> Members, int Stride)
{
    /// <summary>The lowest base.</summary>
    public int First => Members[0].BasePort;

    /// <summary>The number after the last one of instance 0.</summary>
    public int End => Members.Max(d => d.Run.End);

    /// <summary>The numbers of instance 0; consecutive ones are one run.</summary>
    public IReadOnlyList<PortRun> Runs
    {
        get
        {
            var runs = new List<PortRun>();
            foreach (var run in Members.Select(d => d.Run))
            {
                var at = runs.FindLastIndex(r => r.Protocol == run.Protocol);
                if (at >= 0 && run.First <= runs[at].End)
                    runs[at] = runs[at] with { Count = Math.Max(run.End, runs[at].End) - runs[at].First };
                else
                    runs.Add(run);
            }

            return runs;
        }
    }

    /// <summary>The groups of a stack, in the order of assignment.</summary>
    public static IReadOnlyList<PortGroup> Of(IReadOnlyList<PortDemand> demands, int stride)
    {
        var groups = new List<List<PortDemand>>();
        foreach (var demand in PortDemand.InOrder(demands))
        {
            if (groups.FindLast(g => g.Exists(d => BelongTogether(d, demand)) && !g.Exists(d => d.Owner != demand.Owner && d.Run.Meets(demand.Run))) is { } group)
                group.Add(demand);
            else
                groups.Add([demand]);
        }

        return [.. groups.Select(g => new PortGroup(g, stride)).Select(g => g with { Stride = (g.End - g.First + stride - 1) / stride * stride })];
    }

    /// <summary>Neighbours are a range if their distance to the container's ports is the same.</summary>
    private static bool BelongTogether(PortDemand one, PortDemand other) =>
        one.Run.Overlaps(other.Run)
        || (one.Owner == other.Owner && one.Protocol == other.Protocol && one.Run.End == other.BasePort && one.Offset == other.Offset && one.Offset is not null);
}

/// <summary>What users should know of an instance's ports.</summary>
internal static class PortNotes
{
    /// <summary>Fewer ports are seldom a range that a server assigns from.</summary>
    private const int ShortestRange = 3;

    /// <summary>The notes; none for instance 0.</summary>
    public static IEnumerable<string> Of(StackDefinition stack, IReadOnlyList<PublishedPort> published, PortPlan plan)
    {
        var demands = PortDemand.Of(stack, published);
        var evaded = from demand in demands
                     let usual = demand.BasePort + (plan.Instance * stack.PortStride)
                     where demand.IsFixed && plan.Find(demand.Owner, demand.BasePort, demand.Protocol) is { IsShared: false } own && own.Port != usual
                     select $"{demand.Name} of {StackDefinition.NameOf(plan.Instance, stack.ProjectOf(plan.Instance))} is {plan.PortOf(demand.Name)}, not {usual}: "
                         + $"{plan.Assignments.First(a => a.Name == demand.Name).Reason}.";
        var ranges = from range in PortGroup.Of(demands, stack.PortStride).SelectMany(g => g.Runs)
                     let members = demands.Where(d => d.Count == 1 && d.Protocol == range.Protocol && d.BasePort >= range.First && d.BasePort < range.End).ToList()
                     where members.Count >= ShortestRange && plan.Translate(range.First, range.Protocol) is { } first && first != range.First
                     let protocol = range.Protocol == "tcp" ? "" : $"/{range.Protocol}"
                     select $"Service {members[0].Owner.Name} publishes {range.First}-{range.End - 1}{protocol} as {plan.Translate(range.First, range.Protocol)}-"
                         + $"{plan.Translate(range.End - 1, range.Protocol)}{protocol}. A server that announces its own ports (WebRTC, RTP, passive FTP) must be configured with these.";
        return evaded.Concat(ranges);
    }
}
