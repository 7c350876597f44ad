using InstanceKit.Engine;
using InstanceKit.Observing;
using Xunit;

namespace InstanceKit.Tests.Observing;

public sealed class ServiceReadinessTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 22, 0, 0, TimeSpan.Zero);

    // state, health, whether its check passes on the spot, exit code, whether it stays ended, restarts
    private static readonly CaseTable Expected = new("""
        Created             *         *     *   *     *   -> Waiting: created, not started
        Running             None      *     *   *     *   -> Ready: running
        Running             Starting  False *   *     *   -> Waiting: health check has not passed yet
        Running             Starting  True  *   *     *   -> Ready: its health check passes
        Running             Healthy   *     *   *     *   -> Ready: healthy
        Running             Unhealthy *     *   *     *   -> Waiting: unhealthy
        Restarting          *         *     0   *     0|2 -> Waiting: restarting after exit code 0
        Restarting          *         *     137 *     0|2 -> Waiting: restarting after exit code 137
        Restarting          *         *     0   *     3   -> Failed: crash loop: 3 restarts, last exit code 0
        Restarting          *         *     137 *     3   -> Failed: crash loop: 3 restarts, last exit code 137
        Paused              *         *     *   *     *   -> Stopped: paused
        Exited              *         *     0   True  *   -> Ready: exited with code 0
        Exited              *         *     137 True  0   -> Failed: exited with code 137
        Exited              *         *     137 True  2   -> Failed: exited with code 137 after 2 restarts
        Exited              *         *     137 True  3   -> Failed: exited with code 137 after 3 restarts
        Exited              *         *     0   False *   -> Stopped: exited with code 0
        Exited              *         *     137 False *   -> Stopped: exited with code 137
        Dead                *         *     *   *     *   -> Stopped: dead
        """);

    [Fact]
    public void Every_container_is_ready_or_says_why_not()
    {
        foreach (var state in Enum.GetValues<ContainerState>())
        foreach (var health in Enum.GetValues<ContainerHealth>())
        foreach (var passes in new[] { true, false })
        foreach (var exitCode in new[] { 0L, 137L })
        foreach (var staysEnded in new[] { true, false })
        foreach (var restarts in new[] { 0L, 2L, 3L })
        {
            var readiness = Readiness.OfService(new ObservedContainer
            {
                Id = "1", Name = "c", Service = "s", State = state, Health = health, PassesHealthTest = passes, ExitCode = exitCode,
                StaysEnded = staysEnded, RestartCount = restarts, StartedAt = Now.AddHours(-1),
            }, Now);

            Assert.Equal(
                Expected.ResultOf($"{state}", $"{health}", $"{passes}", $"{exitCode}", $"{staysEnded}", $"{restarts}"),
                $"{readiness.State}: {readiness.Reason}");
        }
    }

    [Fact]
    public void No_container_is_stopped() =>
        Assert.Equal(new Readiness(ReadyState.Stopped, "no container"), Readiness.OfService(null, Now));

    [Theory]
    [InlineData(0, 0, "Ready: running")]
    [InlineData(2, 400, "Waiting: just started again (2 restarts)")]
    [InlineData(9, 999, "Waiting: just started again (9 restarts)")]
    [InlineData(9, 1000, "Ready: running")]
    public void A_container_that_crashes_again_and_again_is_not_ready_because_it_runs_at_the_moment(
        int restarts, int milliseconds, string expected)
    {
        var readiness = Readiness.OfService(new ObservedContainer
        {
            Id = "1", Name = "c", Service = "s", State = ContainerState.Running, RestartCount = restarts,
            StartedAt = Now.AddMilliseconds(-milliseconds),
        }, Now);

        Assert.Equal(expected, $"{readiness.State}: {readiness.Reason}");
    }

    [Fact]
    public void A_server_that_ended_cleanly_is_stopped_and_what_lacks_something_has_failed()
    {
        var ended = new ObservedContainer { Id = "1", Name = "c", Service = "s", State = ContainerState.Exited, StaysEnded = true };

        Assert.Equal(new Readiness(ReadyState.Ready, "exited with code 0"), Readiness.OfService(ended, Now));
        Assert.Equal(
            new Readiness(ReadyState.Stopped, "exited with code 0"), Readiness.OfService(ended with { MustRun = "it has a health check" }, Now));
        Assert.Equal(
            new Readiness(ReadyState.Failed, "it no longer publishes port 1/tcp"),
            Readiness.OfService(ended with { State = ContainerState.Running, Lacks = "it no longer publishes port 1/tcp" }, Now));
    }

    [Theory]
    [InlineData(19, "Waiting: restarted 4 times; ready once it has run for 20 s")]
    [InlineData(20, "Ready: running")]
    public void A_container_that_was_started_again_often_must_outlive_its_earlier_lives(int seconds, string expected)
    {
        var readiness = Readiness.OfService(new ObservedContainer
        {
            Id = "1", Name = "c", Service = "s", State = ContainerState.Running, RestartCount = 4,
            StartedAt = Now.AddSeconds(-seconds), CreatedAt = Now.AddSeconds(-seconds - 40),
        }, Now);

        Assert.Equal(expected, $"{readiness.State}: {readiness.Reason}");
    }
}
