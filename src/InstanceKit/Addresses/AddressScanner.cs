using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using static InstanceKit.Addresses.EscapedText;

namespace InstanceKit.Addresses;

/// <summary>
/// Finds addresses of the local host, <c>host:port</c> or a URL whose scheme implies the port, in any text, without false
/// matches: no part of a longer name or number, no user and password of a remote address. Linear in the text.
/// </summary>
internal sealed partial class AddressScanner
{
    private static readonly SearchValues<string> Starts = SearchValues.Create([.. LocalHost.Initials], StringComparison.OrdinalIgnoreCase);

    private readonly string _text;
    private readonly IReadOnlyList<string> _further;
    private readonly UserInfo _userInfo;

    private AddressScanner(string text, IReadOnlyList<string> further)
    {
        _text = text;
        _further = further;
        _userInfo = new UserInfo(text);
    }

    /// <summary>All local addresses in the order of the text, whatever their ports.</summary>
    /// <param name="further">Additional names of the local host, in lower case.</param>
    public static IEnumerable<HostAddress> Find(string text, IReadOnlyList<string>? further = null)
    {
        var scanner = new AddressScanner(text, further ?? []);
        var starts = further is { Count: > 0 }
            ? SearchValues.Create([.. LocalHost.Initials, .. further.Select(f => f[..1])], StringComparison.OrdinalIgnoreCase)
            : Starts;
        int Next(int from) => text.AsSpan(from).IndexOfAny(starts) is var distance and >= 0 ? from + distance : text.Length;
        for (var at = Next(0); at < text.Length; at = Next(at))
        {
            var address = scanner.AddressAt(at);
            if (address is not null) yield return address;
            at = address?.End ?? at + 1;
        }
    }

    private HostAddress? AddressAt(int start)
    {
        if (LocalHost.End(_text, start, _further) is not { } hostEnd) return null;
        if (IsNameChar(Before(_text, start)) && !DefaultBefore(start))
        {
            // Every name below localhost is this machine too.
            if (LocalHost.StartOfSubdomain(_text, start) is not { } first || IsNameChar(Before(_text, first))) return null;
            start = first;
        }

        // The host may be the default of a variable: ${HOST:-localhost}:5433.
        var host = _text[start..hostEnd];
        if (hostEnd < _text.Length && _text[hostEnd] == '}' && DefaultBefore(start)) hostEnd++;
        var (colon, length) = Read(_text, hostEnd);
        if (colon == ',' && LabelOfSqlServer().IsMatch(_text.AsSpan(Math.Max(0, start - 24), Math.Min(24, start))))
            return PortAt(start, host, hostEnd + 1, encoded: false) is { } listed ? listed with { Form = MentionForm.ConnectionString } : null;
        return colon == ':' ? PortAt(start, host, hostEnd + length, encoded: length > 1) : ImpliedAt(start, host, hostEnd);
    }

    private HostAddress? PortAt(int start, string host, int portStart, bool encoded)
    {
        // The port may be the default of a variable too: ${PORT:-5433}.
        var opened = portStart;
        if (opened < _text.Length && _text[opened] == '$' && VariableDefault().Match(_text, opened, Math.Min(80, _text.Length - opened)) is { Success: true } match
            && match.Index == opened)
            portStart = opened + match.Length;
        var portEnd = portStart;
        while (portEnd < _text.Length && char.IsAsciiDigit(_text[portEnd]) && portEnd - portStart < 6) portEnd++;
        var digits = _text.AsSpan(portStart, portEnd - portStart);
        if (digits.Length is 0 or > 5 || digits[0] == '0') return null;
        if (portStart > opened && (portEnd >= _text.Length || _text[portEnd] != '}')) return null;
        if (!IsEnd(portStart > opened ? portEnd + 1 : portEnd)) return null;
        var port = int.Parse(digits, CultureInfo.InvariantCulture);
        return port > 65535 || _userInfo.Covers(start, portEnd, encoded) ? null : new HostAddress(start, host, portStart, port);
    }

    /// <summary>The address of a URL without a port, such as <c>http://localhost/path</c>.</summary>
    private HostAddress? ImpliedAt(int start, string host, int hostEnd)
    {
        if (!IsEnd(hostEnd) || SchemePorts.Before(_text, start) is not var (port, isEncoded)
            || _userInfo.Covers(start, hostEnd, isEncoded))
        {
            return null;
        }

        // SQL Server's named instances have ports of their own.
        if (port == SchemePorts.SqlServer && Read(_text, hostEnd).Character == '\\') return null;
        return new HostAddress(start, host, hostEnd, port) { Lead = isEncoded ? "%3A" : ":", Form = MentionForm.SchemeDefault };
    }

    private bool DefaultBefore(int start) => start > 3 && _text[start - 1] == '-'
        && _text.LastIndexOf('$', start - 2, Math.Min(start - 1, 64)) is >= 0 and var dollar
        && VariableDefault().Match(_text, dollar, start - dollar) is { Success: true } match && match.Index + match.Length == start;

    /// <summary>Whether the number ends here: a full stop may follow, but not a name, fraction or range.</summary>
    private bool IsEnd(int at)
    {
        var (next, length) = Read(_text, at);
        if (next is '.' or '-') next = Read(_text, at + length).Character;
        return !IsNameChar(next) || next is '.' or '-';
    }

    [GeneratedRegex(@"\$?\$\{\w+:?-")]
    private static partial Regex VariableDefault();

