using System.Text;

namespace InstanceKit.Models;

/// <summary>Reads env files by the rules of Compose, which differ from those of npm's <c>dotenv</c>.</summary>
/// <param name="lookup">A variable from outside of the file; <see langword="null"/> if it is not set.</param>
internal sealed class ComposeEnvText(ComposePlace place, Func<string, string?> lookup)
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private ComposeInterpolation? _interpolation;

    /// <summary>The values by name; of one name, the last counts. A name alone has the value from outside, if any.</summary>
    /// <exception cref="InstanceKitException">A line is invalid, or a quote is not closed.</exception>
    public IReadOnlyDictionary<string, string> Read(string text)
    {
        text = text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal);
        for (var at = 0; at < text.Length;)
        {
            at = SkipSpace(text, at, throughLines: true);
            if (at == text.Length)
                break;
            at = text[at] == '#' ? EndOfLine(text, at) : ReadLine(text, at);
        }

        return _values;
    }

    private int ReadLine(string text, int at)
    {
        var end = EndOfLine(text, at);
        if (text.AsSpan(at, end - at).StartsWith("export ", StringComparison.Ordinal))
            at = SkipSpace(text, at + "export ".Length, throughLines: false);
        var separator = at;
        while (separator < end && IsKey(text[separator]))
            separator++;
        var key = text[at..separator];
        var next = SkipSpace(text, separator, throughLines: false);
        if (key.Length == 0 || (next < end && text[next] is not ('=' or ':' or '#')))
            throw place.Wrong($"has a line that is no assignment: '{text[at..end].Trim()}'");
        if (next >= end || text[next] == '#')
        {
            if (lookup(key) is { } inherited)
                _values[key] = inherited;
            return end;
        }

        var start = SkipSpace(text, next + 1, throughLines: false);
        return start < text.Length && text[start] is '"' or '\'' ? ReadQuoted(text, start, key) : ReadBare(text, start, key);
    }

    private int ReadBare(string text, int start, string key)
    {
        var end = EndOfLine(text, start);
        var value = text[start..end];
        if (value.IndexOf(" #", StringComparison.Ordinal) is >= 0 and var comment)
            value = value[..comment];
        _values[key] = Expand(value.TrimEnd(), key);
        return end;
    }

    private int ReadQuoted(string text, int start, string key)
    {
        var quote = text[start];
        var end = start + 1;
        while (end < text.Length && text[end] != quote)
            end += text[end] == '\\' ? 2 : 1;
        if (end >= text.Length)
            throw place.Wrong($"{key} has an unclosed quote");
        var value = text[(start + 1)..end];
        _values[key] = quote == '\'' ? value.Replace("\\'", "'", StringComparison.Ordinal) : Expand(EnvEscapes.Read(value), key);
        return EndOfLine(text, end);
    }

    private string Expand(string value, string key)
    {
        try
        {
            return (_interpolation ??= new ComposeInterpolation(n => lookup(n) ?? _values.GetValueOrDefault(n))).Substitute(value);
        }
        catch (FormatException e)
        {
            throw place.Wrong($"{key} {e.Message}");
        }
    }

    private static int EndOfLine(string text, int from) => text.IndexOf('\n', from) is >= 0 and var end ? end : text.Length;

    private static int SkipSpace(string text, int from, bool throughLines)
    {
        while (from < text.Length && char.IsWhiteSpace(text[from]) && (throughLines || text[from] != '\n'))
            from++;
        return from;
    }

    private static bool IsKey(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '[' or ']';
}

/// <summary>The escapes of a value in double quotes.</summary>
internal static class EnvEscapes
{
    /// <summary>The value without them; an escaped dollar sign is doubled, so that it does not start a variable.</summary>
    public static string Read(string value)
    {
        var result = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '\\' || i + 1 == value.Length)
            {
                result.Append(value[i]);
                continue;
            }

            result.Append(value[++i] switch
            {
                'n' => "\n",
                'r' => "\r",
                't' => "\t",
                '$' => "$$",
                '"' or '\\' => $"{value[i]}",
                var other => $"\\{other}",
            });
        }

        return result.ToString();
    }
}
