using System.Text;
using InstanceKit.Models;
using InstanceKit.Platform;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Output;

/// <summary>An output for text: a writer and its capabilities.</summary>
internal sealed class Surface
{
    private readonly Func<(int Width, int Height)> _measure;
    private readonly Lazy<IAnsiConsole> _console;
    private readonly Lazy<IAnsiConsole> _unwrapped;

    /// <summary>Creates the surface of a writer.</summary>
    /// <param name="traits">What can be done with it.</param>
    /// <param name="measure">Tells a terminal's present columns and rows, 0 where unknown; without it they stay as they are.</param>
    public Surface(TextWriter writer, SurfaceTraits traits, Func<(int Width, int Height)>? measure = null)
    {
        _measure = measure ?? (() => (traits.Width, traits.Height));
        Writer = writer;
        Traits = traits;
        _console = new Lazy<IAnsiConsole>(() => CreateConsole(writer, traits, () => Measure().Width));
        _unwrapped = new Lazy<IAnsiConsole>(() => CreateConsole(writer, traits, () => SurfaceTraits.Redirected.Width));
    }

    /// <summary>The writer itself, for text that needs no layout.</summary>
    public TextWriter Writer { get; }

    /// <summary>What can be done with it.</summary>
    public SurfaceTraits Traits { get; }

    /// <summary>The same output, for text that is redrawn.</summary>
    public IAnsiConsole Console => _console.Value;

    /// <summary>The current columns and rows of a terminal, which may have been resized.</summary>
    public (int Width, int Height) Measure() => Traits.IsUnbounded ? (Traits.Width, Traits.Height)
        : _measure() is var (width, height) && width > 0 && height > 0 ? (width, height) : (Traits.Width, Traits.Height);

    /// <summary>Writes lines as they are.</summary>
    public void Write(IEnumerable<InkLine> lines)
    {
        foreach (var line in lines)
            Writer.WriteLine(line.ToText(Traits.HasColors));
    }

    /// <summary>Writes something with a layout, indented; without colors, no line ends with blanks.</summary>
    public void WriteIndented(IRenderable content, int columns)
    {
        var indented = new Padder(new Harmless(content), new Padding(columns, 0, 0, 0));
        if (Traits.HasColors)
        {
            Console.Write(indented);
            return;
        }

        using var text = new StringWriter();
        CreateConsole(text, Traits, () => Measure().Width).Write(indented);
        foreach (var line in text.ToString().TrimEnd('\n').Split('\n'))
            Writer.WriteLine(line.TrimEnd());
    }

    /// <summary>Writes a line in one style.</summary>
    public void WriteLine(string text, Style? style = null) => WriteLine((text, style));

    /// <summary>Writes a line of styled pieces, never wrapped, so that it can be copied.</summary>
    public void WriteLine(params IReadOnlyList<(string Text, Style? Style)> pieces)
    {
        var line = new Paragraph();
        foreach (var (text, style) in pieces)
            line.Append(LogText.Plain(text), style);
        _unwrapped.Value.Write(line);
        Writer.WriteLine();
    }

    /// <summary>Writes a sentence after a mark of one column; on a terminal it is wrapped between words.</summary>
    public void WriteSentence(string mark, Style style, string sentence)
    {
        var grid = new Grid();
        grid.AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(1));
        grid.AddColumn(new GridColumn().PadLeft(0).PadRight(0));
        grid.AddRow(new Text(mark, style), new Text(sentence));
        WriteIndented(grid, 0);
    }

    private static IAnsiConsole CreateConsole(TextWriter writer, SurfaceTraits traits, Func<int> width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = traits.HasColors ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = traits.HasColors ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = traits.IsLive ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new SurfaceOutput(writer, traits, width),
        });
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    /// <summary>What a layout shows may be foreign text.</summary>
    private sealed class Harmless(IRenderable content) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => content.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => content.Render(options, maxWidth)
            .Select(s => s.IsLineBreak || s.IsControlCode ? s : new Segment(LogText.Piece(s.Text), s.Style));
    }

    private sealed class SurfaceOutput(TextWriter writer, SurfaceTraits traits, Func<int> width) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => traits.IsLive;

        public int Width => width();

        public int Height => traits.Height;

        public void SetEncoding(Encoding encoding)
        {
            // The writer keeps its original encoding.
        }
    }
}

/// <summary>What can be done with the place that text goes to.</summary>
/// <param name="Width">How many columns a line may have.</param>
/// <param name="Height">The number of visible lines.</param>
/// <param name="HasColors">Whether colours may be used.</param>
/// <param name="IsLive">Whether output can be overwritten.</param>
internal sealed record SurfaceTraits(int Width, int Height, bool HasColors, bool IsLive)
{
    /// <summary>A file or pipe: no colours, and wide enough that nothing is ever cut or wrapped.</summary>
    public static SurfaceTraits Redirected { get; } = new(Width: 10_000, Height: 1_000, HasColors: false, IsLive: false);

    private const int NarrowestWidth = 40;

    /// <summary>Whether the length of lines is unlimited because no terminal shows them.</summary>
    public bool IsUnbounded => Width >= Redirected.Width;

    /// <summary>The traits of a stream.</summary>
    /// <param name="isTerminal">Whether it is a terminal.</param>
    /// <param name="size">The terminal's columns and lines; 0 where unknown.</param>
    /// <param name="variable">The value of an environment variable, or <see langword="null"/>.</param>
    public static SurfaceTraits Of(bool isTerminal, (int Width, int Height) size, Func<string, string?> variable)
    {
        if (!isTerminal)
            return Redirected;

        // https://no-color.org: any text but the empty one.
        var isPlain = variable("NO_COLOR") is { Length: > 0 } || variable("TERM") == "dumb";
        var width = size.Width > 0 ? size.Width : 80;
        return new SurfaceTraits(
            Math.Max(width, NarrowestWidth), size.Height > 0 ? size.Height : 24, HasColors: !isPlain, IsLive: !isPlain);
    }
}
