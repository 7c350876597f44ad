using InstanceKit.Models;
using InstanceKit.Stacks;

namespace InstanceKit.Ports;

/// <summary>
/// Gives every published port of a stack its number in an instance, so that instances 0 to 17 share none.
/// </summary>
/// <remarks>
/// Instance 0 has the numbers of the workspace. The specification's ports are base + instance × stride; only where that
/// is a number of instance 0, it is the next free one. All others follow the same formula from the first number at or above
/// their base at which no two instances meet; a base below 1024 moves up for instances 1 and more. Ports that belong together
/// move together, see <see cref="PortGroup"/>. (At 18 the specification's own ports meet: PostgreSQL of 18 is Temporal of 0.)
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
    /// <param name="recorded">
    /// The recorded plan of the instance: its ports keep their numbers, except those that instance 0 has, and the rest is
    /// placed around them.
    /// </param>
    /// <param name="others">The recorded plans of the workspace's other instances, whose numbers are avoided.</param>
    /// <exception cref="InstanceKitException">A port would exceed 65535, or two would need the same number.</exception>
    public static PortPlan Plan(
        StackDefinition stack, IReadOnlyList<PublishedPort> published, int instance, PortPlan? recorded = null,
        IReadOnlyList<PortPlan>? others = null)
    {
        var demands = PortDemand.Of(stack, published);
        RequireDistinctBases(demands, published);
        var placement = new PortPlacement(HorizonOf(stack, demands), instance, others ?? []);
        var plan = new PlannedPorts(placement, stack.PortStride, instance, recorded);
        if (instance == 0)
            return new PortPlan(0, [.. demands.Select(plan.AssignBase)]);

        var groups = PortGroup.Of(demands, stack.PortStride);
        foreach (var group in groups)
            plan.KeepRecorded(group, demands);
        foreach (var demand in PortDemand.InOrder(demands.Where(d => d.IsFixed)))
            plan.Fix(demand);
        foreach (var run in groups.SelectMany(g => g.Runs))
            placement.Reserve(run, run.First, 0);
        foreach (var demand in PortDemand.InOrder(demands.Where(d => d.IsFixed)))
            plan.Evade(demand);

        RequireRoom([.. demands.Where(d => d.IsFixed)], plan, instance);

        // First the ports that need not move, so that no other port moves onto their numbers.
        foreach (var group in groups)
            plan.Follow(group);
        foreach (var group in groups)
            plan.Place(group);
        RequireRoom(demands, plan, instance);
        return new PortPlan(instance, [.. demands.Select(plan.Assign)]);
    }

    /// <summary>The ports of an instance without its compose files: those that are recorded, and those that the stack names since.</summary>
    /// <param name="recorded">The recorded plan; <see langword="null"/> for none.</param>
    /// <exception cref="InstanceKitException">A port would exceed 65535, or two would need the same number.</exception>
    public static PortPlan Known(StackDefinition stack, int instance, PortPlan? recorded)
    {
        if (recorded is not null && stack.Ports.All(p => recorded.Assignments.Any(a => a.Name == p.Name)))
            return recorded;
        IEnumerable<PortAssignment> known = recorded?.Assignments ?? [];
        var published = known.Where(a => a.Owner.Kind == OwnerKind.Service)
            .Select(a => new PublishedPort(a.Owner.Name, a.BasePort, a.BasePort, a.Protocol, Count: a.Count));
        var names = known.Select(a => a.Name).ToHashSet(StringComparer.Ordinal);
        return new PortPlan(instance, [.. known, .. Plan(stack, [.. published], instance, recorded).Assignments.Where(a => !names.Contains(a.Name))]);
    }

    /// <summary>Refuses a stack in which a service publishes the port that an app listens on: not even instance 0 could run both.</summary>
    /// <exception cref="InstanceKitException">There is such a port.</exception>
    public static void RequireOneUser(StackDefinition stack, ComposeModel model)
    {
        foreach (var port in stack.Ports.Where(p => p.Owner.Kind == OwnerKind.App))
        {
            if (model.WithoutScaledToZero().Ports.FirstOrDefault(p => p.Protocol == port.Protocol && p.BasePort <= port.BasePort
                && port.BasePort < p.BasePort + p.Count) is not { } published)
                continue;
            var declared = stack.Pm2Config ?? stack.StackFile ?? "the PM2 config";
            throw InstanceKitException.Usage(
                $"Port {port.BasePort} is used twice: service {published.Service} publishes it ({string.Join(", ", stack.ComposeFiles)}), and app "
                + $"{port.Owner.Name} listens on it ({declared}).",
                "Run only one of them: give the service a profile, or omit its file from compose.files in instancekit.yml, or change the "
                + $"port of the app in {declared}.");
        }
    }

    /// <summary>The highest instance number that keeps every named port of the stack within 65535, if none moves.</summary>
    public static int HighestInstance(StackDefinition stack) => stack.Ports.Count == 0
        ? (HighestPort - LowestPort) / stack.PortStride
        : (HighestPort - stack.Ports.Max(p => p.BasePort)) / stack.PortStride;

    private static int HorizonOf(StackDefinition stack, IReadOnlyList<PortDemand> demands)
    {
        var named = demands.Where(d => d.IsFixed).Select(d => d.BasePort).DefaultIfEmpty(LowestPort).Max();
        var longest = demands.Select(d => d.Count).Where(c => c <= stack.PortStride).DefaultIfEmpty(1).Max();
        return Math.Max(0, Math.Min(Horizon, (HighestPort - Math.Max(named, LowestPort + longest)) / stack.PortStride));
    }

    private static void RequireDistinctBases(IReadOnlyList<PortDemand> demands, IReadOnlyList<PublishedPort> published)
    {
        var sorted = PortDemand.InOrder(demands).ToList();
        for (var i = 0; i < sorted.Count; i++)
        for (var j = i + 1; j < sorted.Count && sorted[j].BasePort < sorted[i].BasePort + sorted[i].Count; j++)
        {
            var (one, other) = (sorted[i], sorted[j]);
            if (one.Protocol != other.Protocol || AreOnDifferentAddresses([one, other], published)
                || (one.Owner == other.Owner && (one.BasePort, one.Count) != (other.BasePort, other.Count)))
                continue;
            throw InstanceKitException.Usage(
                $"Port {other.BasePort} is {(IsApp(one) && IsApp(other) ? "used" : "published")} twice, by {one.Name} ({one.Owner}) and {other.Name} ({other.Owner}).",
                IsApp(one) && IsApp(other)
                    ? "Give each app its own port in the PM2 config."
                    : "Change the published port of one of them in the compose file.");
        }

        static bool IsApp(PortDemand demand) => demand.Owner.Kind == OwnerKind.App;
    }

    /// <summary>Two services may share a number on two loopback addresses; other instances have one address, so they part.</summary>
    private static bool AreOnDifferentAddresses(IReadOnlyList<PortDemand> demands, IReadOnlyList<PublishedPort> published)
    {
        var addresses = demands.Select(d => published.FirstOrDefault(p =>
            p.Service == d.Owner.Name && p.BasePort == d.BasePort && p.Protocol == d.Protocol)?.HostAddress).ToList();
        return !addresses.Contains(null) && addresses.Distinct().Count() == addresses.Count;
    }

    private static void RequireRoom(IReadOnlyList<PortDemand> demands, PlannedPorts plan, int instance)
    {
        if (demands.Count == 0)
            return;
        var top = demands.MaxBy(d => plan.FamilyOf(d).At(instance) + d.Count)!;
        var family = plan.FamilyOf(top);
        var port = family.At(instance) + top.Count - 1;
        if (port <= HighestPort)
            return;
        throw InstanceKitException.Usage(
            $"Instance {instance} is too high: {top.Name} would be port {port}, above {HighestPort}.",
            $"Choose a number from 0 to {(HighestPort - family.Start - top.Count + 1) / family.Stride}.");
    }
}

