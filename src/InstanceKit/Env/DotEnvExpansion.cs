using System.Text;
using System.Text.RegularExpressions;

namespace InstanceKit.Env;

/// <summary>Expands <c>${NAME}</c> between the values of one env file.</summary>
internal sealed partial class DotEnvExpansion
{
    // The longest value for a process (Linux: MAX_ARG_STRLEN); also stops doubling references.
    private const int MaxLength = 131_072;
    private const int MaxDepth = 64;

    private readonly Dictionary<string, DotEnvEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _done = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    public DotEnvExpansion(IEnumerable<DotEnvEntry> entries)
    {
        foreach (var entry in entries) _entries[entry.Key] = entry;
    }

    public IReadOnlyDictionary<string, string> All()
    {
        foreach (var key in _entries.Keys) Value(key);
        return _done;
    }

    /// <summary>The expanded value; null when the name is unknown, being expanded already, or too deep.</summary>
    private string? Value(string name)
    {
        if (_done.TryGetValue(name, out var known)) return known;
        if (!_entries.TryGetValue(name, out var entry)) return null;
        if (entry.Quoting is DotEnvQuoting.SingleQuotes or DotEnvQuoting.Backticks) return _done[name] = entry.Value;
        if (_open.Count >= MaxDepth || !_open.Add(name)) return null;
        _done[name] = Expand(entry.Value);
        _open.Remove(name);
        return _done[name];
    }

    private string Expand(string value)
    {
        var result = new StringBuilder();
        var copied = 0;
        foreach (var reference in Reference().EnumerateMatches(value))
        {
            result.Append(value, copied, reference.Index - copied);
            var written = value.AsSpan(reference.Index, reference.Length);
            copied = reference.Index + reference.Length;
            var replacement = written[0] == '\\' ? null : Value(written[2..^1].ToString());
            var rest = value.Length - copied;
            if (replacement is null || result.Length + replacement.Length + rest > MaxLength) result.Append(written);
            else result.Append(replacement);
        }

        return result.Append(value, copied, value.Length - copied).ToString();
    }

    [GeneratedRegex(@"\\?\$\{[A-Za-z0-9_.-]+\}", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}

/// <summary>The characters that matter in an env file, as JavaScript's regular expressions see them.</summary>
internal static class DotEnvText
{
    /// <summary>White space of JavaScript's <c>\s</c>: .NET's, plus the byte order mark, less NEL.</summary>
    public static bool IsSpace(char c) => c == '\uFEFF' || (c != '\u0085' && char.IsWhiteSpace(c));

    public static bool IsKeyChar(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-';

    public static bool IsQuote(char c) => c is '\'' or '"' or '`';

    public static bool IsLineEnd(char c) => c is '\r' or '\n';

    /// <summary>The first position at or after <paramref name="from"/> that is not white space.</summary>
    public static int SkipSpace(string text, int from)
    {
        while (from < text.Length && IsSpace(text[from])) from++;
        return from;
    }

    /// <summary>The position after the line of <paramref name="from"/>.</summary>
    public static int NextLine(string text, int from)
    {
        var end = text.AsSpan(from).IndexOfAny('\r', '\n');
        if (end < 0) return text.Length;
        end += from;
        return text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? end + 2 : end + 1;
    }

    /// <summary>The most frequent line ending of the text; LF for a single line.</summary>
    public static string Newline(string text)
    {
        int lf = 0, crlf = 0, cr = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n') lf++;
            else if (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n') { crlf++; i++; }
            else if (text[i] == '\r') cr++;
        }

        if (lf >= crlf && lf >= cr) return "\n";
        return crlf >= cr ? "\r\n" : "\r";
    }
}
