using System.Text;

namespace Output;

/// <summary>A line of pieces in several inks.</summary>
internal sealed class InkLine
{
    private readonly List<(string Text, Ink Ink)> _pieces = [];

    /// <summary>Creates a line.</summary>
    public InkLine(params IEnumerable<(string Text, Ink Ink)> pieces)
    {
        foreach (var (text, ink) in pieces)
            Add(text, ink);
    }

    /// <summary>Its width in columns.</summary>
    public int Width { get; private set; }

    /// <summary>Adds a piece.</summary>
    public InkLine Add(string text, Ink ink = Ink.Plain)
    {
        text = LogText.Piece(text);
        if (text.Length > 0)
            _pieces.Add((text, ink));
        Width += text.Length;
        return this;
    }

    /// <summary>Adds blanks up to a column.</summary>
    public InkLine PadTo(int column) => Add(new string(' ', Math.Max(0, column - Width)));

    /// <summary>The line, truncated to a width with an ellipsis.</summary>
    public InkLine Cut(int width)
    {
        if (Width <= width)
            return this;
        var cut = new InkLine();
        foreach (var (text, ink) in _pieces)
        {
            var room = width - 1 - cut.Width;
            cut.Add(text.Length <= room ? text : text[..Math.Max(0, room)], ink);
            if (text.Length > room)
                break;
        }

        return cut.Add("…", Ink.Faint);
    }

    /// <summary>Its text, with escape sequences where colours may be used.</summary>
    public string ToText(bool hasColors)
    {
        var text = new StringBuilder();
        foreach (var (piece, ink) in _pieces)
        {
            if (hasColors && ink != Ink.Plain)
                text.Append(Inks.Begin(ink)).Append(piece).Append(Inks.End);
            else
                text.Append(piece);
        }

        return text.ToString();
    }

    /// <inheritdoc />
    public override string ToString() => ToText(hasColors: false);
}