/// <summary>The ports of one instance while they are planned.</summary>
internal sealed class PlannedPorts(PortPlacement placement, int stride, int instance, PortPlan? recorded)
{
    private const int LowestPort = 1024;

    private readonly Dictionary<PortDemand, (PortFamily Family, string Reason)> _placed = [];
    private readonly HashSet<string> _kept = new(StringComparer.Ordinal);

    /// <summary>The numbers of a port in all instances.</summary>
    public PortFamily FamilyOf(PortDemand demand) => _placed[demand].Family;

    /// <summary>A port with its number.</summary>
    public PortAssignment Assign(PortDemand demand) => demand.Assign(_placed[demand].Family.At(instance), _placed[demand].Reason);

    /// <summary>A port of instance 0: its base, unless an instance that was planned by an earlier version has that number.</summary>
    public PortAssignment AssignBase(PortDemand demand) =>
        placement.HolderOf(demand.Run, demand.BasePort) is { } holder && RecordOf(demand) is { } old && placement.HolderOf(demand.Run, old.Port) is null
            ? demand.Assign(old.Port, $"as recorded; {holder}")
            : demand.Assign(demand.BasePort, demand.IsFixed ? "named by the stack; its base" : "its base");

    /// <summary>Keeps the recorded numbers of a group, except those that instance 0 has.</summary>
    public void KeepRecorded(PortGroup group, IReadOnlyList<PortDemand> demands)
    {
        foreach (var demand in group.Members)
        {
            if (RecordOf(demand) is not { } old || demands.Any(d => d.Run.Meets(demand.Run with { First = old.Port })))
                continue;
            var regular = new PortFamily(demand.BasePort, stride);
            Take(
                demand,
                !demand.IsFixed ? new PortFamily(old.Port - (instance * group.Stride), group.Stride)
                    : old.Port == regular.At(instance) ? regular : regular.With(instance, old.Port),
                old.Reason.Length > 0 ? old.Reason : $"as recorded for instance {instance}");
            _kept.Add(demand.Name);
        }
    }

