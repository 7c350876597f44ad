using System.Text;
using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Reconcile;
using InstanceKit.Starting;
using InstanceKit.Tests.Fakes;
using Xunit;

namespace InstanceKit.Tests.Starting;

/// <summary>When a command that waits observes again.</summary>
public sealed class ObservationTimerTests
{
    private static readonly Blockers Nothing = new(
        NextCommand.Default, DateTimeOffset.UnixEpoch, (_, _) => Task.FromResult<IReadOnlyList<string>>([]), Studio.Spec(1), [], [], new ObservedState([], [], null),
        new HashSet<string>(), AppStarts.None);

    private readonly FakeClock _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_events_a_tenth_of_a_second_is_waited()
    {
        var limits = new List<TimeSpan>();
        _clock.OnWait = limits.Add;
        var wait = ObservationTimer.WaitAsync(null, Nothing, Task.CompletedTask, _clock, Token);

        Assert.Equal([TimeSpan.FromMilliseconds(100)], limits);
        Assert.False(wait.IsCompleted);
        _clock.Advance(limits[0]);
        await wait;
    }

    [Fact]
    public async Task What_else_is_waited_for_ends_the_wait_also_when_it_fails()
    {
        var other = new TaskCompletionSource();
        var wait = ObservationTimer.WaitAsync(null, Nothing, other.Task, _clock, Token);
        Assert.False(wait.IsCompleted);

        other.SetException(new InvalidOperationException()); // whoever waits for it reports it
        await wait;
        await Assert.ThrowsAsync<InvalidOperationException>(() => other.Task);
    }

    [Fact]
    public async Task An_interruption_ends_the_wait()
    {
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var wait = ObservationTimer.WaitAsync(null, Nothing, new TaskCompletionSource().Task, _clock, interrupted.Token);

        await interrupted.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public async Task An_event_of_the_engine_ends_the_wait()
    {
        using var server = new FakeServer(async (_, stream, end) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.0 200 OK\r\n\r\n{}\n"), end);
            await Task.Delay(Timeout.Infinite, end);
        });
        using var events = new EngineEvents(server.Endpoint, "l=p");

        await ObservationTimer.WaitAsync(events, Nothing, new TaskCompletionSource().Task, _clock, Token);

        Assert.NotNull(events.Count);
    }
}
