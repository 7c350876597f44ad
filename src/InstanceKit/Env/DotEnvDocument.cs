using System.Buffers;

namespace InstanceKit.Env;

/// <summary>
/// An env file as text with its assignments: parsed by the rules of npm's <c>dotenv</c>; every change keeps all other
/// characters of the text. Immutable.
/// </summary>
public sealed class DotEnvDocument
{
    private readonly string _text;

    private DotEnvDocument(string text, IReadOnlyList<DotEnvEntry> entries)
    {
        _text = text;
        Entries = entries;
    }

    /// <summary>The assignments in the order of the file, duplicates included.</summary>
    public IReadOnlyList<DotEnvEntry> Entries { get; }

    /// <summary>The decoded value of the key's last assignment, or null when the file has none.</summary>
    /// <param name="key">The name, case-sensitive.</param>
    public string? this[string key] => Entries.LastOrDefault(entry => entry.Key == key)?.Value;

    /// <summary>Parses any text; what is not an assignment is kept and ignored, so there are no errors.</summary>
    /// <param name="text">The whole file, decoded, with or without a byte order mark.</param>
    public static DotEnvDocument Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new DotEnvDocument(text, DotEnvParser.Parse(text));
    }

    /// <summary>The text of the file, character by character as it was read where nothing was changed.</summary>
    public override string ToString() => _text;

    /// <summary>
    /// Changes the value of the key's last assignment, in its quoting style if that can represent the value, else in one that
    /// can; without one, appends a line.
    /// </summary>
    /// <param name="key">The name: ASCII letters, digits, <c>_</c>, <c>.</c> and <c>-</c>.</param>
    /// <param name="value">What <see cref="this[string]"/> is to return; <c>${NAME}</c> in it may be expanded.</param>
    /// <exception cref="InstanceKitException">
    /// Exit code 2: the key is not valid, or no quoting style can represent the value (such as one with all three
    /// kinds of quotes and a <c>#</c>).
    /// </exception>
    public DotEnvDocument With(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        for (var index = Entries.Count - 1; index >= 0; index--)
            if (Entries[index].Key == key) return WithValueAt(index, value);
        return WithInserted(_text.Length, key, value);
    }

    /// <summary>
    /// Writes the pairs between <c># >>> title</c> and <c># &lt;&lt;&lt; title</c>: replaces the content of such a block
    /// or appends a new one. Without pairs, removes every such block.
    /// </summary>
    /// <param name="title">What the block is, on one line, without quotes.</param>
    /// <param name="pairs">Keys and values in the order to write; the rules of <see cref="With"/> apply to each.</param>
    /// <exception cref="InstanceKitException">Exit code 2, as in <see cref="With"/>.</exception>
    public DotEnvDocument WithBlock(string title, IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        if (pairs.Count == 0) return WithoutBlocks(title);
        var emptied = DotEnvBlock.Find(this, title) is { } block
            ? Parse(_text.Remove(block.Body, block.Footer - block.Body))
            : this;
        return emptied.WithAdded(title, pairs);
    }

    /// <summary>What an app that loads this file sees: the last of duplicates, with references expanded.</summary>
    /// <returns>
    /// Values by key; <c>${NAME}</c> is replaced in bare and double-quoted values where the file defines NAME, and
    /// kept where it does not, where it refers to itself, or where the result would exceed 131,072 characters.
    /// </returns>
    public IReadOnlyDictionary<string, string> EffectiveValues() => new DotEnvExpansion(Entries).All();

    /// <summary>Like <see cref="WithBlock"/>, but appends to the content of the block.</summary>
    internal DotEnvDocument WithAdded(string title, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var document = DotEnvBlock.Find(this, title) is null ? WithEmptyBlock(title) : this;
        foreach (var (key, value) in pairs)
            document = document.WithInserted(DotEnvBlock.Find(document, title)!.Value.Footer, key, value);
        return document;
    }

    /// <summary>Gives the assignment at this index of <see cref="Entries"/> another value.</summary>
    internal DotEnvDocument WithValueAt(int index, string value)
    {
        var entry = Entries[index];
        if (entry.Value == value) return this;

        // Other loaders treat a # without a preceding space as part of an unquoted value.
        var gap = entry.End < _text.Length && _text[entry.End] == '#' && value.Length > 0 ? " " : "";
        var wanted = Entries.Select((each, i) => i == index ? each with { Value = value } : each).ToList();
        foreach (var written in DotEnvSpelling.Of(value, _text[entry.Start..entry.End], DotEnvText.Newline(_text)))
            if (Saying(wanted, $"{_text.AsSpan(0, entry.Start)}{written}{gap}{_text.AsSpan(entry.End)}") is { } changed)
                return changed;
        throw Unwritable(entry.Key, $" on line {entry.Line}");
    }

    private DotEnvDocument WithInserted(int position, string key, string value)
    {
        if (key.Length == 0 || !key.All(DotEnvText.IsKeyChar))
            throw InstanceKitException.Usage(
                $"'{key}' is not a valid key of an env file.", "Use ASCII letters, digits, '_', '.' and '-' only.");
        var wanted = Entries.ToList();
        var added = new DotEnvEntry(key, value, 0, DotEnvQuoting.Bare);
        wanted.Insert(Entries.Count(entry => entry.Start <= position), added);
        var newline = DotEnvText.Newline(_text);
        foreach (var written in DotEnvSpelling.Of(value, "", newline))
            if (Inserted(wanted, position, $"{key}={written}{newline}") is { } changed) return changed;
        throw Unwritable(key, "");
    }

    private DotEnvDocument WithEmptyBlock(string title)
    {
        var newline = DotEnvText.Newline(_text);
        var gap = _text.AsSpan().Trim().IsEmpty ? "" : newline;
        return Inserted(Entries, _text.Length, gap + DotEnvBlock.Markers(title, newline))
            ?? throw Unwritable(title, "");
    }

    private DotEnvDocument? Inserted(IReadOnlyList<DotEnvEntry> wanted, int position, string lines)
    {
        var newline = DotEnvText.Newline(_text);
        var lead = position == 0 || DotEnvText.IsLineEnd(_text[position - 1]) ? "" : newline;

        // After an open end such as "KEY:", a new line would be parsed as its value; a comment mark closes it.
        return Saying(wanted, _text.Insert(position, lead + lines))
            ?? Saying(wanted, _text.Insert(position, "#" + newline + lines));
    }

    private DotEnvDocument WithoutBlocks(string title)
    {
        var document = this;
        while (DotEnvBlock.Find(document, title) is { } block)
            document = Parse(document._text.Remove(block.Start, block.End - block.Start));
        return document;
    }

    private static DotEnvDocument? Saying(IReadOnlyList<DotEnvEntry> wanted, string text)
    {
        var document = Parse(text);
        if (document.Entries.Count != wanted.Count) return null;
        for (var i = 0; i < wanted.Count; i++)
            if (!document.Entries[i].Matches(wanted[i])) return null;
        return document;
    }

    private static InstanceKitException Unwritable(string key, string where) => InstanceKitException.Usage(
        $"The new value of {key}{where} can't be represented in the env file.",
        "Close any open quotes in the file, or choose a value without quotes, '#', backslashes and line breaks.");
}

