namespace InstanceKit.Generation;

/// <summary>
/// An env file as text plus what it says: reading is by the rules of npm's <c>dotenv</c>, every change keeps all other
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

    /// <summary>Reads any text; what is no assignment is kept and otherwise ignored, so nothing is an error.</summary>
    /// <param name="text">The whole file, decoded, with or without a byte order mark.</param>
    public static DotEnvDocument Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new DotEnvDocument(text, DotEnvParser.Parse(text));
    }

    /// <summary>The text of the file, character by character as it was read where nothing was changed.</summary>
    public override string ToString() => _text;

    /// <summary>
    /// Gives the key's last assignment another value, in its quoting where that can hold the value, else in one that
    /// can; without one, appends a line.
    /// </summary>
    /// <param name="key">The name: ASCII letters, digits, <c>_</c>, <c>.</c> and <c>-</c>.</param>
    /// <param name="value">What <see cref="this[string]"/> is to return; <c>${NAME}</c> in it may be expanded.</param>
    /// <exception cref="InstanceKitException">
    /// Exit code 2: the key is no name, or no quoting of the format can hold the value (such as one with all three
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
    /// Writes the pairs between <c># >>> title</c> and <c># &lt;&lt;&lt; title</c>: in place of what such a block holds
    /// now, else in a new one at the end. Without pairs, takes every such block out.
    /// </summary>
    /// <param name="title">What the block is, on one line, without quotes.</param>
    /// <param name="pairs">Keys and values in the order to write; the rules of <see cref="With"/> hold for each.</param>
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

    /// <summary>Like <see cref="WithBlock"/>, but keeps what the block holds and adds behind it.</summary>
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

        // Other loaders take a # without a space before it as part of a bare value.
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
                $"'{key}' cannot be a key of an env file.", "Use ASCII letters, digits, '_', '.' and '-' only.");
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

        // After an open end such as "KEY:" a new line would be read as its value; a comment mark closes it.
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
            if (!document.Entries[i].Says(wanted[i])) return null;
        return document;
    }

    private static InstanceKitException Unwritable(string key, string where) => InstanceKitException.Usage(
        $"The new value of {key}{where} cannot be written to the env file so that it is read back unchanged.",
        "Close quotes that the file leaves open, or choose a value without quotes, '#', backslashes and line ends.");
}
