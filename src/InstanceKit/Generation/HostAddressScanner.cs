using System.Buffers;
using static InstanceKit.Generation.HostAddressText;

namespace InstanceKit.Generation;

/// <summary>
/// Finds addresses of the local host, <c>host:port</c>, in any text, without false matches: no part
/// of a longer name or number, no user and password of a remote address. Linear in the text.
/// </summary>
internal sealed class HostAddressScanner
{
    private static readonly SearchValues<char> Starts = SearchValues.Create("lLhH01[%");

    private readonly string _text;
    private readonly IReadOnlyList<string> _further;
    private readonly HostAddressUserInfo _userInfo;

    private HostAddressScanner(string text, IReadOnlyList<string> further)
    {
        _text = text;
        _further = further;
        _userInfo = new HostAddressUserInfo(text);
    }

    /// <summary>All local addresses in the order of the text, whatever their ports.</summary>
    /// <param name="further">Additional names of the local host, in lower case.</param>
    public static IEnumerable<HostAddress> Find(string text, IReadOnlyList<string>? further = null)
    {
        var scanner = new HostAddressScanner(text, further ?? []);
        var starts = further is { Count: > 0 }
            ? SearchValues.Create(["l", "h", "0", "1", "[", "%", .. further.Select(f => f[..1])], StringComparison.OrdinalIgnoreCase)
            : null;
        int Next(int from) => text.AsSpan(from) is var rest && (starts is null ? rest.IndexOfAny(Starts) : rest.IndexOfAny(starts))
            is var distance and >= 0 ? from + distance : text.Length;
        for (var at = Next(0); at < text.Length; at = Next(at))
        {
            var address = scanner.AddressAt(at);
            if (address is not null) yield return address;
            at = address?.End ?? at + 1;
        }
    }

    private HostAddress? AddressAt(int start)
    {
        if (IsNameChar(Before(_text, start)) || HostAddressHost.End(_text, start, _further) is not { } hostEnd) return null;
        var (colon, length) = Read(_text, hostEnd);
        if (colon != ':') return ImpliedAt(start, hostEnd);
        var portStart = hostEnd + length;
        var portEnd = portStart;
        while (portEnd < _text.Length && char.IsAsciiDigit(_text[portEnd]) && portEnd - portStart < 6) portEnd++;
        var digits = _text.AsSpan(portStart, portEnd - portStart);
        if (digits.Length is 0 or > 5 || digits[0] == '0' || !IsEnd(portEnd)) return null;
        var port = int.Parse(digits);
        if (port > 65535 || _userInfo.Covers(start, portEnd, encoded: length > 1)) return null;
        return new HostAddress(start, _text[start..hostEnd], portStart, port);
    }

    /// <summary>The address of a URL without a port, such as <c>http://localhost/path</c>.</summary>
    private HostAddress? ImpliedAt(int start, int hostEnd)
    {
        if (!IsEnd(hostEnd) || HostAddressText.SchemeBefore(_text, start) is not var (port, isEncoded)
            || _userInfo.Covers(start, hostEnd, isEncoded))
        {
            return null;
        }

        return new HostAddress(start, _text[start..hostEnd], hostEnd, port) { ImpliedColon = isEncoded ? "%3A" : ":" };
    }

    /// <summary>Whether the number ends here: a full stop may follow, but not a name, fraction or range.</summary>
    private bool IsEnd(int at)
    {
        var (next, length) = Read(_text, at);
        if (next is '.' or '-') next = Read(_text, at + length).Character;
        return !IsNameChar(next) || next is '.' or '-';
    }
}

/// <summary>Tells whether a seeming address is the user and password of another: <c>http://a:1@b/</c>.</summary>
internal sealed class HostAddressUserInfo(string text)
{
    // RFC 3986 and WHATWG: the end of a URL's authority, plus characters that no URL may contain.
    private const string AuthorityEnds = "/?#\\\"'`<>[]{}|^";

    // Outside a URL, or after its user and password, lists are likelier than a password with these characters.
    private const string ListEnds = AuthorityEnds + ",;&()=";

    // Caches the last lookahead of each kind; a later start before its end has the same result, which keeps this linear.
    private readonly (int From, int To, bool Found)[] _seen = new (int, int, bool)[4];

    /// <summary>Whether an <c>@</c> follows in the same authority.</summary>
    /// <param name="start">The start of the potential host.</param>
    /// <param name="from">The end of the potential port.</param>
    /// <param name="encoded">Whether the whole address is percent-encoded, and so what ends it.</param>
    public bool Covers(int start, int from, bool encoded)
    {
        var opensUrl = Before(text, start) == '/';
        ref var seen = ref _seen[(encoded ? 2 : 0) + (opensUrl ? 1 : 0)];
        if (from < seen.From || from > seen.To) seen = LookAhead(from, encoded, opensUrl ? AuthorityEnds : ListEnds);
        return seen.Found;
    }

    private (int From, int To, bool Found) LookAhead(int from, bool encoded, string ends)
    {
        for (var at = from; at < text.Length;)
        {
            var (c, length) = encoded ? Read(text, at) : (text[at], 1);
            if (c == '@') return (from, at, true);
            if (ends.Contains(c, StringComparison.Ordinal) || char.IsWhiteSpace(c)) return (from, at, false);
            at += length;
        }

        return (from, text.Length, false);
    }
}

/// <summary>An address of the local host that was found inside a text.</summary>
/// <param name="Position">Where its host starts in the text.</param>
/// <param name="Host">The host as it is written, such as <c>localhost</c> or <c>[::1]</c>.</param>
/// <param name="PortPosition">Where its port starts in the text, or would start after a colon.</param>
/// <param name="Port">The port, 1 to 65535.</param>
public sealed record HostAddress(int Position, string Host, int PortPosition, int Port)
{
    /// <summary>What has to stand before a port, where the address has none and means its scheme's; otherwise empty.</summary>
    public string ImpliedColon { get; init; } = "";

    /// <summary>Where the address ends in the text, exclusive.</summary>
    internal int End => ImpliedColon.Length > 0 ? PortPosition : PortPosition + Port.ToString().Length;
}
