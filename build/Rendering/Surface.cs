using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Rendering;

/// <summary>A place that text goes to: a writer, and what can be done with it.</summary>
internal sealed class Surface
{
    private readonly Lazy<IAnsiConsole> _console;
    private readonly Lazy<IAnsiConsole> _unwrapped;

    /// <summary>Creates the surface of a writer.</summary>
    public Surface(TextWriter writer, SurfaceTraits traits)
    {
        Writer = writer;
        Traits = traits;
        _console = new Lazy<IAnsiConsole>(() => CreateConsole(writer, traits));
        _unwrapped = new Lazy<IAnsiConsole>(() => CreateConsole(writer, traits with { Width = SurfaceTraits.Redirected.Width }));
    }

    /// <summary>The writer itself, for text that needs no layout.</summary>
    public TextWriter Writer { get; }

    /// <summary>What can be done with it.</summary>
    public SurfaceTraits Traits { get; }

    /// <summary>The same place, for what must write over itself.</summary>
    public IAnsiConsole Console => _console.Value;

    /// <summary>Writes lines as they are.</summary>
    public void Write(IEnumerable<InkLine> lines)
    {
        foreach (var line in lines)
            Writer.WriteLine(line.ToText(Traits.HasColors));
    }

    /// <summary>Writes something with a layout, some columns from the left; without colours no line ends in blanks.</summary>
    public void WriteIndented(IRenderable content, int columns)
    {
        var indented = new Padder(content, new Padding(columns, 0, 0, 0));
        if (Traits.HasColors)
        {
            Console.Write(indented);
            return;
        }

        using var text = new StringWriter();
        CreateConsole(text, Traits).Write(indented);
        foreach (var line in text.ToString().TrimEnd('\n').Split('\n'))
            Writer.WriteLine(line.TrimEnd());
    }

    /// <summary>Writes a line in one style.</summary>
    public void WriteLine(string text, Style? style = null) => WriteLine((text, style));

    /// <summary>Writes a line of differently styled pieces, never wrapped, so that what is copied from it is whole.</summary>
    public void WriteLine(params IReadOnlyList<(string Text, Style? Style)> pieces)
    {
        var line = new Paragraph();
        foreach (var (text, style) in pieces)
            line.Append(text, style);
        _unwrapped.Value.Write(line);
        Writer.WriteLine();
    }

    /// <summary>Writes a sentence behind a mark of one column; on a terminal it is wrapped between words.</summary>
    public void WriteSentence(string mark, Style style, string sentence)
    {
        var grid = new Grid();
        grid.AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(1));
        grid.AddColumn(new GridColumn().PadLeft(0).PadRight(0));
        grid.AddRow(new Text(mark, style), new Text(sentence));
        WriteIndented(grid, 0);
    }

    private static IAnsiConsole CreateConsole(TextWriter writer, SurfaceTraits traits)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = traits.HasColors ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = traits.HasColors ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = traits.IsLive ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new SurfaceOutput(writer, traits),
        });
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    private sealed class SurfaceOutput(TextWriter writer, SurfaceTraits traits) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => traits.IsLive;

        public int Width => traits.Width;

        public int Height => traits.Height;

        public void SetEncoding(Encoding encoding)
        {
            // The writer was made with the encoding that it keeps.
        }
    }
}