    /// <summary>Takes base + instance × stride for a port of the specification.</summary>
    /// <exception cref="InstanceKitException">Another port that does not move has one of these numbers.</exception>
    public void Fix(PortDemand demand)
    {
        if (_placed.ContainsKey(demand))
            return;
        var family = new PortFamily(demand.BasePort, stride);
        if (placement.FindConflict(demand.Run, family, from: 0) is { } conflict)
        {
            throw InstanceKitException.Usage(
                $"Named port {demand.Name} ({demand.Owner}) can't be {demand.BasePort} + instance × {stride}: in "
                + $"instance {conflict.Instance} it would be {conflict.Port}, and {conflict}.",
                _kept.Contains(conflict.Name)
                    ? $"Plan its ports again: InitInstance --instance {instance} --repair."
                    : "Change the base of one of them, or the stride of the stack, in instancekit.yml.");
        }

        placement.Reserve(demand.Run, demand.BasePort, 0);
        Take(demand, family, $"named by the stack; {Formula(family)}");
    }

    /// <summary>Gives a port of the specification another number in the instances where it would be one of instance 0.</summary>
    public void Evade(PortDemand demand)
    {
        var (family, reason) = _placed[demand];
        foreach (var met in placement.BasesIn(demand.Run, family))
        {
            var port = placement.NextFree(demand.Run, met.Port + 1, met.Instance);
            family = family.With(met.Instance, port);
            placement.Reserve(demand.Run, port, met.Instance);
            if (met.Instance == instance)
                reason = $"the next free number after {demand.BasePort} + {instance} × {stride}; {met}";
        }

        _placed[demand] = (family, reason);
    }

    /// <summary>Takes the numbers of a group that are free in all instances without a move, or beside what is recorded of it.</summary>
    public void Follow(PortGroup group)
    {
        var anchor = group.Members.Where(d => _placed.ContainsKey(d)).Select(d => (int?)(_placed[d].Family.Start - d.BasePort)).FirstOrDefault();
        var open = Open(group);
        if (open.Members.Count > 0 && (anchor is not null || group.First >= LowestPort) && placement.IsFree(open, anchor ?? 0))
            TakeAll(open, anchor ?? 0, "");
    }

    /// <summary>Takes the first numbers for a group that are free in all instances.</summary>
    public void Place(PortGroup group)
    {
        var open = Open(group);
        if (open.Members.Count == 0)
            return;
        var cause = open.First < LowestPort ? $"; {open.First} is below {LowestPort}"
            : placement.FindConflict(open, 0) is { } conflict ? $"; {conflict}" : $"; {open.First} leaves no room below 65536";
        TakeAll(open, placement.Find(open), cause);
    }

    private PortGroup Open(PortGroup group) => group with { Members = [.. group.Members.Where(d => !_placed.ContainsKey(d))] };

    private PortAssignment? RecordOf(PortDemand demand) =>
        recorded?.Find(demand.Owner, demand.BasePort, demand.Protocol) is { } old && old.Count == demand.Count ? old : null;

    private void TakeAll(PortGroup group, int shift, string cause)
    {
        foreach (var demand in group.Members)
        {
            var family = new PortFamily(demand.BasePort + shift, group.Stride);
            _placed[demand] = (family, Formula(family) + cause);
        }

        foreach (var run in group.Runs)
            placement.Take(run, new PortFamily(run.First + shift, group.Stride));
    }

    private void Take(PortDemand demand, PortFamily family, string reason)
    {
        placement.Take(demand.Run, family);
        _placed[demand] = (family, reason);
    }

    private string Formula(PortFamily family) => $"{family.Start} + {instance} × {family.Stride}";
}
