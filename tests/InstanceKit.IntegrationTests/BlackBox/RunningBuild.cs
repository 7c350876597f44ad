using System.Diagnostics;
using InstanceKit.Models;
using Xunit;

namespace BlackBox;

/// <summary>The build program while it runs, in a process group of its own as in a terminal.</summary>
internal sealed class RunningBuild : IAsyncDisposable
{
    private static readonly TimeSpan StreamPatience = TimeSpan.FromSeconds(10);

    private readonly string _command;
    private readonly Action<BuildResult> _onEnd;
    private readonly Process _process;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Task _reading;
    private BuildResult? _result;

    /// <param name="start">What is started.</param>
    /// <param name="command">What it is, for messages.</param>
    /// <param name="onEnd">Called with its result.</param>
    /// <param name="input">What stands on its standard input, which ends then.</param>
    public RunningBuild(ProcessStartInfo start, string command, Action<BuildResult> onEnd, string input = "")
    {
        _command = command;
        _onEnd = onEnd;
        _process = Process.Start(start)!;
        _process.StandardInput.Write(input);
        _process.StandardInput.Close();
        _reading = Task.WhenAll(Output.ReadAsync(_process.StandardOutput), Errors.ReadAsync(_process.StandardError));
    }

    /// <summary>Its process id, which is also its group's.</summary>
    public int Pid => _process.Id;

    /// <summary>What it writes to standard output.</summary>
    public CapturedLines Output { get; } = new();

    /// <summary>What it writes to standard error.</summary>
    public CapturedLines Errors { get; } = new();

    /// <summary>Whether it has not ended yet.</summary>
    public bool IsRunning => !_process.HasExited;

    /// <summary>Sends SIGINT to the whole group, as Ctrl-C in a terminal does.</summary>
    public Task InterruptAsync() => SignalAsync("INT", -Pid);

    /// <summary>Sends SIGKILL to the program alone: what it has started goes on.</summary>
    public Task KillAsync() => SignalAsync("KILL", Pid);

    /// <summary>Waits for its end for a while.</summary>
    /// <returns>Whether it has ended.</returns>
    public async Task<bool> EndsWithinAsync(TimeSpan atMost)
    {
        using var limit = new CancellationTokenSource(atMost);
        await _process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _process.HasExited;
    }

    /// <summary>Sends SIGTERM to the program alone.</summary>
    public Task TerminateAsync() => SignalAsync("TERM", Pid);

    /// <summary>Waits for its end; fails the test when it takes longer.</summary>
    /// <param name="seconds">The hard limit.</param>
    public async Task<BuildResult> EndAsync(double seconds)
    {
        if (_result is not null)
            return _result;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        await _process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_process.HasExited)
        {
            await SignalAsync("KILL", -Pid);
            await _process.WaitForExitAsync(CancellationToken.None);
            Record();
            Assert.Fail($"It did not end within {seconds} s and was killed.\n{_result}");
        }

        // A daemon that inherited the streams would keep `./build.sh Up | cat` from ending.
        var elapsed = _watch.Elapsed;
        await _reading.WaitAsync(StreamPatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Record(elapsed);
        Assert.True(_reading.IsCompletedSuccessfully, $"It ended, but somebody keeps its output open.\n{_result}");
        return _result!;
    }

    /// <summary>Ends it, when it still runs, and whatever of its group outlived it.</summary>
    public async ValueTask DisposeAsync()
    {
        await SignalAsync("KILL", -Pid);
        await _process.WaitForExitAsync(CancellationToken.None);
        if (_result is null)
            Record();
        _process.Dispose();
    }

    private void Record(TimeSpan? elapsed = null)
    {
        _result = new BuildResult(_command, _process.ExitCode, Output.Text, Errors.Text, elapsed ?? _watch.Elapsed);
        _onEnd(_result);
    }

    private static async Task SignalAsync(string signal, int target)
    {
        // A target that has ended already is no error, and kill's complaint about it is of no use to anybody.
        var start = new ProcessStartInfo("kill", ["-s", signal, "--", target.ToString()]) { RedirectStandardError = true };
        using var kill = Process.Start(start)!;
        await kill.StandardError.ReadToEndAsync();
        await kill.WaitForExitAsync();
    }
}
