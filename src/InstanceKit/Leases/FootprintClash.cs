using InstanceKit.Instances;
using InstanceKit.Ports;

namespace InstanceKit.Leases;

/// <summary>Something that two instances would both use.</summary>
/// <param name="Mine">What one uses: <c>port 5533/tcp</c>, <c>network studio</c>, <c>address range 10.1.0.0/16</c>.</param>
/// <param name="Theirs">What the other uses; the same except for address ranges that overlap.</param>
internal sealed record FootprintClash(string Mine, string Theirs)
{
    /// <summary>Everything that two footprints have in common; empty when the two can run side by side.</summary>
    public static IReadOnlyList<FootprintClash> Find(InstanceFootprint mine, InstanceFootprint theirs)
    {
        var (ports, names) = (theirs.Ports.ToHashSet(StringComparer.Ordinal), theirs.Names.ToHashSet(StringComparer.Ordinal));
        var ranges = Parsed(theirs).ToList();
        return
        [
            .. mine.Ports.Where(ports.Contains).Select(p => Same(PortText(p))),
            .. mine.Names.Where(names.Contains).Select(Same),
            .. from range in Parsed(mine)
               from other in ranges
               where range.Overlaps(other)
               select new FootprintClash($"address range {range}", $"address range {other}"),
        ];
    }

    /// <summary>The clash in words, without the instances.</summary>
    public override string ToString() => Mine == Theirs ? Mine : $"{Mine}, which overlaps {Theirs}";

    private static FootprintClash Same(string text) => new(text, text);

    private static string PortText(string port) =>
        port.Split('/') is [var protocol, var number] ? $"port {number}/{protocol}" : $"port {port}";

    private static IEnumerable<AddressRange> Parsed(InstanceFootprint footprint) =>
        footprint.Subnets.Select(AddressRange.TryParse).OfType<AddressRange>();
}
