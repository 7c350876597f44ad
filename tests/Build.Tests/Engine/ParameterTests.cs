using Xunit;

namespace Build.Tests.Engine;

/// <summary>Where values come from and who wins: command line, then environment, then parameters.json.</summary>
public sealed class ParameterTests
{
    [Fact]
    public async Task Unset_parameters_keep_their_defaults()
    {
        using var program = new SampleProgram();
        (await program.RunAsync("Show")).ShouldSay(
            "Text=", "Count=7", "Flag=False", "Level=Low", "ManyWords=", "Verbosity=Normal", $"Root={Path.GetFileName(program.Root)}");
    }

    [Fact]
    public async Task The_command_line_gives_values_of_every_kind()
    {
        using var program = new SampleProgram();
        var run = await program.RunAsync(
            "Show", "--text", "a b*'\"$HOME", "--COUNT", "3", "-flag", "--level", "high", "--many-words", "x,y", "--verbosity", "quiet");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["Text=a b*'\"$HOME", "Count=3", "Flag=True", "Level=High", "ManyWords=x|y", "Verbosity=Quiet"], run.Lines[..6]);
    }

    [Theory]
    [InlineData("--many-words", "x", "y")]
    [InlineData("--manywords", "x,y")]
    [InlineData("--ManyWords", "x,y")]
    public async Task Lists_and_names_may_be_written_in_several_ways(params string[] words)
    {
        using var program = new SampleProgram();
        Assert.Contains("ManyWords=x|y", (await program.RunAsync(["Show", .. words])).Lines);
    }

    [Theory]
    [InlineData("--flag", "True")]
    [InlineData("--flag true", "True")]
    [InlineData("--flag false", "False")]
    public async Task A_switch_alone_is_true(string words, string value)
    {
        using var program = new SampleProgram();
        Assert.Contains($"Flag={value}", (await program.RunAsync(["Show", .. words.Split(' ')])).Lines);
    }

    [Fact]
    public async Task The_last_of_two_values_wins()
    {
        using var program = new SampleProgram();
        Assert.Contains("Text=b", (await program.RunAsync("Show", "--text", "a", "--text", "b")).Lines);
    }

    [Fact]
    public async Task The_file_gives_what_nobody_else_gives()
    {
        using var program = new SampleProgram("""{ "$schema": "x", "Text": "file", "Count": 5, "Flag": true, "ManyWords": ["x", "y"], "Guest": "Eve" }""");
        Assert.Equal(["Text=file", "Count=5", "Flag=True", "Level=Low", "ManyWords=x|y"], (await program.RunAsync("Show")).Lines[..5]);
        (await program.RunAsync("Greet")).ShouldSay("Greet Eve");
    }

    [Fact]
    public async Task Variables_with_the_prefix_win_over_the_file_and_the_command_line_over_both()
    {
        using var program = new SampleProgram("""{ "Text": "file", "Count": 5 }""");
        var run = await program.RunAsync([("NUKE_TEXT", "variable"), ("NUKE_MANY_WORDS", "x,y"), ("NUKE_FLAG", "true"), ("NUKE_COUNT", "6")], "Show", "--count", "8");
        Assert.Equal(["Text=variable", "Count=8", "Flag=True", "Level=Low", "ManyWords=x|y"], run.Lines[..5]);
    }

    [Fact]
    public async Task Variables_that_only_happen_to_have_such_a_name_are_ignored_but_reach_the_programs_of_a_verb()
    {
        using var program = new SampleProgram();
        (string, string)[] ambient =
        [
            ("HOST", "x"), ("VERBOSITY", "loud"), ("PROFILE", "x"), ("TARGET", "Breaks"), ("SKIP", "First"), ("PLAN", "1"), ("HELP", "true"),
            ("CONTINUE", "1"), ("PARTITION", "9"), ("TEXT", "ambient"), ("COUNT", "abc"), ("Many_Words", "x"), ("LEVEL", "9"), ("ROOT", "/nowhere"),
        ];
        Assert.Equal(["Text=", "Count=7", "Flag=False", "Level=Low", "ManyWords="], (await program.RunAsync(ambient, "Show")).Lines[..5]);
        (await program.RunAsync(ambient)).ShouldSay("First", "Second");
        (await program.RunAsync(ambient, "ShowAmbient")).ShouldSay("TEXT=ambient", "HOST=x", $"NUKE_ROOT={program.Root}", "NUKE_TEXT=");
    }

    [Fact]
    public async Task An_empty_variable_counts_as_unset()
    {
        using var program = new SampleProgram("""{ "Count": 5 }""");
        Assert.Contains("Count=5", (await program.RunAsync([("NUKE_COUNT", "")], "Show")).Lines);
    }

    [Theory]
    [InlineData("NeedsText", "Text")]
    [InlineData("NeedsHigh", "Level")]
    public async Task A_requirement_is_checked_before_anything_runs(string target, string parameter)
    {
        using var program = new SampleProgram();
        var run = await program.RunAsync(target);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Empty(run.Lines);
        Assert.Contains(parameter, run.Errors, StringComparison.Ordinal);
        Assert.Contains(target, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_requirement_that_holds_is_silent()
    {
        using var program = new SampleProgram();
        (await program.RunAsync("NeedsText", "NeedsHigh", "--text", "x", "--level", "High")).ShouldSay("First", "NeedsText", "NeedsHigh");
    }

    [Fact]
    public async Task Another_root_can_be_given()
    {
        using var program = new SampleProgram();
        using var other = new SampleProgram("""{ "Text": "of the other" }""");
        var run = await program.RunAsync("Show", "--root", other.Root);
        Assert.Contains("Text=of the other", run.Lines);
        Assert.Contains($"Root={Path.GetFileName(other.Root)}", run.Lines);
    }
}
