using InstanceKit.Stacks;

namespace InstanceKit.Ports;

/// <summary>
/// Gives every published port of a stack its number in an instance, so that instances 0 to 17 share none.
/// </summary>
/// <remarks>
/// The specification's ports are base + instance × stride, as it says. All others follow the same formula from the
/// first number at or above their base at which no two instances meet; a base below 1024 moves up for instances 1 and
/// more. (At 18 the specification's own ports meet: PostgreSQL of 18 is Temporal of 0.)
/// </remarks>
public static class PortPlanner
{
    /// <summary>The highest instance that is certain to share no port with any lower one.</summary>
    public const int Horizon = 17;

    private const int LowestPort = 1024;
    private const int HighestPort = 65535;

    /// <summary>Plans the ports of one instance.</summary>
    /// <param name="stack">The stack, with its named ports.</param>
    /// <param name="published">What the compose files publish; what has no name gets one from its service.</param>
    /// <param name="instance">The instance's number, 0 or more.</param>
    /// <param name="recorded">The instance's plan so far: what is in it keeps its number, and the rest goes around it.</param>
    /// <exception cref="InstanceKitException">A port would exceed 65535, or two would need the same number.</exception>
    public static PortPlan Plan(
        StackDefinition stack, IReadOnlyList<PublishedPort> published, int instance, PortPlan? recorded = null)
    {
        var demands = PortDemand.Of(stack, published);
        RequireDistinctBases(demands, published);
        var placement = new PortPlacement(stack.PortStride, HorizonOf(stack, demands));
        var placed = new Dictionary<PortDemand, (PortFamily Family, string Reason)>();
        TakeRecorded(placement, placed, demands, stack.PortStride, instance, recorded);
        var kept = placed.Keys.Select(d => d.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var demand in PortDemand.InOrder(demands.Where(d => d.IsFixed && !placed.ContainsKey(d))))
            TakeFixed(placement, placed, demand, stack, instance, kept);

        // First what needs not move, so that nothing is moved onto its base.
        var rest = PortDemand.InOrder(demands.Where(d => !placed.ContainsKey(d))).ToList();
        foreach (var demand in rest)
        {
            if (placement.FitsUnmoved(demand))
                Take(demand, PortFamily.Regular(demand.BasePort, stack.PortStride), Formula(demand.BasePort, instance, stack));
        }

        foreach (var demand in rest.Where(d => !placed.ContainsKey(d)))
        {
            var cause = placement.FindConflict(demand, PortFamily.Regular(demand.BasePort, stack.PortStride));
            var family = placement.Place(demand);
            Take(demand, family, MovedReason(demand, family, cause, instance, stack));
        }

        RequireRoom(demands, placed, stack.PortStride, instance);
        return new PortPlan(instance, [.. demands.Select(d => d.Assign(placed[d].Family.At(instance), placed[d].Reason))]);

        void Take(PortDemand demand, PortFamily family, string reason)
        {
            placement.Take(demand, family);
            placed[demand] = (family, reason);
        }
    }

    /// <summary>The highest instance number that keeps every named port of the stack within 65535, if none is moved.</summary>
    public static int HighestInstance(StackDefinition stack) => stack.Ports.Count == 0
        ? (HighestPort - LowestPort) / stack.PortStride
        : (HighestPort - stack.Ports.Max(p => p.BasePort)) / stack.PortStride;

    private static int HorizonOf(StackDefinition stack, IReadOnlyList<PortDemand> demands)
    {
        var named = demands.Where(d => d.IsFixed).Select(d => d.BasePort).DefaultIfEmpty(LowestPort).Max();
        var longest = demands.Select(d => d.Count).DefaultIfEmpty(1).Max();
        return Math.Max(0, Math.Min(Horizon, (HighestPort - Math.Max(named, LowestPort + longest)) / stack.PortStride));
    }

