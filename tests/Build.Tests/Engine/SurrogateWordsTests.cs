using Xunit;

namespace Build.Tests.Engine;

/// <summary>The words that the plugins of Rider and ReSharper leave in a file, and the other ways in which tools call a build.</summary>
public sealed class SurrogateWordsTests
{
    [Theory]
    [InlineData("Show --text b", "Text=b")]
    [InlineData("Show --text \"a 'b' c\" --count 3", "Text=a 'b' c")]
    [InlineData("\"Show\" --many-words 'x,y'", "ManyWords=x|y")]
    [InlineData("  Show   --text f\\\"g ", "Text=f\"g")]
    public async Task They_take_the_place_of_the_command_line_once(string line, string said)
    {
        using var program = new SampleProgram();
        var file = Leave(program, line);

        var run = await program.RunAsync("Succeeds");
        Assert.Contains(said, run.Lines);
        Assert.False(File.Exists(file));
        Assert.DoesNotContain(said, (await program.RunAsync("Succeeds")).Lines);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(file)!, "resharper*"));
    }

    [Theory]
    [InlineData("Show --count=5", "'--count=5' is not valid")]
    [InlineData("Show --host x", "There is no option '--host'")]
    [InlineData("Sow", "There is no target 'Sow'")]
    [InlineData("Show\nShow", "must contain a single line")]
    [InlineData("", "must contain a single line")]
    public async Task They_are_checked_like_any_others(string line, string error)
    {
        using var program = new SampleProgram();
        var file = Leave(program, line);

        var run = await program.RunAsync("Show");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(error, run.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Output);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task Old_ones_are_deleted_and_not_run()
    {
        using var program = new SampleProgram();
        var file = Leave(program, "Breaks");
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow - TimeSpan.FromSeconds(61));

        Assert.Contains("Text=", (await program.RunAsync("Show")).Lines);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task A_switch_for_shell_completion_writes_the_schema_and_runs_nothing()
    {
        using var program = new SampleProgram();

        var run = await program.RunAsync("Show", "--shell-completion");

        Assert.Equal((0, ""), (run.ExitCode, run.Output));
        Assert.True(File.Exists(Path.Combine(program.Root, ".nuke", "build.schema.json")));
    }

    [Fact]
    public async Task Visual_Studio_finds_the_id_of_the_process_that_waits_for_it()
    {
        using var program = new SampleProgram();
        using var process = program.Start([], "Show", "--visual-studio-debug");
        process.StandardInput.Close();

        var run = await SampleProgram.FinishAsync(process);

        Assert.Equal($"{process.Id}", await File.ReadAllTextAsync(Path.Combine(program.Root, ".nuke", "temp", "visual-studio-debug.log"), TestContext.Current.CancellationToken));
        Assert.NotEqual(0, run.ExitCode);
        Assert.DoesNotContain("Text=", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NUKE_HOST", "x")]
    [InlineData("NUKE_CONTINUE", "true")]
    [InlineData("NUKE_PROFILE", "dev")]
    [InlineData("NUKE_PARTITION", "1/2")]
    [InlineData("NUKE_SHELL_COMPLETION", "true")]
    [InlineData("NUKE_GENERATE_CONFIGURATION", "x")]
    [InlineData("NUKE_INTERNAL_INTERCEPTOR", "1")]
    public async Task A_variable_of_NUKE_that_is_not_supported_is_refused_in_one_line(string name, string value)
    {
        using var program = new SampleProgram();

        var run = await program.RunAsync([(name, value)], "Show");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"error: The variable {name} sets NUKE's parameter", Assert.Single(run.Errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_a_run_of_NUKE_left_behind_is_removed()
    {
        using var program = new SampleProgram();
        var log = Path.Combine(Directory.CreateDirectory(Path.Combine(program.Root, ".nuke", "temp")).FullName, "build.log");
        await File.WriteAllTextAsync(log, "old", TestContext.Current.CancellationToken);

        Assert.Equal(0, (await program.RunAsync("Show")).ExitCode);
        Assert.False(File.Exists(log));
    }

    private static string Leave(SampleProgram program, string text)
    {
        var folder = Directory.CreateDirectory(Path.Combine(program.Root, ".nuke", "temp")).FullName;
        var file = Path.Combine(folder, "resharper-surrogate.log");
        File.WriteAllText(file, text);
        return file;
    }
}
