namespace InstanceKit.Ports;

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
