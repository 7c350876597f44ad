using InstanceKit.Apps;
using InstanceKit.Engine;
using InstanceKit.Observing;
using InstanceKit.Pm2;
using InstanceKit.Tests.Fakes;
using Xunit;

namespace InstanceKit.Tests.Observing;

/// <summary>How often the engine and PM2 are asked while a command waits.</summary>
public sealed class WatchTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly HealthCheckRunner _health;
    private readonly Watch _watch;
    private int? _events = 1;
    private bool _isEmbedded;
    private Exception? _failure;
    private (int Engine, int Pm2) _asked;

    public WatchTests()
    {
        _health = new HealthCheckRunner((_, _) => Task.FromResult(true), _clock);
        _watch = new Watch(
            (_, _) => Task.FromResult(_isEmbedded),
            (project, c) =>
            {
                c.ThrowIfCancellationRequested();
                _asked.Engine++;
                return _failure is { } failure ? Task.FromException<IReadOnlyList<ObservedContainer>>(failure)
                    : Task.FromResult<IReadOnlyList<ObservedContainer>>([Container($"{project} {_asked.Engine}")]);
            },
            (_, c) =>
            {
                c.ThrowIfCancellationRequested();
                _asked.Pm2++;
                return Task.FromResult(new ProcessSnapshot([]));
            },
            _health, _clock, Studio.Spec(1), () => _events);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _health.Dispose();

    [Fact]
    public async Task The_engine_is_asked_again_after_an_event_or_a_second_or_a_change_of_ours()
    {
        Assert.Equal("shipsec-dev-1 1", await ObserveAsync());
        Assert.Equal("shipsec-dev-1 1", await ObserveAsync());
        _events++;
        Assert.Equal("shipsec-dev-1 2", await ObserveAsync());
        _clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal("shipsec-dev-1 2", await ObserveAsync());
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("shipsec-dev-1 3", await ObserveAsync());
        _watch.Renew();
        Assert.Equal("shipsec-dev-1 4", await ObserveAsync());
    }

    [Fact]
    public async Task Without_events_the_engine_is_asked_each_time()
    {
        _events = null;

        Assert.Equal("shipsec-dev-1 1", await ObserveAsync());
        Assert.Equal("shipsec-dev-1 2", await ObserveAsync());
    }

    [Fact]
    public async Task PM2_is_asked_each_second_until_an_app_is_waited_for()
    {
        await ObserveAsync();
        await ObserveAsync();
        Assert.Equal(1, _asked.Pm2);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await ObserveAsync();
        Assert.Equal(2, _asked.Pm2);
        await ObserveAsync(awaitsApps: true);
        Assert.Equal(3, _asked.Pm2);
    }

    [Fact]
    public async Task Where_services_are_processes_the_engine_is_not_asked_and_PM2_each_time()
    {
        _isEmbedded = true;

        await _watch.ObserveAsync(awaitsApps: false, Token);
        await _watch.ObserveAsync(awaitsApps: false, Token);

        Assert.Equal((0, 2), _asked);
    }

    [Fact]
    public async Task After_a_failure_an_earlier_answer_is_not_given_again()
    {
        await ObserveAsync();
        _events++;
        _failure = new NoAnswerException("It does not answer.", "Retry.");
        await Assert.ThrowsAsync<NoAnswerException>(() => ObserveAsync());
        _failure = new InvalidOperationException();
        await Assert.ThrowsAsync<InvalidOperationException>(() => ObserveAsync());
        _failure = null;

        Assert.Equal("shipsec-dev-1 4", await ObserveAsync());
    }

    [Fact]
    public async Task It_can_be_interrupted()
    {
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _watch.ObserveAsync(awaitsApps: true, cancelled));
    }

    [Fact]
    public async Task Requests_before_an_observation_share_it_and_later_ones_get_another()
    {
        var (asked, answers) = (0, new Queue<TaskCompletionSource<IReadOnlyList<Pm2Process>>>([new(), new()]));
        var all = answers.ToArray();
        using var snapshots = new SharedSnapshots((_, _) =>
        {
            asked++;
            return answers.Dequeue().Task;
        });
        var first = snapshots.NextAsync(Studio.Spec(1), Token);
        while (asked == 0)
            await Task.Yield();
        using var user = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var (second, third) = (snapshots.NextAsync(Studio.Spec(1), Token), snapshots.NextAsync(Studio.Spec(2), user.Token));

        await user.CancelAsync();
        all[0].SetException(new NoAnswerException("It does not answer.", "Retry."));
        all[1].SetResult([]);

        await Assert.ThrowsAsync<NoAnswerException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        Assert.True((await second).IsEmpty);
        Assert.Equal(2, asked);
    }

    private async Task<string> ObserveAsync(bool awaitsApps = false) => (await _watch.ObserveAsync(awaitsApps, Token)).Containers.Single().Id;

    private static ObservedContainer Container(string id) => new() { Id = id, Name = "redis", Service = "redis", State = ContainerState.Running };
}
