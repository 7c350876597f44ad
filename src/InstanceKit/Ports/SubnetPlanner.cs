using InstanceKit.Models;

namespace InstanceKit.Ports;

/// <summary>Gives every address range that the compose files fix one of the same size in each instance.</summary>
/// <remarks>
/// Instance 0 keeps the base ranges. The ranges of all other instances are placed instance by instance around
/// them, so that no two overlap: after a base range in 10.0.0.0/8 or fc00::/7, and otherwise from the top of
/// 10.0.0.0/8 or fd00::/8 down, because the engine uses 172.16.0.0/12 and 192.168.0.0/16 for every network
/// without a range. Ranges of other stacks placed by the same rule are skipped, and a recorded range stays.
/// </remarks>
internal static class SubnetPlanner
{
    private static readonly AddressRange Ten = AddressRange.TryParse("10.0.0.0/8")!.Value;
    private static readonly AddressRange UniqueLocal = AddressRange.TryParse("fc00::/7")!.Value;
    private static readonly AddressRange SelfAssigned = AddressRange.TryParse("fd00::/8")!.Value;

    /// <summary>Plans the ranges of one instance.</summary>
    /// <param name="networks">The networks of the workspace's model.</param>
    /// <param name="instance">The instance's number, 0 or more.</param>
    /// <param name="recorded">What the instance has: a range of it stays where its base range is the same.</param>
    /// <param name="held">Ranges of other instances on the machine, in CIDR notation; skipped when they overlap.</param>
    /// <exception cref="InstanceKitException">No range of the required size is left for the instance.</exception>
    public static SubnetPlan Plan(
        IReadOnlyList<ComposeNetwork> networks, int instance, SubnetPlan? recorded = null, IReadOnlyList<string>? held = null)
    {
        var plan = PlanAround(networks, instance, recorded, []);
        var others = (held ?? []).Select(AddressRange.TryParse).OfType<AddressRange>().ToList();
        return instance > 0 && plan.Assignments.Select(a => AddressRange.TryParse(a.Range)!.Value).Any(r => others.Any(r.Overlaps))
            ? PlanAround(networks, instance, recorded, others)
            : plan;
    }

    private static SubnetPlan PlanAround(
        IReadOnlyList<ComposeNetwork> networks, int instance, SubnetPlan? recorded, List<AddressRange> held)
    {
        var bases = BasesOf(networks);
        if (instance == 0)
            return new SubnetPlan(0, [.. bases.Select(b => new SubnetAssignment(b.Network, b.Text, b.Text, "instance 0 keeps it"))]);

        var kept = bases.Select(b => recorded?.Assignments.FirstOrDefault(a => a.Network == b.Network && a.BaseRange == b.Text))
            .ToList();
        List<AddressRange> taken = [.. bases.Select(b => b.Range), .. held];
        var latest = bases.Select(b => b.Range).ToArray();
        for (var number = 1; number < instance; number++)
            for (var at = 0; at < latest.Length; at++)
                taken.Add(latest[at] = Place(bases[at], latest[at], taken, number));
        taken.AddRange(kept.Select(k => k is null ? null : AddressRange.TryParse(k.Range)).OfType<AddressRange>());

        var assignments = new List<SubnetAssignment>();
        for (var at = 0; at < latest.Length; at++)
        {
            if (kept[at] is null)
                taken.Add(latest[at] = Place(bases[at], latest[at], taken, instance));
            assignments.Add(kept[at] ?? Assign(bases[at], latest[at]));
        }

        return new SubnetPlan(instance, assignments);
    }

    /// <summary>A network on a wire of the host has the wire's range, which is not ours to choose.</summary>
    public static bool IsOnWire(ComposeNetwork network) => network.DriverOptions.ContainsKey("parent");

    private static List<Base> BasesOf(IReadOnlyList<ComposeNetwork> networks) =>
    [
        .. networks.Where(n => !n.IsExternal && !IsOnWire(n))
            .SelectMany(n => n.Subnets.Select(s => (n.Key, s.Range, Parsed: AddressRange.TryParse(s.Range))))
            .Where(s => s.Parsed is not null)
            .Select(s => new Base(s.Key, s.Range, s.Parsed!.Value))
            .Distinct()
            .OrderBy(b => b.Network, StringComparer.Ordinal).ThenBy(b => b.Range.Bits).ThenBy(b => b.Range.First),
    ];

