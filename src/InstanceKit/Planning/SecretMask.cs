using System.Text.RegularExpressions;

namespace InstanceKit.Planning;

/// <summary>Takes out of the lines of an env or YAML file what looks like a secret, so that they can be shown.</summary>
public static partial class SecretMask
{
    private const string Mask = "***";

    /// <summary>The lines, as many as before, each without its secrets.</summary>
    public static IReadOnlyList<string> Apply(IReadOnlyList<string> lines)
    {
        var result = new List<string>(lines.Count);
        Rest? rest = null;
        foreach (var line in lines)
        {
            if (rest is not null && rest.Holds(line))
            {
                result.Add(Mask);
                rest = rest.EndsWith(line) ? null : rest;
                continue;
            }

            rest = RestAfter(line);
            result.Add(MaskLine(line));
        }

        return result;
    }

    private static string MaskLine(string line)
    {
        var masked = UrlPassword().Replace(line, Mask);
        masked = Option().Replace(masked, m => m.Groups["name"].Value + Mask);
        return Assignment().Replace(masked, m => m.Groups["value"].Value is "" ? m.Value : m.Groups["name"].Value + Mask);
    }

    /// <summary>What of the next lines belongs to a secret that this one begins: a quoted value, a block, a key in PEM form.</summary>
    private static Rest? RestAfter(string line)
    {
        if (line.Contains("-----BEGIN ", StringComparison.Ordinal) && !line.Contains("-----END ", StringComparison.Ordinal))
            return new Rest("-----END ", 0);
        if (Assignment().Match(line) is not { Success: true } match)
            return null;
        var value = match.Groups["value"].Value;
        if (value.Length > 0 && value[0] is '"' or '\'' or '`')
            return value.IndexOf(value[0], 1) < 0 ? new Rest(value[0].ToString(), 0) : null;
        return value is "" || value[0] is '|' or '>' ? new Rest(null, IndentOf(line)) : null;
    }

    private static int IndentOf(string line) => line.Length - line.TrimStart().Length;

    /// <summary>The lines up to one that holds a text, or those that stand further in than the first.</summary>
    private sealed record Rest(string? End, int Indent)
    {
        public bool Holds(string line) => End is not null || line.Trim().Length == 0 || IndentOf(line) > Indent;

        public bool EndsWith(string line) => End is not null && line.Contains(End, StringComparison.Ordinal);
    }

    private const string Secret = "key|secret|token|passw|passphrase|pwd|credential|auth|private|salt|cookie|signature|requirepass";

    [GeneratedRegex(@"(?<=://[^\s/:@""']*:)[^\s""']+(?=@)")]
    private static partial Regex UrlPassword();

    [GeneratedRegex($@"(?<name>[\w.-]*(?:{Secret}|pass)[\w.-]*[""']?\s*[:=]\s*)(?<value>.*)", RegexOptions.IgnoreCase)]
    private static partial Regex Assignment();

    [GeneratedRegex($@"(?<name>(?:^|\s|[""'])--?[\w-]*(?:{Secret}|pass)[\w-]*[""']?,?\s+)(?<value>\S+)", RegexOptions.IgnoreCase)]
    private static partial Regex Option();
}
