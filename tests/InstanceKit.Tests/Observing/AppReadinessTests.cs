using InstanceKit.Observing;
using InstanceKit.Pm2;
using Xunit;

namespace InstanceKit.Tests.Observing;

public sealed class AppReadinessTests
{
    private static readonly DateTimeOffset Now = new(2025, 1, 2, 3, 4, 5, TimeSpan.Zero);

    // state, restarts, port it must listen on, ports it listens on, milliseconds since it was started
    private static readonly CaseTable Expected = new("""
        Unknown        *   *    *               *       -> Waiting: unknown
        Launching      *   *    *               *       -> Waiting: launching
        Stopping       *   *    *               *       -> Waiting: stopping
        WaitingRestart *   *    *               *       -> Waiting: waiting restart
        Stopped        *   *    *               *       -> Stopped: stopped
        Errored        0   *    *               *       -> Failed: PM2 gave up after 0 restarts
        Errored        3   *    *               *       -> Failed: PM2 gave up after 3 restarts
        Online         *   3311 3311|3312,3311  *       -> Ready: listens on 3311
        Online         0   3311 none            *       -> Waiting: does not listen on 3311 yet
        Online         0   3311 3313,3312       *       -> Waiting: listens on 3312, 3313, not on 3311
        Online         3   3311 none            1000    -> Waiting: does not listen on 3311 yet
        Online         3   3311 3313,3312       1000    -> Waiting: listens on 3312, 3313, not on 3311
        Online         3   3311 none|3313,3312  999|unknown -> Failed: it exits repeatedly (3 restarts)
        Online         *   none *               1000    -> Ready: online
        Online         0   none *               999|unknown -> Waiting: just started
        Online         3   none *               999|unknown -> Failed: it exits repeatedly (3 restarts)
        """);

    [Fact]
    public void Every_process_is_ready_or_says_why_not()
    {
        foreach (var state in Enum.GetValues<ProcessState>())
        foreach (var restarts in new[] { 0, 3 })
        foreach (var port in new int?[] { null, 3311 })
        foreach (var listens in new int[][] { [], [3311], [3312, 3311], [3313, 3312] })
        foreach (var age in new int?[] { null, 999, 1000 })
        {
            var readiness = Readiness.OfApp(
                new ObservedProcess
                {
                    Name = "p", Pid = 1, State = state, Restarts = restarts, ListensOn = listens,
                    StartedAt = age is { } ms ? Now.AddMilliseconds(-ms) : null,
                },
                port,
                Now);

            Assert.Equal(
                Expected.ResultOf(
                    $"{state}", $"{restarts}", port is null ? "none" : $"{port}",
                    listens.Length == 0 ? "none" : string.Join(',', listens), age is null ? "unknown" : $"{age}"),
                $"{readiness.State}: {readiness.Reason}");
        }
    }

    [Fact]
    public void No_process_is_stopped() =>
        Assert.Equal(new Readiness(ReadyState.Stopped, "no process"), Readiness.OfApp(null, 3311, Now));

    // port, ports it listens on, restarts, exit code, seconds from the request to the present life, early ends, its age in seconds
    [Theory]
    [InlineData(null, null, 4, 1, 148.0, 0, 1.5, "Failed: crash loop: 4 restarts, last exit code 1")]
    [InlineData(null, null, 4, 1, 148.0, 0, 73.9, "Failed: crash loop: 4 restarts, last exit code 1")]
    [InlineData(null, null, 4, 1, 148.0, 0, 74.0, "Ready: online")]
    [InlineData(null, null, 1, 3, 30.0, 0, 59.0, "Waiting: exited with code 3 before; ready once it has run for 60 s")]
    [InlineData(null, null, 1, 3, 30.0, 0, 60.0, "Ready: online")]
    [InlineData(null, null, 1, 3, 86400.0, 0, 179.0, "Waiting: exited with code 3 before; ready once it has run for 180 s")]
    [InlineData(null, null, 1, 3, 86400.0, 0, 180.0, "Ready: online")]
    [InlineData(null, null, 2, 1, 0.4, 2, 0.9, "Waiting: exited with code 1 before; ready once it has run for 1 s")]
    [InlineData(null, null, 2, 1, 0.4, 2, 1.0, "Ready: online")]
    [InlineData(3311, 3311, 3, 1, 30.0, 0, 5.0, "Failed: crash loop: 3 restarts, last exit code 1")]
    [InlineData(3311, 3311, 2, 1, 30.0, 0, 5.0, "Ready: listens on 3311")]
    [InlineData(3311, 3311, 3, 1, 30.0, 0, 20.0, "Ready: listens on 3311")]
    [InlineData(3311, null, 3, 1, 0.6, 3, 0.9, "Failed: crash loop: 3 restarts, last exit code 1")]
    [InlineData(null, null, 3, 0, 30.0, 0, 1.0, "Ready: online")]
    public void What_happened_since_the_start_decides(
        int? port, int? listens, int restarts, int exitCode, double before, int early, double age, string expected) =>
        Assert.Equal(expected, Text(Readiness.OfApp(Ended(listens, restarts, exitCode, before, early, age), port, Now)));

    [Theory]
    [InlineData(null, null, 3, 130, 0.3, 0, 1.0, "Ready: online")]
    [InlineData(null, null, 3, 0, 0.3, 0, 0.2, "Waiting: just started")]
    [InlineData(3311, null, 7, 1, 0.3, 0, 0.2, "Waiting: does not listen on 3311 yet")]
    public void Restarts_that_somebody_asked_for_condemn_nothing(
        int? port, int? listens, int restarts, int exitCode, double before, int early, double age, string expected) =>
        Assert.Equal(expected, Text(Readiness.OfApp(Ended(listens, restarts, exitCode, before, early, age), port, Now)));

    [Fact]
    public void What_was_in_a_crash_loop_before_this_start_must_outlive_it()
    {
        var process = new ObservedProcess { Name = "p", Pid = 1, State = ProcessState.Online, StartedAt = Now.AddSeconds(-5), RequestedAt = Now.AddSeconds(-5) };

        Assert.Equal(
            "Waiting: was in a crash loop before; ready once it has run for 6 s", Text(Readiness.OfApp(process, null, Now, TimeSpan.FromSeconds(6))));
        Assert.Equal("Ready: online", Text(Readiness.OfApp(process, null, Now, TimeSpan.FromSeconds(5))));
    }

    private static ObservedProcess Ended(int? listens, int restarts, int exitCode, double before, int early, double age) => new()
    {
        Name = "p", Pid = 1, State = ProcessState.Online, Restarts = restarts, ExitCode = exitCode, EarlyEnds = early,
        ListensOn = listens is { } port ? [port] : [], StartedAt = Now.AddSeconds(-age), RequestedAt = Now.AddSeconds(-age - before),
    };

    private static string Text(Readiness readiness) => $"{readiness.State}: {readiness.Reason}";
}