    private static void TakeRecorded(
        PortPlacement placement, Dictionary<PortDemand, (PortFamily Family, string Reason)> placed,
        IReadOnlyList<PortDemand> demands, int stride, int instance, PortPlan? recorded)
    {
        foreach (var demand in demands)
        {
            if (recorded?.Find(demand.Owner, demand.BasePort, demand.Protocol) is not { } old || old.Count != demand.Count)
                continue;
            // A low base in instance 0 says nothing of the others: it is placed like a new one, and keeps its base.
            if (demand.BasePort < LowestPort && instance == 0 && old.Port == demand.BasePort)
                continue;
            var start = old.Port - (instance * stride);
            var family = new PortFamily(
                instance == 0 ? old.Port : demand.BasePort < LowestPort || start < 1 ? demand.BasePort : start, start, stride);
            placement.Take(demand, family);
            placed[demand] = (family, old.Reason.Length > 0 ? old.Reason : $"as recorded for instance {instance}");
        }
    }

    private static void TakeFixed(
        PortPlacement placement, Dictionary<PortDemand, (PortFamily Family, string Reason)> placed, PortDemand demand,
        StackDefinition stack, int instance, HashSet<string> kept)
    {
        var family = PortFamily.Regular(demand.BasePort, stack.PortStride);
        if (placement.FindConflict(demand, family) is { } conflict)
        {
            throw InstanceKitException.Usage(
                $"Named port {demand.Name} ({demand.Owner}) can't be {demand.BasePort} + instance × {stack.PortStride}: in "
                + $"instance {conflict.Instance} it would be {conflict.Port}, and {conflict}.",
                kept.Contains(conflict.Name)
                    ? $"Plan the instance afresh: InitInstance --instance {instance} --repair."
                    : "Give one of them another base, or the stack another stride, in instancekit.yml.");
        }

        placement.Take(demand, family);
        placed[demand] = (family, $"named by the stack; {Formula(demand.BasePort, instance, stack)}");
    }

    private static string Formula(int start, int instance, StackDefinition stack) =>
        instance == 0 ? "its base" : $"{start} + {instance} × {stack.PortStride}";

    private static string MovedReason(
        PortDemand demand, PortFamily family, PortConflict? conflict, int instance, StackDefinition stack)
    {
        if (instance == 0 && family.Zero == demand.BasePort)
            return "its base";
        var cause = demand.BasePort < LowestPort
            ? $"{demand.BasePort} is below 1024"
            : conflict?.ToString() ?? $"{demand.BasePort} leaves no room below 65536";
        return instance == 0
            ? $"moved by {family.Zero - demand.BasePort}; {cause}"
            : $"{Formula(family.Start, instance, stack)}; {cause}";
    }

    private static void RequireDistinctBases(IReadOnlyList<PortDemand> demands, IReadOnlyList<PublishedPort> published)
    {
        var twice = demands.GroupBy(d => (d.BasePort, d.Protocol)).FirstOrDefault(
            g => g.Count() > 1 && !AreOnDifferentAddresses(g, published));
        if (twice is not null)
        {
            throw InstanceKitException.Usage(
                $"Port {twice.Key.BasePort} is published twice, by "
                + string.Join(" and ", twice.Select(a => $"{a.Name} ({a.Owner})")) + ".",
                "Give one of them another published port in the compose file.");
        }
    }

    /// <summary>Two services may share a number on two loopback addresses; each instance has one address, so they part.</summary>
    private static bool AreOnDifferentAddresses(IEnumerable<PortDemand> demands, IReadOnlyList<PublishedPort> published)
    {
        var addresses = demands.Select(d => published.FirstOrDefault(p =>
            p.Service == d.Owner.Name && p.BasePort == d.BasePort && p.Protocol == d.Protocol)?.HostAddress).ToList();
        return !addresses.Contains(null) && addresses.Distinct().Count() == addresses.Count;
    }

    private static void RequireRoom(
        IReadOnlyList<PortDemand> demands, Dictionary<PortDemand, (PortFamily Family, string Reason)> placed, int stride, int instance)
    {
        if (demands.Count == 0)
            return;
        var top = demands.MaxBy(d => placed[d].Family.At(instance) + d.Count)!;
        var port = placed[top].Family.At(instance) + top.Count - 1;
        if (port <= HighestPort)
            return;
        throw InstanceKitException.Usage(
            $"Instance {instance} is too high: {top.Name} would be port {port}, above {HighestPort}.",
            $"Choose a number from 0 to {(HighestPort - placed[top].Family.Start - top.Count + 1) / stride}.");
    }
}
