using BlackBox;
using Xunit;

namespace Build.Tests.Manual;

/// <summary>--help of the product: the overview, and the page of a target.</summary>
public sealed class HelpTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ik-").FullName;

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task The_overview_names_targets_in_groups_and_options_with_their_targets(string option)
    {
        var result = await HelpAsync(option);

        Assert.Contains("Run instances:", result.Output, StringComparison.Ordinal);
        Assert.Matches("(?m)^  Up  +Starts instances", result.Output);
        Assert.Matches(@"(?m)^  --follow, -f  +Keeps following the logs until Ctrl-C\. \(Logs\)$", result.Output);
        Assert.Matches(@"(?m)^  --tail, -n LINES  +How many", result.Output);
        Assert.Matches("(?m)^  130  interrupted$", result.Output);
    }

    [Fact]
    public async Task The_page_of_a_target_has_its_options_examples_and_exit_codes_alone()
    {
        var result = await HelpAsync("Up", "-h");

        Assert.StartsWith("Up: Starts instances", result.Output, StringComparison.Ordinal);
        Assert.Matches("(?m)^  --timeout DURATION  +How long", result.Output);
        Assert.Contains("./build.sh Up --instance 1\n      Starts instance 1", result.Output, StringComparison.Ordinal);
        Assert.Matches("(?m)^  4    a port is taken$", result.Output);
        Assert.DoesNotContain("--follow", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_targets_are_told_one_after_the_other()
    {
        var result = await HelpAsync("Clean", "Up", "--help");

        Assert.Equal(["Clean", "Up"], result.Output.Split('\n').Where(line => line.StartsWith("Usage: ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<BuildResult> HelpAsync(params string[] words)
    {
        var result = (await new BuildProgram(_folder).RunAsync(words)).Expect(0);
        Assert.Equal("", result.Errors);
        Assert.All(result.Output.Split('\n'), line => Assert.True(line.Length <= 100, line));
        return result;
    }
}