    private static AddressRange Place(Base wanted, AddressRange latest, List<AddressRange> taken, int instance)
    {
        var (home, reserve) = wanted.Range.Bits == 32 ? (Ten, Ten) : (UniqueLocal, SelfAssigned);
        var isAbove = home.Overlaps(wanted.Range) && latest.First >= wanted.Range.First;
        var found = isAbove ? Above(latest, home, taken) : null;
        var top = isAbove || latest == wanted.Range ? reserve.Last : latest.First - 1;
        return found ?? Below(wanted.Range, reserve, top, taken) ?? throw InstanceKitException.Usage(
            $"Network {wanted.Network} has the fixed range {wanted.Text}, and {reserve} has no free range of this size "
            + $"for instance {instance}.",
            "Give the network a smaller range in the compose file, or remove the range.");
    }

    private static AddressRange? Above(AddressRange latest, AddressRange home, List<AddressRange> taken)
    {
        for (var last = latest.Last; last < home.Last;)
        {
            // Ranges are aligned to their size: the next one starts after the block with the last address.
            var next = latest with { First = (last | latest.Span) + 1 };
            if (next.Last > home.Last)
                return null;
            if (FirstMet(next, taken) is not { } met)
                return next;
            last = met.Last;
        }

        return null;
    }

    private static AddressRange? Below(AddressRange size, AddressRange home, UInt128 last, List<AddressRange> taken)
    {
        if (size.PrefixLength < home.PrefixLength)
            return null;
        while (last >= home.First)
        {
            var next = size with { First = last & ~size.Span };
            if (FirstMet(next, taken) is not { } met)
                return next;
            last = UInt128.Min(next.First, met.First) - 1;
        }

        return null;
    }

    private static AddressRange? FirstMet(AddressRange range, List<AddressRange> taken)
    {
        var at = taken.FindIndex(range.Overlaps);
        return at < 0 ? null : taken[at];
    }

    private static SubnetAssignment Assign(Base wanted, AddressRange range) => new(
        wanted.Network, wanted.Text, range.ToString(),
        Ten.Overlaps(wanted.Range) || UniqueLocal.Overlaps(wanted.Range)
            ? $"the first free range of its size after {wanted.Text}"
            : "the highest free range of its size; the engine assigns ranges near the base range to other networks");

    /// <summary>A range of the compose files, as written and as understood.</summary>
    private sealed record Base(string Network, string Text, AddressRange Range);
}

/// <summary>One fixed address range of one instance.</summary>
/// <param name="Network">The network's key in the compose files.</param>
/// <param name="BaseRange">The range in the compose files, which instance 0 uses: <c>172.28.0.0/16</c>.</param>
/// <param name="Range">The instance's range, of the same size.</param>
/// <param name="Reason">The reason for this range.</param>
public sealed record SubnetAssignment(string Network, string BaseRange, string Range, string Reason = "");

/// <summary>All fixed address ranges of one instance.</summary>
/// <param name="Instance">The instance's number.</param>
/// <param name="Assignments">The ranges, by network in ordinal order.</param>
public sealed record SubnetPlan(int Instance, IReadOnlyList<SubnetAssignment> Assignments)
{
    /// <summary>The plan of a stack that fixes no range.</summary>
    public static SubnetPlan Empty { get; } = new(0, []);

    /// <summary>Whether some range is not the base one.</summary>
    public bool MovesAny => Assignments.Any(a => a.Range != a.BaseRange);

    /// <summary>The instance's address for one of a base range: as far from the range's start.</summary>
    /// <param name="address">Any text.</param>
    /// <param name="network">The key of the network; <see langword="null"/> for any.</param>
    /// <returns>The unchanged text if it is not an address in a range that moves.</returns>
    public string Translate(string address, string? network = null) =>
        AddressRange.TryParseAddress(address) is var (bits, number)
        && Moves(network).Where(m => m.From.Contains(bits, number)).ToList() is [var move, ..]
            ? AddressRange.Print(bits, move.To.First + (number - move.From.First))
            : address;

    /// <summary>The instance's range for a base range or a part of one; wider and other ranges stay.</summary>
    /// <inheritdoc cref="Translate"/>
    public string TranslateRange(string range, string? network = null)
    {
        var slash = range.IndexOf('/', StringComparison.Ordinal);
        return AddressRange.TryParse(range) is { } part
            && Moves(network).Any(m => m.From.Overlaps(part) && m.From.PrefixLength <= part.PrefixLength)
                ? Translate(range[..slash], network) + range[slash..]
                : range;
    }

    /// <summary>The smallest ranges first, so that the most specific one matches.</summary>
    private IEnumerable<(AddressRange From, AddressRange To)> Moves(string? network) =>
        from assignment in Assignments
        where assignment.Range != assignment.BaseRange && (network is null || network == assignment.Network)
        let ends = (From: AddressRange.TryParse(assignment.BaseRange), To: AddressRange.TryParse(assignment.Range))
        where ends.From is not null && ends.To is not null
        orderby ends.From!.Value.PrefixLength descending
        select (ends.From!.Value, ends.To!.Value);
}
