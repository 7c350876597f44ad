using System.Buffers;

namespace InstanceKit.Addresses;

/// <summary>A comment or a string of a source file.</summary>
/// <param name="Start">Where it starts, with its quote.</param>
/// <param name="End">Where it ends, exclusive, after its quote.</param>
/// <param name="Quote">The quote of a string; NUL for a comment.</param>
/// <param name="IsClosed">Whether it ends with its quote; otherwise it ends with the line, or an expression follows.</param>
internal readonly record struct SourceToken(int Start, int End, char Quote, bool IsClosed)
{
    /// <summary>Whether it is a comment.</summary>
    public bool IsComment => Quote == '\0';
}

/// <summary>The comments and strings of a source file in any usual language. Linear, and never fails: what it can't tell is code.</summary>
internal sealed class SourceText
{
    private const int Farthest = 600;

    private static readonly SearchValues<char> Marks = SearchValues.Create("\"'`/#<{}");

    private static readonly HashSet<string> Hashed = new(
        [".py", ".rb", ".sh", ".bash", ".zsh", ".ex", ".exs", ".pl", ".php", ".yml", ".yaml", ".toml", ".properties", ".ini", ".conf", ".cfg", ".vars", ".dev", ""],
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Marked = new([".vue", ".svelte", ".astro", ".html", ".xml"], StringComparer.OrdinalIgnoreCase);
    private static readonly HashSet<string> Templates = new([".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte", ".astro", ".go"], StringComparer.OrdinalIgnoreCase);

    private readonly List<SourceToken> _tokens = [];
    private readonly bool _hasHash;
    private readonly bool _hasSlash;
    private readonly bool _hasTemplates;

    /// <summary>Reads a file.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="extension">The extension of its name, with the dot.</param>
    public SourceText(string text, string extension)
    {
        (Text, Extension) = (text, extension.ToLowerInvariant());
        _hasHash = Hashed.Contains(extension);
        _hasSlash = !_hasHash || Extension == ".php";
        _hasTemplates = Templates.Contains(extension);
        Read();
    }

    /// <summary>The whole text.</summary>
    public string Text { get; }

    /// <summary>The extension of its name, in lower case, with the dot.</summary>
    public string Extension { get; }

    /// <summary>Whether values may stand without quotes.</summary>
    public bool HasWords => _hasHash;

    /// <summary>A value without its quotes.</summary>
    public string Inner(int start, int end)
    {
        var isOpened = Text[start] is '"' or '\'' or '`';
        var quote = isOpened ? Text[start] : '`';
        var isClosed = end - start > (isOpened ? 1 : 0) && Text[end - 1] == quote;
        return Text[(start + (isOpened ? 1 : 0))..(end - (isClosed ? 1 : 0))];
    }

    /// <summary>The comment or string that a position lies in; <see langword="null"/> for code.</summary>
    public SourceToken? TokenAt(int position)
    {
        var (low, high) = (0, _tokens.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _tokens[middle].End <= position ? (middle + 1, high) : (low, middle);
        }

        return low < _tokens.Count && _tokens[low].Start <= position ? _tokens[low] : null;
    }

    /// <summary>The line of a position, from 1.</summary>
    public int LineOf(int position) => Text.AsSpan(0, position).Count('\n') + 1;

    /// <summary>The part of an expression or list that ends at a position, within its brackets.</summary>
    /// <param name="overCommas">Whether to go on to the opening bracket.</param>
    /// <returns>Where it starts, and the character before it; NUL where nothing ends it nearby.</returns>
    public (int Start, char Stop) SegmentBefore(int end, bool overCommas = false)
    {
        var depth = 0;
        for (var i = end - 1; i >= 0 && end - i < Farthest; i--)
        {
            if (TokenAt(i) is { } token)
            {
                i = token.Start;
                continue;
            }

            switch (Text[i])
            {
                case ')' or ']' or '}':
                    depth++;
                    break;
                case '(' or '[' or '{' when depth-- == 0:
                    return (i + 1, Text[i]);
                case ',' when depth == 0 && !overCommas:
                case ';' when depth == 0:
                case '\n' when depth == 0 && !Continues(i):
                    return (i + 1, Text[i]);
            }
        }

        return (Math.Max(0, end - Farthest), '\0');
    }

    /// <summary>Whether an expression goes on in the next line.</summary>
    private bool Continues(int lineEnd)
    {
        var before = Text.AsSpan(0, lineEnd).TrimEnd();
        var after = Text.AsSpan(lineEnd).TrimStart();
        return before.Length == 0 || after.Length == 0 || before[^1] is ',' or '(' or '[' or '{' or '=' or '?' or ':' or '|' or '&' or '+' or '\\' or '.'
            || after[0] is ')' or ']' or '}' or '?' or ':' or '|' or '.' or '+' || before.EndsWith(" or") || after.StartsWith("or ");
    }

    private void Read()
    {
        // For each open ${ of a template, the depth of braces inside of it.
        var inside = new Stack<int>();
        for (var at = 0; at < Text.Length;)
        {
            var distance = Text.AsSpan(at).IndexOfAny(Marks);
            if (distance < 0)
                return;
            at += distance;
            var c = Text[at];
            if (c == '}' && inside.TryPop(out var depth))
            {
                if (depth == 0)
                    at = ReadTemplate(at + 1, at + 1, inside);
                else
                    inside.Push(depth - 1);
                at += depth == 0 ? 0 : 1;
            }
            else if (c == '{' && inside.TryPop(out var open))
            {
                inside.Push(open + 1);
                at++;
            }
            else
            {
                at = c == '`' && _hasTemplates ? ReadTemplate(at, at + 1, inside)
                    : c is '"' or '\'' ? ReadString(at)
                    : CommentEnd(at) is { } end ? Add(at, end, '\0', isClosed: true)
                    : c == '/' && _hasTemplates && RegexEnd(at) is { } regex ? regex
                    : at + 1;
            }
        }
    }

    private int Add(int start, int end, char quote, bool isClosed)
    {
        if (end > start)
            _tokens.Add(new SourceToken(start, end, quote, isClosed));
        return Math.Max(end, start + 1);
    }

    /// <summary>The text of a template up to its end or its next expression.</summary>
    private int ReadTemplate(int start, int from, Stack<int> inside)
    {
        for (var at = from; at < Text.Length; at++)
        {
            if (Text[at] == '\\' && Extension != ".go")
                at++;
            else if (Text[at] == '`')
                return Add(start, at + 1, '`', isClosed: true);
            else if (Text[at] == '$' && at + 1 < Text.Length && Text[at + 1] == '{')
            {
                inside.Push(0);
                if (at > start)
                    Add(start, at, '`', isClosed: false);
                return at + 2;
            }
        }

        return Add(start, Text.Length, '`', isClosed: false);
    }

    private int ReadString(int start)
    {
        var quote = Text[start];
        if (quote == '\'' && Extension == ".rs")
            return start + 1; // a lifetime
        if (Text.AsSpan(start).StartsWith(quote == '"' ? "\"\"\"" : "'''") && !_hasTemplates)
        {
            var close = Text.IndexOf(new string(quote, 3), start + 3, StringComparison.Ordinal);
            var end = close < 0 ? Text.Length : close + 3;
            // Python's documentation is a text that stands alone.
            var isAlone = Extension == ".py" && Text.AsSpan(0, start).TrimEnd(" \trRuUbBfF") is var before && (before.Length == 0 || before[^1] == '\n');
            return Add(start, end, isAlone ? '\0' : quote, close >= 0);
        }

        for (var at = start + 1; at < Text.Length; at++)
        {
            if (Text[at] == '\\')
                at++;
            else if (Text[at] == quote)
                return Add(start, at + 1, quote, isClosed: true);
            if (at < Text.Length && Text[at] == '\n')
                return Add(start, at, quote, isClosed: false);
        }

        return Add(start, Text.Length, quote, isClosed: false);
    }

    private int? CommentEnd(int at)
    {
        var rest = Text.AsSpan(at);
        var before = at == 0 ? '\n' : Text[at - 1];
        if ((_hasSlash && rest.StartsWith("//") && before != ':') || (_hasHash && rest[0] == '#' && char.IsWhiteSpace(before)))
            return rest.IndexOf('\n') is >= 0 and var line ? at + line : Text.Length;
        var close = _hasSlash && rest.StartsWith("/*") ? "*/" : Marked.Contains(Extension) && rest.StartsWith("<!--") ? "-->" : null;
        return close is null ? null
            : rest[2..].IndexOf(close, StringComparison.Ordinal) is >= 0 and var length ? at + 2 + length + close.Length : Text.Length;
    }

    /// <summary>The end of a regular expression, whose quotes are not those of strings; <see langword="null"/> for a division.</summary>
    private int? RegexEnd(int start)
    {
        var before = Text.AsSpan(0, start).TrimEnd();
        if (before.Length > 0 && before[^1] is not ('(' or ',' or '=' or ':' or '[' or '!' or '&' or '|' or '?' or '{' or '}' or ';') && !before.EndsWith("return"))
            return null;
        var isClass = false;
        for (var at = start + 1; at < Text.Length && Text[at] != '\n'; at++)
        {
            if (Text[at] == '\\')
                at++;
            else if (Text[at] is '[' or ']')
                isClass = Text[at] == '[';
            else if (Text[at] == '/' && !isClass)
                return at + 1;
        }

        return null;
    }
}
