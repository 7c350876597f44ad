using Output;
using Spectre.Console;
using Xunit;

namespace Build.Tests.Rendering;

public sealed class SurfaceTests
{
    [Theory]
    [InlineData(null, null, true)]
    [InlineData("", "xterm", true)]
    [InlineData("1", "xterm", false)]
    [InlineData(null, "dumb", false)]
    public void A_terminal_is_coloured_and_live_unless_told_otherwise(string? noColor, string? term, bool isColored)
    {
        var traits = SurfaceTraits.Of(true, (120, 30), name => name == "NO_COLOR" ? noColor : name == "TERM" ? term : null);

        Assert.Equal((isColored, isColored, 120, false), (traits.HasColors, traits.IsLive, traits.Width, traits.IsUnbounded));
    }

    [Fact]
    public void A_file_has_no_colors_and_no_right_margin()
    {
        var traits = SurfaceTraits.Of(false, default, _ => "xterm");

        Assert.Equal((false, false, true), (traits.HasColors, traits.IsLive, traits.IsUnbounded));
    }

    [Fact]
    public void A_terminal_of_unknown_size_is_taken_for_80_by_24() =>
        Assert.Equal((80, 24), SurfaceTraits.Of(true, default, _ => null) is var t ? (t.Width, t.Height) : default);

    [Fact]
    public void Lines_are_not_wrapped_so_that_they_can_be_copied()
    {
        var paper = Paper.Colored(40);
        paper.Output.Data.WriteLine(new string('x', 100), new Style(Color.Green));

        Assert.Equal($"\e[32m{new string('x', 100)}\e[0m\n", paper.Data);
    }

    [Fact]
    public void Sentences_are_wrapped_between_words_behind_their_mark()
    {
        var paper = Paper.Terminal(20);
        paper.Output.Data.WriteSentence("!", Style.Plain, "one two three four five");

        Assert.Equal("! one two three four\n  five\n", paper.Data);
    }

    [Fact]
    public void Markup_in_text_is_only_text()
    {
        var paper = Paper.Terminal(80);
        paper.Output.Data.WriteLine("[red]not red[/] [1]");
        paper.Output.Data.WriteSentence("!", Style.Plain, "[/] [2]");

        Assert.Equal("[red]not red[/] [1]\n! [/] [2]\n", paper.Data);
    }
}
