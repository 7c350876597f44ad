using InstanceKit.Models;
using InstanceKit.Stacks;

namespace InstanceKit.Ports;

/// <summary>
/// Gives every published port of a stack its number in an instance, so that instances 0 to 17 share none.
/// </summary>
/// <remarks>
/// The specification's ports are base + instance × stride. All others follow the same formula from the
/// first number at or above their base at which no two instances meet; a base below 1024 moves up for instances 1 and
/// more. (At 18 the specification's own ports meet: PostgreSQL of 18 is Temporal of 0.)
/// </remarks>
internal static class PortPlanner
{
    /// <summary>The highest instance that is certain to share no port with any lower one.</summary>
    public const int Horizon = 17;

    private const int LowestPort = 1024;
    private const int HighestPort = 65535;

    /// <summary>Plans the ports of one instance.</summary>
    /// <param name="stack">The stack, with its named ports.</param>
    /// <param name="published">The published ports of the compose files; those without a name are named after their service.</param>
    /// <param name="instance">The instance's number, 0 or more.</param>
    /// <param name="recorded">The recorded plan of the instance: its ports keep their numbers, and the rest is placed around them.</param>
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

        // First the ports that need not move, so that no other port moves onto their base.
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

    /// <summary>The highest instance number that keeps every named port of the stack within 65535, if none moves.</summary>
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
            // A low base in instance 0 does not determine the others: it is placed like a new one, and keeps its base.
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
                    ? $"Plan its ports again: InitInstance --instance {instance} --repair."
                    : "Change the base of one of them, or the stride of the stack, in instancekit.yml.");
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
                "Change the published port of one of them in the compose file.");
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

/// <summary>
/// Assigns ports in all instances of the horizon at once, so that no two instances ever conflict: an extra
/// service's base may equal another port in a higher instance.
/// </summary>
internal sealed class PortPlacement(int stride, int horizon)
{
    private const int LowestPort = 1024;
    private const int HighestPort = 65535;

    /// <summary>The start for ports whose base leaves no room above it; below the ephemeral port range.</summary>
    private const int FreeArea = 20000;

    /// <summary>What is added to a base below 1024, as people do: 8080 for 80, 8443 for 443.</summary>
    private const int AboveReserved = 8000;

    private readonly Dictionary<string, Dictionary<int, (string Name, int Instance)>> _taken = [];

    /// <summary>Reserves a family for a port; numbers that are already reserved keep their owner.</summary>
    public void Take(PortDemand demand, PortFamily family)
    {
        if (!_taken.TryGetValue(demand.Protocol, out var taken))
            _taken[demand.Protocol] = taken = [];
        for (var instance = 0; instance <= horizon; instance++)
        for (var i = 0; i < demand.Count; i++)
        {
            if (family.At(instance) + i is var port and <= HighestPort)
                taken.TryAdd((int)port, (demand.Name, instance));
        }
    }

    /// <summary>Who has one of a family's numbers already, or <see langword="null"/>.</summary>
    public PortConflict? FindConflict(PortDemand demand, PortFamily family)
    {
        if (!_taken.TryGetValue(demand.Protocol, out var taken))
            return null;
        for (var instance = 0; instance <= horizon; instance++)
        for (var i = 0; i < demand.Count; i++)
        {
            var port = family.At(instance) + i;
            if (port <= HighestPort && taken.TryGetValue((int)port, out var other))
                return new PortConflict((int)port, instance, other.Name, other.Instance);
        }

        return null;
    }

    /// <summary>Whether a port can have its base plus strides in every instance.</summary>
    public bool FitsUnmoved(PortDemand demand) => IsFree(demand, PortFamily.Regular(demand.BasePort, stride), LowestPort);

    /// <summary>The first family that is free, nearest to the base.</summary>
    /// <exception cref="InstanceKitException">There is no free range.</exception>
    public PortFamily Place(PortDemand demand)
    {
        if (demand.BasePort >= LowestPort)
        {
            for (var start = demand.BasePort; Fits(demand, start); start++)
            {
                if (IsFree(demand, PortFamily.Regular(start, stride), LowestPort))
                    return PortFamily.Regular(start, stride);
            }
        }

        var first = demand.BasePort < LowestPort ? AboveReserved + demand.BasePort : FreeArea;
        foreach (var from in new[] { first, LowestPort })
        {
            for (var start = from; Fits(demand, start); start++)
            {
                var family = new PortFamily(demand.BasePort, start, stride);
                if (IsFree(demand, family, 1))
                    return family;
                if (IsFree(demand, family with { Zero = start }, LowestPort))
                    return family with { Zero = start };
            }
        }

        if (MeetsItself(demand))
        {
            throw InstanceKitException.Usage(
                $"{demand.Name} ({demand.Owner}) is a range of {demand.Count} ports, which is more than the stride of {stride} between instances.",
                "Increase the stride of the stack in instancekit.yml.");
        }

        throw InstanceKitException.Usage(
            $"No free port was found for {demand.Name} ({demand.Owner}, base {demand.BasePort}) next to the stack's other ports.",
            "Decrease the stride of the stack in instancekit.yml.");
    }

    private bool Fits(PortDemand demand, int start) => start + ((long)horizon * stride) + demand.Count - 1 <= HighestPort;

    private bool IsFree(PortDemand demand, PortFamily family, int lowest) =>
        family.Zero >= lowest && family.Zero + demand.Count - 1 <= HighestPort
        && family.At(horizon) + demand.Count - 1 <= HighestPort
        && FindConflict(demand, family) is null && !MeetsItself(demand);

    /// <summary>A range as long as the stride would run into the next instance's.</summary>
    private bool MeetsItself(PortDemand demand) => horizon > 0 && demand.Count > stride;
}

/// <summary>A number that two ports would have.</summary>
/// <param name="Port">The number.</param>
/// <param name="Instance">The instance of the first port.</param>
/// <param name="Name">The other port.</param>
/// <param name="OtherInstance">The instance of the other port.</param>
internal sealed record PortConflict(int Port, int Instance, string Name, int OtherInstance)
{
    /// <summary>Reads as "9200 is MINIO_API of instance 2".</summary>
    public override string ToString() => $"{Port} is {Name} of instance {OtherInstance}";
}

/// <summary>The numbers of one port in all instances.</summary>
/// <param name="Zero">The number in instance 0.</param>
/// <param name="Start">What instance N adds N strides to, for N of 1 and more.</param>
/// <param name="Stride">The distance between neighbouring instances.</param>
internal readonly record struct PortFamily(int Zero, int Start, int Stride)
{
    /// <summary>A family that follows one formula from instance 0 on.</summary>
    public static PortFamily Regular(int start, int stride) => new(start, start, stride);

    /// <summary>The number in an instance; it may exceed 65535.</summary>
    public long At(int instance) => instance == 0 ? Zero : Start + ((long)instance * Stride);
}

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
