using System.Globalization;
using System.Net;

namespace InstanceKit.Ports;

/// <summary>A range of network addresses, IPv4 or IPv6.</summary>
/// <param name="Bits">The length of its addresses: 32 for IPv4, 128 for IPv6.</param>
/// <param name="First">Its first address, as a number.</param>
/// <param name="PrefixLength">How many leading bits all its addresses share: 1 to 32 or 128.</param>
internal readonly record struct AddressRange(int Bits, UInt128 First, int PrefixLength)
{
    /// <summary>Its last address, as a number.</summary>
    public UInt128 Last => First + Span;

    /// <summary>One less than the number of its addresses.</summary>
    public UInt128 Span => (UInt128.One << (Bits - PrefixLength)) - 1;

    /// <summary>Parses CIDR notation, <c>172.28.0.0/16</c>; host bits are cleared, as in the engine.</summary>
    /// <returns><see langword="null"/> when the text is not a range, or covers all addresses.</returns>
    public static AddressRange? TryParse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || TryParseAddress(text[..slash]) is not var (bits, address)
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var prefix)
            || prefix < 1 || prefix > bits)
        {
            return null;
        }

        var span = (UInt128.One << (bits - prefix)) - 1;
        return new AddressRange(bits, address & ~span, prefix);
    }

    /// <summary>Reads an address in its usual form: four numbers, or IPv6.</summary>
    /// <returns><see langword="null"/> when the text is not an address.</returns>
    public static (int Bits, UInt128 Address)? TryParseAddress(string text)
    {
        // IPAddress also accepts 127.1 and a zone after %.
        if (!IPAddress.TryParse(text, out var address) || text.Contains('%')
            || (!text.Contains(':') && text.Count(c => c == '.') != 3))
        {
            return null;
        }

        var number = UInt128.Zero;
        var bytes = address.GetAddressBytes();
        foreach (var part in bytes)
            number = (number << 8) | part;
        return (bytes.Length * 8, number);
    }

    /// <summary>An address in its usual form.</summary>
    public static string Print(int bits, UInt128 address)
    {
        var bytes = new byte[bits / 8];
        for (var at = bytes.Length - 1; at >= 0; at--, address >>= 8)
            bytes[at] = (byte)(address & 0xff);
        return new IPAddress(bytes).ToString();
    }

    /// <summary>Whether the two have an address in common.</summary>
    public bool Overlaps(AddressRange other) =>
        Bits == other.Bits && First <= other.Last && other.First <= Last;

    /// <summary>Whether an address is one of its.</summary>
    public bool Contains(int bits, UInt128 address) =>
        Bits == bits && First <= address && address <= Last;

    /// <summary>The range in CIDR form.</summary>
    public override string ToString() => $"{Print(Bits, First)}/{PrefixLength}";
}
