using InstanceKit.Models;

namespace Output;

/// <summary>A table without lines, each row after a mark of one column.</summary>
/// <remarks>Drawn by hand: it is part of the commands that must answer at once.</remarks>
internal sealed class TextTable<T>
{
    /// <summary>The position of the mark, and the gap between columns.</summary>
    public const int Gap = 2;

    private const int NarrowestName = 8;

    private readonly List<(TextColumn<T> Column, int Width)> _columns;

    /// <param name="columns">The columns; one that is called NAME is cut when the table is too wide.</param>
    /// <param name="items">All items of the table, and of others with the same columns.</param>
    /// <param name="width">How many columns the surface has.</param>
    public TextTable(IEnumerable<TextColumn<T>> columns, IReadOnlyCollection<T> items, int width)
    {
        _columns = [.. columns.Select(c => (c, c.WidthIn(items)))];
        Width = Gap + Gap + (Gap * (_columns.Count - 1)) + _columns.Sum(c => c.Width);
        var name = _columns.FindIndex(c => c.Column.Header == "NAME");
        if (Width > width && name >= 0)
            _columns[name] = (_columns[name].Column, Math.Max(NarrowestName, _columns[name].Width - (Width - width)));
    }

    /// <summary>How many columns it would like to have.</summary>
    public int Width { get; }

    /// <summary>The headings.</summary>
    public InkLine Head() => Row("", Ink.Plain, c => c.Header, _ => Ink.Faint);

    /// <summary>The lines of an item.</summary>
    public IEnumerable<InkLine> Draw(T item, string mark, Ink markInk)
    {
        var height = 1;
        foreach (var (column, _) in _columns)
            height = Math.Max(height, column.Text(item).Count('\n') + 1);
        for (var i = 0; i < height; i++)
        {
            var line = i;
            yield return Row(
                i == 0 ? mark : "", markInk,
                c => c.Text(item).Split('\n') is var lines && line < lines.Length ? lines[line] : "", c => c.Ink(item));
        }
    }

    private InkLine Row(string mark, Ink markInk, Func<TextColumn<T>, string> text, Func<TextColumn<T>, Ink> ink)
    {
        var line = new InkLine().PadTo(Gap).Add(mark, markInk);
        var start = Gap + Gap;
        foreach (var (column, width) in _columns)
        {
            var cell = text(column);
            if (cell.Length > width)
                cell = cell[..(width - 1)] + "…";

            // Padded only between columns, so that no line ends with blanks.
            if (cell.Length > 0)
                line.PadTo(column.IsRight ? start + width - cell.Length : start).Add(cell, ink(column));
            start += width + Gap;
        }

        return line;
    }
}

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