/// <summary>The positions of a marked block in the text of an env file.</summary>
/// <param name="Start">The start of the first marker's line.</param>
/// <param name="Body">The start of the line after the first marker.</param>
/// <param name="Footer">The start of the last marker's line.</param>
/// <param name="End">The start of the line after the last marker.</param>
internal readonly record struct DotEnvBlock(int Start, int Body, int Footer, int End)
{
    /// <summary>The lines of an empty block.</summary>
    public static string Markers(string title, string newline)
    {
        if (title.Length == 0 || title != title.Trim() || title.AsSpan().IndexOfAny("\r\n'\"`") >= 0)
            throw new ArgumentException("A title is one line without quotes and outer spaces.", nameof(title));
        return $"# >>> {title}{newline}# <<< {title}{newline}";
    }

    /// <summary>The first complete block of that title, or null.</summary>
    public static DotEnvBlock? Find(DotEnvDocument document, string title)
    {
        var text = document.ToString();
        int? start = null;
        for (int at = 0, next; at < text.Length; at = next)
        {
            next = DotEnvText.NextLine(text, at);
            var line = text.AsSpan(at, next - at).Trim();
            var opens = line.SequenceEqual($"# >>> {title}");
            if ((!opens && !line.SequenceEqual($"# <<< {title}")) || IsInValue(document, at)) continue;
            if (opens) start = at;
            else if (start is { } from) return new DotEnvBlock(from, DotEnvText.NextLine(text, from), at, next);
        }

        return null;
    }

    private static bool IsInValue(DotEnvDocument document, int position) =>
        document.Entries.Any(entry => entry.Start <= position && position < entry.End);
}

/// <summary>The ways to write one value. Which of them reads back depends on the lines around it.</summary>
internal static class DotEnvSpelling
{
    // Characters without a special meaning in unquoted values, for all loaders and shells.
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:@%+,=-?");

