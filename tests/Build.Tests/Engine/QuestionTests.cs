using System.Text.Json;
using Xunit;

namespace Build.Tests.Engine;

/// <summary>The answers to --help and --plan, and the schema that every run leaves.</summary>
public sealed class QuestionTests : IDisposable
{
    private readonly SampleProgram _program = new();

    [Fact]
    public async Task Help_lists_targets_and_options_on_standard_output_and_runs_nothing()
    {
        var run = await _program.RunAsync("First", "--help");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Empty(run.ErrorLines);
        Assert.Contains("Show                  Shows the parameters", run.Lines);
        Assert.Contains(run.Lines, line => line.StartsWith("--many-words, -m A,B", StringComparison.Ordinal) && line.EndsWith("A list. (Show)", StringComparison.Ordinal));
        Assert.Contains(run.Lines, line => line.StartsWith("--verbosity LEVEL", StringComparison.Ordinal));
        Assert.DoesNotContain(run.Lines, line => line.StartsWith("Hidden", StringComparison.Ordinal));
        Assert.DoesNotContain("First", run.Lines);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--Help", "true")]
    [InlineData("--text", "x", "-h")]
    public async Task Help_of_a_target_shows_its_options_and_examples(params string[] words)
    {
        var run = await _program.RunAsync(["Show", .. words]);
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal("Show: Shows the parameters.", run.Lines[0]);
        Assert.Contains("./build.sh Show -t 'a b'", run.Lines);
        Assert.DoesNotContain("Count=7", run.Lines);
    }

    [Fact]
    public async Task Help_can_be_asked_for_by_a_variable_and_be_declined()
    {
        Assert.Equal("Show: Shows the parameters.", (await _program.RunAsync([("NUKE_HELP", "true")], "Show")).Lines[0]);
        Assert.Contains("Count=7", (await _program.RunAsync("Show", "--help", "false")).Lines);
    }

    [Fact]
    public async Task Plan_shows_the_order_with_causes_and_runs_nothing()
    {
        (await _program.RunAsync("Second", "Pulls", "--plan")).ShouldSay(
            "1. First, needed by Second",
            "2. Second",
            "3. Pulls",
            "4. Pulled, triggered by Pulls",
            "5. Listens, triggered by Pulled");
        (await _program.RunAsync("--plan")).ShouldSay("1. First, needed by Second", "2. Second, the default");
    }

    [Fact]
    public async Task Every_run_leaves_the_schema_of_the_parameters()
    {
        await _program.RunAsync("First");
        var path = Path.Combine(_program.Root, ".nuke", "build.schema.json");
        using var schema = JsonDocument.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        var root = schema.RootElement;
        Assert.Equal("http://json-schema.org/draft-04/schema#", root.GetProperty("$schema").GetString());
        var definitions = root.GetProperty("definitions").EnumerateObject().Select(one => one.Name).ToList();
        Assert.Subset(definitions.ToHashSet(), new HashSet<string> { "ExecutableTarget", "Host", "NukeBuild", "Verbosity" });
        var own = root.GetProperty("allOf")[0].GetProperty("properties");
        Assert.Equal(["Count", "Flag", "Guest", "Level", "ManyWords", "Text"], own.EnumerateObject().Select(one => one.Name));
        Assert.Equal("integer", own.GetProperty("Count").GetProperty("type").GetString());
        Assert.Equal("boolean", own.GetProperty("Flag").GetProperty("type").GetString());
        Assert.Equal("array", own.GetProperty("ManyWords").GetProperty("type").GetString());
        Assert.Contains("Hidden", root.GetProperty("definitions").GetProperty("ExecutableTarget").GetProperty("enum").EnumerateArray().Select(one => one.GetString()));
    }

    public void Dispose() => _program.Dispose();
}
