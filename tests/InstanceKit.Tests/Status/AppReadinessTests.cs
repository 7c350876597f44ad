using InstanceKit.Planning;
using InstanceKit.Status;
using Xunit;

namespace InstanceKit.Tests.Status;

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
        Online         3   3311 none|3313,3312  999|unknown -> Failed: it ends again and again (3 restarts)
        Online         *   none *               1000    -> Ready: online
        Online         0   none *               999|unknown -> Waiting: just started
        Online         3   none *               999|unknown -> Failed: it ends again and again (3 restarts)
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
}