    [GeneratedRegex(@"(?:server|data source|address|addr)\s*=\s*(?:tcp:)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LabelOfSqlServer();
}

/// <summary>Tells whether a seeming address is the user and password of another: <c>http://a:1@b/</c>.</summary>
internal sealed class UserInfo(string text)
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

/// <summary>The ports that URLs mean when they name none, by their schemes.</summary>
internal static class SchemePorts
{
    /// <summary>The default port of SQL Server.</summary>
    public const int SqlServer = 1433;

    /// <summary>The default port of MySQL.</summary>
    public const int MySql = 3306;

    private const int LongestScheme = 24;

    // The longest user, password and hosts before a host that are looked at, which keeps the search linear.
    private const int LongestAuthority = 300;

    private static readonly Dictionary<string, int> Ports = new(StringComparer.OrdinalIgnoreCase)
    {
        ["http"] = 80, ["ws"] = 80, ["https"] = 443, ["wss"] = 443, ["postgres"] = 5432, ["postgresql"] = 5432, ["pgsql"] = 5432,
        ["mysql"] = MySql, ["mysql2"] = MySql, ["mariadb"] = MySql, ["redis"] = 6379, ["rediss"] = 6379, ["valkey"] = 6379,
        ["redis+sentinel"] = 26379, ["amqp"] = 5672, ["amqps"] = 5671, ["mongodb"] = 27017, ["nats"] = 4222, ["kafka"] = 9092,
        ["mssql"] = SqlServer, ["sqlserver"] = SqlServer, ["mqtt"] = 1883, ["bolt"] = 7687, ["neo4j"] = 7687, ["cassandra"] = 9042,
        ["memcached"] = 11211, ["ldap"] = 389, ["etcd"] = 2379,
        ["ldaps"] = 636, ["mqtts"] = 8883, ["smtp"] = 25, ["smtps"] = 465, ["stomp"] = 61613, ["cockroachdb"] = 26257, ["rethinkdb"] = 28015,
        ["couchbase"] = 11210, ["trino"] = 8080,
    };

    /// <summary>Whether a port is one that browsers mean.</summary>
    public static bool IsWeb(int port) => port is 80 or 443;

    /// <summary>The default port of the URL with a host that starts here; or null.</summary>
    public static (int Port, bool IsEncoded)? Before(string text, int at)
    {
        var isEncoded = at >= 3 && text[at - 3] == '%';
        var isListed = false;
        if (!isEncoded && at > 0 && text[at - 1] is '@' or ',')
        {
            isListed = text[at - 1] == ',';
            if (AuthorityStart(text, at) is not { } authority) return null;
            at = authority;
        }
        else if (at > 3 && text.AsSpan(0, at).EndsWith("tcp("))
        {
            // The form of Go's MySQL driver: user:password@tcp(localhost)/db.
            return (MySql, false);
        }

        foreach (var expected in "//:")
        {
            if (EscapedText.Before(text, at) != expected) return null;
            at -= at >= 3 && Read(text, at - 3).Length == 3 ? 3 : 1;
            // JSON may write \/ for a slash.
            if (expected == '/' && at > 0 && text[at - 1] == '\\') at--;
        }

        var end = at;
        while (at > 0 && end - at < LongestScheme && (char.IsAsciiLetterOrDigit(text[at - 1]) || text[at - 1] == '+')) at--;
        return Of(text[at..end]) is { } port && !(isListed && IsWeb(port)) ? (port, isEncoded) : null;
    }

    private static int? Of(string scheme)
    {
        if (Ports.TryGetValue(scheme, out var port)) return port;
        if (scheme.EndsWith("+srv", StringComparison.OrdinalIgnoreCase)) return null;

        // postgresql+asyncpg names a driver, git+http a transport.
        var plus = scheme.IndexOf('+', StringComparison.Ordinal);
        if (plus < 0) return null;
        return Ports.TryGetValue(scheme[..plus], out port) || Ports.TryGetValue(scheme[(scheme.LastIndexOf('+') + 1)..], out port) ? port : null;
    }

    private static int? AuthorityStart(string text, int at)
    {
        for (var i = at - 1; i > 0 && at - i < LongestAuthority; i--)
        {
            if (text[i] == '/') return text[i - 1] == '/' || (text[i - 1] == '\\' && i > 1 && text[i - 2] == '/') ? i + 1 : null;
            if (text[i] is '"' or '\'' or '`' or '<' or '>' or '{' or '}' or '?' or '#' || char.IsWhiteSpace(text[i])) return null;
        }

        return null;
    }
}

/// <summary>An address of the local host that was found inside a text.</summary>
/// <param name="Position">Where its host starts in the text.</param>
/// <param name="Host">The host as it is written, such as <c>localhost</c> or <c>[::1]</c>; empty for a bare port.</param>
/// <param name="PortPosition">Where its port starts in the text, or would start.</param>
/// <param name="Port">The port, 1 to 65535.</param>
internal sealed record HostAddress(int Position, string Host, int PortPosition, int Port)
{
    /// <summary>What has to stand before a port that the text implies; otherwise empty.</summary>
    public string Lead { get; init; } = "";

    /// <summary>How the text names it.</summary>
    public MentionForm Form { get; init; }

    /// <summary>Why the port is not certain; <see langword="null"/> if it is.</summary>
    public string? Doubt { get; init; }

    /// <summary>Where the address ends in the text, exclusive.</summary>
    public int End => Lead.Length > 0 ? PortPosition : PortPosition + Port.ToString(CultureInfo.InvariantCulture).Length;
}
