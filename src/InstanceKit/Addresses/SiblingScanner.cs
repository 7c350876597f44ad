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

    /// <summary>All ports with a local host beside them, in the order of the text.</summary>
    /// <param name="further">Additional names of the local host, in lower case.</param>
    public static IEnumerable<HostAddress> Find(string text, IReadOnlyList<string> further)
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

        return [.. found, .. hosts.Where(h => !paired.Contains(h)).Select(h => Implied(text, h, further)).OfType<HostAddress>()];
    }

    /// <summary>A connection string without a port means its client's default.</summary>
    private static HostAddress? Implied(string text, Match host, IReadOnlyList<string> further)
    {
        var value = host.Groups["value"];
        if (!IsAssigned(host) || !LocalHost.IsLocal(value.Value, further))
            return null;
        var end = value.Index + value.Length;
        var from = Math.Max(0, host.Index - Farthest);
        var rest = text.AsSpan(from, Math.Min(text.Length, end + Farthest) - from);
        (int Port, string Lead)? form =
            end < text.Length && text[end] == ',' ? null
            : OfSqlServer().IsMatch(rest) ? (SchemePorts.SqlServer, ",")
            : OfNpgsql().IsMatch(rest) && host.Groups["name"].Value == "Host" ? (5432, ";Port=")
            : OfLibpq().IsMatch(rest) && host.Groups["name"].Value == "host" ? (5432, " port=")
            : null;
        return form is var (port, lead)
            ? new HostAddress(value.Index, value.Value, end, port) { Lead = lead, Form = MentionForm.ConnectionString }
            : null;
    }

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

    [GeneratedRegex("(?:Username|User ID|Database)=", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OfNpgsql();

    [GeneratedRegex("(?:dbname|user)=", RegexOptions.CultureInvariant)]
    private static partial Regex OfLibpq();
}
