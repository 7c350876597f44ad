using System.Globalization;
using System.Text;
using CliWrap;
using InstanceKit.Platform;
using InstanceKit.Tests.Fakes;
using Xunit;

namespace InstanceKit.Tests.Platform;

/// <summary>What comes of a program: its result, its time limit, and the escalation from asking it to end to killing it.</summary>
public sealed class ProcessRunnerTests
{
    private const string Loop = "while :; do sleep 0.02; done";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private readonly FakeClock _clock = new();
    private readonly StringBuilder _output = new();

    public ProcessRunnerTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has neither sh nor these signals.");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_result_is_the_exit_code_and_all_output()
    {
        var lines = new List<string>();

        var result = await ProcessRunner.RunAsync(Shell("echo out; echo err >&2; echo more >&2; exit 7"), lines.Add, Token);

        Assert.Equal(new ProcessResult(7, "out\n", "err\nmore\n"), result);
        Assert.Equal(["err", "more"], lines);
    }

    [Fact]
    public async Task A_variable_is_set_or_removed()
    {
        var spec = Shell("echo ${ONE-none} ${HOME-none}") with { Environment = new Dictionary<string, string?> { ["ONE"] = "1", ["HOME"] = null } };

        Assert.Equal("1 none\n", await ProcessRunner.ReadAsync(spec, "ask", cancellation: Token));
    }

    [Fact]
    public async Task A_program_that_is_not_installed_is_told_with_how_to_get_it()
    {
        var spec = new ProcessSpec { Program = "no-such-program", InstallHint = "Install it." };

        var error = await Assert.ThrowsAsync<InstanceKitException>(() => ProcessRunner.RunAsync(spec, cancellation: Token));

        Assert.Equal(
            (ExitCode.Prerequisite, "Could not run 'no-such-program': it was not found on PATH.", "Install it."), (error.ExitCode, error.Message, error.Remedy));
    }

    [Fact]
    public async Task A_missing_working_directory_is_not_mistaken_for_a_missing_program()
    {
        var error = await Assert.ThrowsAsync<InstanceKitException>(
            () => ProcessRunner.RunAsync(Shell("true") with { WorkingDirectory = "/no/such/folder" }, cancellation: Token));

        Assert.DoesNotContain("not found on PATH", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_fails_with_the_last_words_of_the_program()
    {
        var error = await Assert.ThrowsAsync<CommandFailedException>(
            () => ProcessRunner.ReadAsync(Shell("echo no luck >&2; exit 4"), "read it", cancellation: Token));

        Assert.StartsWith("Could not read it: exit code 4 from", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("\n    no luck", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_takes_too_long_is_asked_to_end()
    {
        var error = await Assert.ThrowsAsync<NoAnswerException>(
            () => RunAsync($"trap 'echo asked; exit 0' INT; echo ready >&2; {Loop}", () => _clock.Advance(Limit), Token));

        Assert.Equal("asked\n", _output.ToString());
        Assert.EndsWith("did not finish within 3 s and was stopped.", error.Message, StringComparison.Ordinal);
        Assert.Contains("run that command by hand", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_does_not_end_when_asked_is_killed_after_five_seconds_with_its_children()
    {
        var waits = new List<TimeSpan>();
        _clock.OnWait = time =>
        {
            waits.Add(time);
            if (waits.Count > 1)
                ThreadPool.QueueUserWorkItem(_ => _clock.Advance(time));
        };

        await Assert.ThrowsAsync<NoAnswerException>(
            () => RunAsync($"trap '' INT; sleep 987 & echo $$ $!; echo ready >&2; {Loop}", () => _clock.Advance(Limit), Token));

        Assert.Equal([Limit, TimeSpan.FromSeconds(5)], waits);
        Assert.All(_output.ToString().Split(), pid => Assert.True(pid.Length == 0 || ProcessTree.ReadOne(int.Parse(pid, CultureInfo.InvariantCulture)) is null));
    }

    [Fact]
    public async Task A_child_that_keeps_the_output_open_does_not_outlast_the_time_limit()
    {
        _clock.OnWait = time =>
        {
            if (time != Limit)
                ThreadPool.QueueUserWorkItem(_ => _clock.Advance(time));
        };

        await Assert.ThrowsAsync<NoAnswerException>(() => RunAsync("sleep 60 & echo ready >&2", () => _clock.Advance(Limit), Token));
    }

    [Theory]
    [InlineData("trap 'echo asked; exit 0' INT", "asked\n")]
    [InlineData("trap '' INT", "")]
    public async Task Cancellation_asks_first_and_kills_then(string trap, string output)
    {
        using var user = CancellationTokenSource.CreateLinkedTokenSource(Token);
        _clock.OnWait = time =>
        {
            if (time == TimeSpan.FromSeconds(5) && output.Length == 0)
                ThreadPool.QueueUserWorkItem(_ => _clock.Advance(TimeSpan.FromSeconds(5)));
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync($"{trap}; echo ready >&2; {Loop}", user.Cancel, user.Token));

        Assert.Equal(output, _output.ToString());
    }

    [Fact]
    public async Task After_a_cancellation_nothing_is_started()
    {
        var file = Path.Combine(Path.GetTempPath(), $"ik-never-{Guid.NewGuid():N}");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => ProcessRunner.RunAsync(Shell($"trap '' INT; touch {file}; exec sleep 0.1"), cancellation: new CancellationToken(canceled: true)));

        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task An_exception_of_whoever_reads_the_lines_is_passed_on() => await Assert.ThrowsAsync<InvalidOperationException>(
        () => ProcessRunner.RunAsync(Shell("echo one >&2"), _ => throw new InvalidOperationException(), Token));

    private Task<ProcessResult> RunAsync(string script, Action onReady, CancellationToken cancellation) => ProcessRunner.RunAsync(
        Shell(script) with { Timeout = Limit }, PipeSource.Null, PipeTarget.ToStringBuilder(_output),
        PipeTarget.ToDelegate(line =>
        {
            if (line == "ready")
                ThreadPool.QueueUserWorkItem(_ => onReady());
        }), cancellation, _clock);

    private static ProcessSpec Shell(string script) => new() { Program = "sh", Arguments = ["-c", script] };
}
