using System.Text;
using InstanceKit.Observing;
using Spectre.Console;

namespace Output;

/// <summary>
/// The style of a piece of a line. Frequent tables are drawn with these only: loading the library of
/// <see cref="Palette"/> takes longer than drawing them.
/// </summary>
internal enum Ink
{
    /// <summary>As the terminal writes.</summary>
    Plain,

    /// <summary>Ready, done.</summary>
    Good,

    /// <summary>Waiting, or a warning.</summary>
    Caution,

    /// <summary>Failed.</summary>
    Bad,

    /// <summary>Of less weight.</summary>
    Faint,

    /// <summary>What a section is about.</summary>
    Strong,
}

/// <summary>What inks stand for.</summary>
internal static class Inks
{
    /// <summary>The ink of a readiness.</summary>
    public static Ink Of(ReadyState state) => state switch
    {
        ReadyState.Ready => Ink.Good,
        ReadyState.Waiting => Ink.Caution,
        ReadyState.Failed => Ink.Bad,
        _ => Ink.Faint,
    };

    /// <summary>The escape sequence (ECMA-48, SGR) that starts an ink; one of the sixteen colors that every theme defines.</summary>
    public static string Begin(Ink ink) => ink switch
    {
        Ink.Good => "\e[32m",
        Ink.Caution => "\e[33m",
        Ink.Bad => "\e[31m",
        Ink.Faint => "\e[90m",
        Ink.Strong => "\e[1m",
        _ => "",
    };

    /// <summary>The escape sequence that ends any ink.</summary>
    public const string End = "\e[0m";
}

/// <summary>The styles of the output: few, and from the sixteen colours that every terminal theme defines.</summary>
internal static class Palette
{
    /// <summary>Ready, done.</summary>
    public static readonly Style Good = new(Color.Green);

    /// <summary>Waiting, or a warning.</summary>
    public static readonly Style Caution = new(Color.Olive);

    /// <summary>Failed.</summary>
    public static readonly Style Bad = new(Color.Maroon);

    /// <summary>Of less weight.</summary>
    public static readonly Style Faint = new(Color.Grey);

    /// <summary>What a section is about.</summary>
    public static readonly Style Strong = new(decoration: Decoration.Bold);

    /// <summary>The style of a readiness.</summary>
    public static Style Of(ReadyState state) => state switch
    {
        ReadyState.Ready => Good,
        ReadyState.Waiting => Caution,
        ReadyState.Failed => Bad,
        _ => Faint,
    };
}

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
