using System.Diagnostics;
using System.Runtime.InteropServices;
using InstanceKit.Platform;
using Xunit;

namespace Build.Tests.Engine;

/// <summary>Runs that last: another one beside them, and Ctrl-C.</summary>
public sealed partial class SideBySideTests : IDisposable
{
    private const int Interrupt = 2;
    private const int Terminate = 15;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly SampleProgram _program = new();

    [Fact]
    public async Task Two_runs_under_one_root_go_side_by_side()
    {
        using var lasting = _program.Start([], "Holds");
        await ShouldReadAsync(lasting, "ready");

        (await _program.RunAsync("Second")).ShouldSay("First", "Second");

        lasting.StandardInput.Close();
        (await SampleProgram.FinishAsync(lasting)).ShouldSay("done");
    }

    [Theory]
    [InlineData("Waits", false, "tidied")]
    [InlineData("Lets", false)]
    [InlineData("Waits", true, "tidied")]
    public async Task The_first_interrupt_asks_the_verb_to_stop(string target, bool isIgnoredByParent, params string[] lines)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no way to send Ctrl-C to one process.");
        using var process = isIgnoredByParent ? _program.StartDeaf(target, "First") : _program.Start([], target, "First");
        await ShouldReadAsync(process, "ready");
        Assert.Equal(0, Signal(process.Id, Interrupt));

        var run = await SampleProgram.FinishAsync(process);
        Assert.Equal(130, run.ExitCode);
        Assert.Equal(lines, run.Lines);
        Assert.Single(run.ErrorLines, line => line.StartsWith("First", StringComparison.Ordinal) && line.EndsWith("NotRun", StringComparison.Ordinal));
    }

    /// <summary>The process that was started is not the one that works.</summary>
    [Theory]
    [InlineData(Terminate)]
    [InlineData(Interrupt, Terminate)]
    public async Task A_request_to_end_reaches_the_verb_that_has_a_command_and_Ctrl_C_is_left_to_it(params int[] signals)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Nothing can be asked to end there.");
        using var process = _program.Start([], "Waits", "--", "x");
        await ShouldReadAsync(process, "ready");
        foreach (var signal in signals)
            Assert.Equal(0, Signal(process.Id, signal));

        var run = await SampleProgram.FinishAsync(process);
        Assert.Equal((130, "tidied"), (run.ExitCode, Assert.Single(run.Lines)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_second_interrupt_ends_the_process_at_once(bool isIgnoredByParent)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no way to send Ctrl-C to one process.");
        using var process = isIgnoredByParent ? _program.StartDeaf("Ignores") : _program.Start([], "Ignores");
        await ShouldReadAsync(process, "ready");
        Assert.Equal(0, Signal(process.Id, Interrupt));
        await ShouldReadAsync(process, "asked");
        Assert.Equal(0, Signal(process.Id, Interrupt));

        Assert.Equal(new RunResult(130, "", ""), await SampleProgram.FinishAsync(process));
    }

    public void Dispose() => _program.Dispose();

    private static async Task ShouldReadAsync(Process process, string line)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_patience);
        try
        {
            Assert.Equal(line, await process.StandardOutput.ReadLineAsync(limit.Token));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
