using static InstanceKit.Env.DotEnvText;

namespace InstanceKit.Env;

/// <summary>
/// Finds the assignments of an env file by the rules of npm's <c>dotenv</c> (16 and 17), in linear time.
/// </summary>
/// <remarks>
/// The rules, some of them surprising: a value may start on a later line when it is quoted; <c>KEY: value</c> counts;
/// a quote after a backslash closes the value only when no later one can; a quoted value followed by anything but a
/// comment is parsed as an unquoted one. Unlike there, U+2028 and U+2029 do not end a line here.
/// </remarks>
internal sealed class DotEnvParser
{
    private readonly string _text;
    private readonly List<DotEnvEntry> _entries = [];
    private int _line = 1;
    private int _counted;

    private DotEnvParser(string text) => _text = text;

    public static IReadOnlyList<DotEnvEntry> Parse(string text)
    {
        var parser = new DotEnvParser(text);
        for (var at = SkipSpace(text, 0); at < text.Length; at = SkipSpace(text, at))
            at = parser.Assignment(at) ?? NextLine(text, at);
        return parser._entries;
    }

    /// <summary>Parses the assignment that starts here; returns where to continue, or null when there is none.</summary>
    private int? Assignment(int start)
    {
        var keyStart = start;
        if (string.CompareOrdinal(_text, start, "export", 0, 6) == 0)
        {
            var next = SkipSpace(_text, start + 6);
            if (next > start + 6 && next < _text.Length && IsKeyChar(_text[next])) keyStart = next;
        }

        var keyEnd = keyStart;
        while (keyEnd < _text.Length && IsKeyChar(_text[keyEnd])) keyEnd++;
        if (keyEnd == keyStart || AfterSeparator(keyEnd) is not { } from) return null;

        var (valueStart, valueEnd, resume) = Value(from);
        var raw = _text[valueStart..valueEnd];
        _entries.Add(new DotEnvEntry(
            _text[keyStart..keyEnd], DotEnvValue.Decode(raw), LineOf(keyStart), DotEnvValue.QuotingOf(raw))
        { Start = valueStart, End = valueEnd });

        // A comment after the value belongs to it, even on a later line.
        var tail = SkipSpace(_text, resume);
        return tail < _text.Length && _text[tail] == '#' ? NextLine(_text, tail) : tail;
    }

    private int? AfterSeparator(int keyEnd)
    {
        var equals = SkipSpace(_text, keyEnd);
        if (equals < _text.Length && _text[equals] == '=') return equals + 1;
        if (keyEnd + 1 >= _text.Length || _text[keyEnd] != ':' || !IsSpace(_text[keyEnd + 1])) return null;
        return _text[keyEnd + 1] == '\r' ? NextLine(_text, keyEnd + 1) : keyEnd + 2;
    }

    private (int Start, int End, int Resume) Value(int from)
    {
        var open = SkipSpace(_text, from);
        if (open < _text.Length && IsQuote(_text[open]) && ClosingQuote(open) is { } close)
            return (open, close + 1, close + 1);

        var length = _text.AsSpan(from).IndexOfAny('#', '\r', '\n');
        var stop = length < 0 ? _text.Length : from + length;
        var start = Math.Min(open, stop);
        var end = stop;
        while (end > start && IsSpace(_text[end - 1])) end--;
        return start == stop ? (from, from, stop) : (start, end, stop);
    }

    /// <summary>The last quote that can close the value, up to the first one without a backslash before it.</summary>
    private int? ClosingQuote(int open)
    {
        int? found = null;
        for (var i = _text.IndexOf(_text[open], open + 1); i >= 0; i = _text.IndexOf(_text[open], i + 1))
        {
            if (EndsValue(i + 1)) found = i;
            if (_text[i - 1] != '\\') break;
        }

        return found;
    }

    private bool EndsValue(int at)
    {
        for (; at < _text.Length && IsSpace(_text[at]); at++)
            if (IsLineEnd(_text[at])) return true;
        return at == _text.Length || _text[at] == '#';
    }

    private int LineOf(int position)
    {
        while (NextLine(_text, _counted) is var next && next <= position && next > _counted)
        {
            _line++;
            _counted = next;
        }

        return _line;
    }
}
