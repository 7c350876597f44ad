using Xunit;

namespace Build.Tests.Engine;

/// <summary>What a failing target does to the others, to the exit code and to the screen.</summary>
public sealed class FailureTests : IDisposable
{
    private readonly SampleProgram _program = new();

    [Fact]
    public async Task A_failure_keeps_what_depends_on_it_from_running()
    {
        var run = await _program.RunAsync("NeedsBroken");
        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Lines);
        Assert.Contains("The cable is cut.", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_assured_target_runs_after_a_failure()
    {
        var run = await _program.RunAsync("NeedsBroken", "Tidies");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["Tidies"], run.Lines);
    }

    [Fact]
    public async Task A_target_may_fail_and_let_the_others_run()
    {
        var run = await _program.RunAsync("NeedsStumbling");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["NeedsStumbling"], run.Lines);
    }

    [Fact]
    public async Task An_error_for_people_is_one_block_and_nothing_else()
    {
        var run = await _program.RunAsync("NeedsStopping");
        Assert.Equal(4, run.ExitCode);
        Assert.Empty(run.Lines);
        Assert.Equal(["error: Port 5273 is taken by a teapot. Move the teapot."], run.ErrorLines);
    }

    [Fact]
    public async Task Its_technical_part_is_shown_on_demand()
    {
        var run = await _program.RunAsync("Stops", "--verbosity", "verbose");
        Assert.Equal(4, run.ExitCode);
        Assert.Contains("EADDRINUSE", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_defect_is_one_line_and_says_how_to_see_more()
    {
        var run = await _program.RunAsync("Slips");
        Assert.Equal(1, run.ExitCode);
        var line = Assert.Single(run.ErrorLines);
        Assert.Contains("Off by one. (InvalidOperationException).", line, StringComparison.Ordinal);
        Assert.Contains("--verbosity verbose", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(130)]
    public async Task The_exit_code_of_a_verb_is_that_of_the_process(int exitCode)
    {
        var run = await _program.RunAsync("Returns", "--count", $"{exitCode}");
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Empty(run.ErrorLines);
    }

    [Fact]
    public async Task One_target_that_succeeds_says_nothing_of_its_own()
    {
        var run = await _program.RunAsync("Succeeds");
        Assert.Equal(new RunResult(0, "", ""), run);
    }

    [Fact]
    public async Task Several_targets_are_summed_up_on_standard_error()
    {
        var run = await _program.RunAsync("Stops", "First", "Tidies");
        Assert.Equal(4, run.ExitCode);
        Assert.Equal(["Tidies"], run.Lines);
        Assert.Contains(run.ErrorLines, line => line.StartsWith("Stops", StringComparison.Ordinal) && line.Contains("Failed", StringComparison.Ordinal));
        Assert.Contains(run.ErrorLines, line => line.StartsWith("First", StringComparison.Ordinal) && line.Contains("NotRun", StringComparison.Ordinal));
        Assert.Contains(run.ErrorLines, line => line.StartsWith("Tidies", StringComparison.Ordinal) && line.Contains("Succeeded", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_coloured_when_no_terminal_reads_it()
    {
        var run = await _program.RunAsync("Breaks", "Tidies", "--verbosity", "verbose");
        Assert.DoesNotContain('\u001b', run.Output + run.Errors);
    }

    public void Dispose() => _program.Dispose();
}
