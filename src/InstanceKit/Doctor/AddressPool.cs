using InstanceKit.Ports;

namespace InstanceKit.Doctor;

/// <summary>A range that a Docker engine cuts the ranges of new networks from.</summary>
/// <param name="Range">The range, in CIDR form.</param>
/// <param name="Size">The prefix length of the networks allocated from it.</param>
public sealed record AddressPool(string Range, int Size)
{
    private const int MostBits = 16;

    /// <summary>The default pools of an engine: 31 ranges.</summary>
    public static IReadOnlyList<AddressPool> Default { get; } =
    [
        new("172.17.0.0/16", 16), new("172.18.0.0/16", 16), new("172.19.0.0/16", 16), new("172.20.0.0/14", 16),
        new("172.24.0.0/14", 16), new("172.28.0.0/14", 16), new("192.168.0.0/16", 20),
    ];

    /// <summary>How many ranges can still be cut, and how many there would be in all; IPv6 pools are not counted.</summary>
    /// <param name="used">The ranges of existing networks, in CIDR notation; invalid ones are ignored.</param>
    public static (int Free, int All) Count(IReadOnlyList<AddressPool> pools, IEnumerable<string> used)
    {
        var taken = used.Select(AddressRange.TryParse).OfType<AddressRange>().ToList();
        var all = pools.SelectMany(p => p.Cut()).ToList();
        return (all.Count(r => !taken.Exists(r.Overlaps)), all.Count);
    }

    private IEnumerable<AddressRange> Cut()
    {
        if (AddressRange.TryParse(Range) is not { Bits: 32 } whole || Size < whole.PrefixLength || Size > 32)
            yield break;

        // A pool of millions is counted no further than any machine would use it.
        var count = 1 << Math.Min(MostBits, Size - whole.PrefixLength);
        for (var i = 0; i < count; i++)
            yield return new AddressRange(32, whole.First + ((UInt128)i << (32 - Size)), Size);
    }
}
