namespace Output;

/// <summary>One column of a table.</summary>
/// <param name="Header">Its heading.</param>
/// <param name="Text">The text for a row's item; may have several lines.</param>
internal sealed record TextColumn<T>(string Header, Func<T, string> Text)
{
    /// <summary>The ink of a cell.</summary>
    public Func<T, Ink> Ink { get; init; } = _ => global::Output.Ink.Plain;

    /// <summary>Whether it contains numbers, which are right-aligned.</summary>
    public bool IsRight { get; init; }

    /// <summary>The columns that its widest cell needs.</summary>
    public int WidthIn(IEnumerable<T> items)
    {
        var width = Header.Length;
        foreach (var item in items)
        {
            foreach (var line in Text(item).Split('\n'))
                width = Math.Max(width, line.Length);
        }

        return width;
    }

    /// <summary>A column of numbers, faint where they are unknown.</summary>
    public static TextColumn<T> Number(string header, Func<T, string> text) => new(header, text)
    {
        IsRight = true,
        Ink = item => text(item) == ResourceText.Unknown ? global::Output.Ink.Faint : global::Output.Ink.Plain,
    };
}
