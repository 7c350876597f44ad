using System.Globalization;
using System.Text.RegularExpressions;

namespace InstanceKit.Addresses;

/// <summary>
/// Finds a host and a port that stand beside each other under names: JSON, YAML, INI and connection strings. A port
/// without a local host beside it is nobody's.
/// </summary>
internal static partial class SiblingScanner
{
    // The longest distance between the two, in characters and in lines; keeps the search linear.
    private const int Farthest = 400;
    private const int MostLines = 8;
    private const int PostgreSql = 5432;

    /// <summary>All ports with a local host beside them, in the order of the text.</summary>
    /// <param name="further">Additional names of the local host, in lower case.</param>
    /// <param name="isKnown">Whether the stack has a port: decides which client a connection string without a port is for.</param>
    public static IEnumerable<HostAddress> Find(string text, IReadOnlyList<string> further, Func<int, bool> isKnown)
    {
        // Most texts have neither word.
        if (!text.Contains("port", StringComparison.OrdinalIgnoreCase) && !text.Contains('='))
            return [];
        var hosts = Host().Matches(text).ToList();
        if (hosts.Count == 0)
            return [];
        var paired = new HashSet<Match>();
        var found = new List<HostAddress>();
        foreach (Match port in Port().Matches(text))
        {
            var number = port.Groups["value"];
            if (!ushort.TryParse(number.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || Beside(text, port, hosts) is not { } host)
                continue;
            paired.Add(host);
            if (LocalHost.IsLocal(host.Groups["value"].Value, further))
            {
                found.Add(new HostAddress(host.Groups["value"].Index, host.Groups["value"].Value, number.Index, value)
                {
                    Form = IsAssigned(port) && IsAssigned(host) ? MentionForm.ConnectionString : MentionForm.Siblings,
                });
            }
        }

        return [.. found, .. hosts.Where(h => !paired.Contains(h)).Select(h => Implied(text, h, further, isKnown)).OfType<HostAddress>()];
    }

    /// <summary>A connection string without a port means its client's default.</summary>
    private static HostAddress? Implied(string text, Match host, IReadOnlyList<string> further, Func<int, bool> isKnown)
    {
        var value = host.Groups["value"];
        if (!IsAssigned(host) || !LocalHost.IsLocal(value.Value, further))
            return null;
        var end = value.Index + value.Length;
        var name = host.Groups["name"].Value;
        var isLibpq = name == "host";
        if (host.Groups["stem"].Length > 0 || !(isLibpq || IsPairOf(text, host.Index, end)))
            return null;
        // Connection strings are one line; lines of other forms may be anything.
        var beside = LineAround(text, host.Index, end);
        int[] clients = isLibpq && OfLibpq().IsMatch(beside) ? [PostgreSql]
            : isLibpq || !OfAnyDatabase().IsMatch(beside) ? []
            : OfSqlServer().IsMatch(beside) ? [SchemePorts.SqlServer]
            : OfMySql().IsMatch(beside) ? [SchemePorts.MySql]
            : OfNpgsql().IsMatch(beside) ? [PostgreSql]
            : name.EndsWith("ost", StringComparison.Ordinal) ? FirstKnown([PostgreSql, SchemePorts.MySql], isKnown)
            : [.. new[] { SchemePorts.SqlServer, SchemePorts.MySql, PostgreSql }.Where(isKnown)];
        if (clients.Length == 0)
            return null;
        return new HostAddress(value.Index, value.Value, end, clients[0])
        {
            Lead = clients[0] == SchemePorts.SqlServer ? "," : isLibpq ? " port=" : ";Port=",
            Form = MentionForm.ConnectionString,
            Doubt = clients.Length == 1 ? null : "it has no port, and the stack has several databases that it can mean. Add the port",
        };
    }

    /// <summary>Whether a semicolon separates it from another pair, which it does in no other format.</summary>
    private static bool IsPairOf(string text, int start, int end)
    {
        while (start > 0 && text[start - 1] == ' ') start--;
        return (end < text.Length && text[end] == ';') || (start > 0 && text[start - 1] == ';');
    }

    private static ReadOnlySpan<char> LineAround(string text, int start, int end)
    {
        var before = text.AsSpan(Math.Max(0, start - Farthest), Math.Min(start, Farthest));
        var after = text.AsSpan(end, Math.Min(text.Length - end, Farthest));
        var from = start - before.Length + before.LastIndexOf('\n') + 1;
        var to = after.IndexOf('\n') is >= 0 and var line ? end + line : end + after.Length;
        return text.AsSpan(from, to - from);
    }

    private static int[] FirstKnown(int[] ports, Func<int, bool> isKnown) => [.. ports.Where(isKnown).Take(1)];

    /// <summary>The host of the same stem that is nearest before the port in the same scope, else after it.</summary>
    private static Match? Beside(string text, Match port, List<Match> hosts)
    {
        var next = FirstAfter(hosts, port.Index);
        for (var i = next - 1; i >= 0 && port.Index - hosts[i].Index <= Farthest; i--)
        {
            if (IsSibling(hosts[i]))
                return hosts[i];
        }

        for (var i = next; i < hosts.Count && hosts[i].Index - port.Index <= Farthest; i++)
        {
            if (IsSibling(hosts[i]))
                return hosts[i];
        }

        return null;

        bool IsSibling(Match host) => Stem(host).Equals(Stem(port), StringComparison.OrdinalIgnoreCase)
            && IsOneScope(text, Math.Min(host.Index, port.Index), Math.Max(host.Index, port.Index));
    }

    private static int FirstAfter(List<Match> hosts, int position)
    {
        var (low, high) = (0, hosts.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = hosts[middle].Index < position ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static string Stem(Match match) => match.Groups["stem"].Value;

    private static bool IsAssigned(Match match) => match.Groups["sign"].Value.Trim() == "=";

    /// <summary>Whether nothing between two places ends an object, a list item, a section or an indented block.</summary>
    private static bool IsOneScope(string text, int from, int to)
    {
        var depth = 0;
        var lines = 0;
        for (var i = from; i < to; i++)
        {
            if (text[i] is '{' or '[' && !(text[i] == '{' && i > 0 && text[i - 1] == '$')) depth++;
            else if (text[i] is '}' or ']' && --depth < 0) return false;
            else if (text[i] == '\n' && (++lines > MostLines || EndsScope(text, from, i + 1))) return false;
        }

        return depth == 0;
    }

    private static bool EndsScope(string text, int from, int line)
    {
        var start = text.LastIndexOf('\n', Math.Max(0, from - 1), Math.Min(Math.Max(1, from), Farthest)) + 1;
        if (start > from) start = from;
        // The first line may begin a list item, whose dash counts as indentation.
        var indentation = 0;
        while (start + indentation < text.Length && text[start + indentation] is ' ' or '\t' or '-') indentation++;
        var own = 0;
        while (line + own < text.Length && text[line + own] is ' ' or '\t') own++;
        return line + own >= text.Length || text[line + own] is '\n' or '\r' or '[' || text.AsSpan(line + own).StartsWith("- ")
            || (own < indentation && text[line + own] is not ('"' or '}' or ']'));
    }

    [GeneratedRegex(
        """(?<![\w-])["']?(?<name>(?<stem>(?:\w+[_.-])?|[a-z0-9]+?(?=H))(?:host|hostname|host_name|hostaddr|server|address|addr|endpoint|data source|Host|HOST|Server|SERVER|Data Source|Hostname))["']?(?<sign>\s*[:=]\s*)["']?(?:tcp:)?(?<value>[^\s"',;&{}()]+)""",
        RegexOptions.CultureInvariant)]
    private static partial Regex Host();

    [GeneratedRegex(
        """(?<![\w-])["']?(?<stem>(?:\w+[_.-])?|[a-z0-9]+?(?=P))(?:port|Port|PORT)["']?(?<sign>\s*[:=]\s*)["']?(?<value>[1-9]\d{0,4})(?![\w.:-])""",
        RegexOptions.CultureInvariant)]
    private static partial Regex Port();

    [GeneratedRegex("TrustServerCertificate|Initial Catalog|Trusted_Connection|Integrated Security|MultipleActiveResultSets", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OfSqlServer();

    [GeneratedRegex("(?:Database|Catalog|User(?:name)?|User ?Id|Uid|Password|Pwd|Trusted_Connection|Integrated Security)=", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OfAnyDatabase();

    [GeneratedRegex("AllowPublicKeyRetrieval|AllowUserVariables|Allow User Variables|Convert ?Zero ?Date ?Time|CharSet=|TreatTinyAsBoolean|GuidFormat|UseAffectedRows", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OfMySql();

    [GeneratedRegex("Search ?Path=|Include ?Error ?Detail|SSL Mode=|Npgsql", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OfNpgsql();

    [GeneratedRegex("(?:dbname|user)=", RegexOptions.CultureInvariant)]
    private static partial Regex OfLibpq();
}