    /// <summary>The ways to write the value, best first; the document uses the first that is parsed back correctly.</summary>
    /// <param name="value">The value to write.</param>
    /// <param name="old">How the entry's value is written now; empty for a new line.</param>
    /// <param name="newline">The line end of the document.</param>
    public static IEnumerable<string> Of(string value, string old, string newline)
    {
        var plain = value.AsSpan().IndexOfAnyExcept(Plain) < 0;
        var kept = DotEnvValue.QuotingOf(old);
        var keeps = old.Length > 0 && (IsClean(value, kept) || !IsClean(DotEnvValue.Decode(old), kept));
        if (keeps) yield return Write(value, kept, newline, spansLines: old.AsSpan().IndexOfAny('\r', '\n') >= 0);
        if (plain) yield return value;

        // Some loaders expand $NAME between double quotes; a new line should be literal.
        DotEnvQuoting[] quotings = value.Contains('$', StringComparison.Ordinal)
            ? [DotEnvQuoting.SingleQuotes, DotEnvQuoting.DoubleQuotes, DotEnvQuoting.Backticks]
            : [DotEnvQuoting.DoubleQuotes, DotEnvQuoting.SingleQuotes, DotEnvQuoting.Backticks];
        foreach (var quoting in quotings)
            if (IsClean(value, quoting)) yield return Write(value, quoting, newline, spansLines: false);
        foreach (var quoting in quotings) yield return Write(value, quoting, newline, spansLines: false);
        yield return value;

        // A value that ends with a backslash would extend to a later quote; a quote in a comment after it prevents that.
        foreach (var quoting in quotings)
        {
            var written = Write(value, quoting, newline, spansLines: false);
            yield return $"{written} #{written[0]}.";
        }
    }

    /// <summary>Whether loaders agree on the spelling: npm's dotenv alone allows a quote inside the same quotes.</summary>
    private static bool IsClean(string value, DotEnvQuoting quoting) => quoting switch
    {
        DotEnvQuoting.Bare => value.Length == 0 || !DotEnvText.IsQuote(value[0]),
        _ => !value.Contains(Mark(quoting), StringComparison.Ordinal),
    };

    private static char Mark(DotEnvQuoting quoting) => quoting switch
    {
        DotEnvQuoting.SingleQuotes => '\'',
        DotEnvQuoting.DoubleQuotes => '"',
        _ => '`',
    };

    private static string Write(string value, DotEnvQuoting quoting, string newline, bool spansLines)
    {
        if (quoting == DotEnvQuoting.Bare) return value;
        if (quoting == DotEnvQuoting.DoubleQuotes)
        {
            value = value.Replace("\r", "\\r", StringComparison.Ordinal);
            if (!spansLines) newline = "\\n";
        }

        var mark = Mark(quoting);
        return $"{mark}{value.Replace("\n", newline, StringComparison.Ordinal)}{mark}";
    }
}

/// <summary>One assignment of an env file, in the order of the file; duplicates are separate entries.</summary>
/// <param name="Key">The name: ASCII letters, digits, <c>_</c>, <c>.</c> and <c>-</c>; never empty.</param>
/// <param name="Value">The value as npm's <c>dotenv</c> decodes it, with nothing expanded; may be empty.</param>
/// <param name="Line">The line of the key, from 1; CR, LF and CRLF each end a line.</param>
/// <param name="Quoting">How the value is written.</param>
public sealed record DotEnvEntry(string Key, string Value, int Line, DotEnvQuoting Quoting)
{
    /// <summary>Where the written value starts in the text, from 0, its opening quote included.</summary>
    public int Start { get; init; }

    /// <summary>The end of the written value, exclusive, including its closing quote.</summary>
    public int End { get; init; }

    /// <summary>Whether an app reads the same from both, wherever and however they are written.</summary>
    internal bool Matches(DotEnvEntry other) => Key == other.Key && Value == other.Value;
}

/// <summary>How the value of an assignment is written in the file.</summary>
public enum DotEnvQuoting
{
    /// <summary>No quotes: up to <c>#</c> or the end of the line, without surrounding white space.</summary>
    Bare = 0,

    /// <summary><c>'…'</c>: taken literally, may span lines.</summary>
    SingleQuotes = 1,

    /// <summary><c>"…"</c>: <c>\n</c> and <c>\r</c> stand for the control characters, may span lines.</summary>
    DoubleQuotes = 2,

    /// <summary><c>`…`</c>: taken literally, may span lines.</summary>
    Backticks = 3,
}

/// <summary>Converts between a written value and its meaning, as decoded by npm's <c>dotenv</c>.</summary>
internal static class DotEnvValue
{
    public static DotEnvQuoting QuotingOf(string raw)
    {
        if (raw.Length < 2 || raw[0] != raw[^1]) return DotEnvQuoting.Bare;
        return raw[0] switch
        {
            '\'' => DotEnvQuoting.SingleQuotes,
            '"' => DotEnvQuoting.DoubleQuotes,
            '`' => DotEnvQuoting.Backticks,
            _ => DotEnvQuoting.Bare,
        };
    }

    /// <summary>The meaning of the written value: line endings become LF; an inner quote keeps its backslash.</summary>
    public static string Decode(string raw)
    {
        var value = QuotingOf(raw) == DotEnvQuoting.Bare ? raw : raw[1..^1];
        value = value.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

        // The escapes depend on the first character alone, also where the quote is never closed.
        if (!raw.StartsWith('"')) return value;
        return value.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\r", "\r", StringComparison.Ordinal);
    }
}
