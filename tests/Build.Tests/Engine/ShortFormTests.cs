using Xunit;

namespace Build.Tests.Engine;

/// <summary>Short forms mean the same as the long ones, whichever engine reads the command line.</summary>
public sealed class ShortFormTests : IDisposable
{
    private readonly SampleProgram _program = new();

    [Theory]
    [InlineData("-t x -n 3 -f -m a,b", "Text=x", "Count=3", "Flag=True", "ManyWords=a|b")]
    [InlineData("-f -n 3", "Text=", "Count=3", "Flag=True", "ManyWords=")]
    [InlineData("-fn 3", "Text=", "Count=3", "Flag=True", "ManyWords=")]
    [InlineData("-f false --text x -m a b", "Text=x", "Count=7", "Flag=False", "ManyWords=a|b")]
    [InlineData("-n 3 -n 4", "Text=", "Count=4", "Flag=False", "ManyWords=")]
    [InlineData("-flag -n 3", "Text=", "Count=3", "Flag=True", "ManyWords=")]
    public async Task Each_means_its_option(string words, params string[] lines)
    {
        var run = await _program.RunAsync(["Show", .. words.Split(' ')]);
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Empty(run.ErrorLines);
        Assert.Equal(lines, run.Lines[..5].Where(line => !line.StartsWith("Level", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Words_reach_the_parameter_as_they_were_typed() =>
        Assert.Contains("Text=a  b*'\"$HOME", (await _program.RunAsync("Show", "-t", "a  b*'\"$HOME")).Lines);

    [Fact]
    public async Task They_win_over_variables_and_the_file()
    {
        using var program = new SampleProgram("""{ "Text": "file", "Count": 5 }""");
        var run = await program.RunAsync([("NUKE_TEXT", "variable"), ("NUKECOUNT", "6"), ("COUNT", "x")], "Show", "-t", "y", "-n", "8");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(["Text=y", "Count=8"], run.Lines[..2]);
    }

    [Fact]
    public async Task They_do_not_reach_the_programs_of_a_verb()
    {
        Assert.Contains("NUKE_TEXT=", (await _program.RunAsync("ShowAmbient", "-t", "y")).Lines);
        Assert.Contains("NUKE_TEXT=x", (await _program.RunAsync([("NUKE_TEXT", "x")], "ShowAmbient", "-t", "y")).Lines);
    }

    [Theory]
    [InlineData("-n", "--count needs a value")]
    [InlineData("-n abc", "--count abc", "is not a whole number")]
    [InlineData("-n -1", "'-1'", "--count")]
    [InlineData("-n 3 --count 4", "-n and --count are the same option", "use one of them")]
    [InlineData("--count 4 -fn 3", "-n and --count are the same option", "use one of them")]
    [InlineData("-nf 3", "'-nf'", "--help lists the options")]
    [InlineData("-F", "'-F'", "did you mean --flag")]
    [InlineData("-f Show", "'Show' follows --flag", "put targets first")]
    public async Task What_the_long_form_refuses_the_short_one_refuses(string words, params string[] parts) =>
        (await _program.RunAsync(words.Split(' '))).ShouldRefuse(parts);

    [Fact]
    public async Task Help_has_one()
    {
        var run = await _program.RunAsync("Show", "-h");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("--count, -n N         A whole number.", run.Lines);
        Assert.DoesNotContain("Count=7", run.Lines);
    }

    public void Dispose() => _program.Dispose();
}
