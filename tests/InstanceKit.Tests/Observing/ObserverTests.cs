using InstanceKit.Engine;
using InstanceKit.Observing;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Reconcile;
using InstanceKit.Tests.Fakes;
using Xunit;

namespace InstanceKit.Tests.Observing;

/// <summary>One snapshot from the engine and PM2, and what becomes of it when one of them does not answer.</summary>
public sealed class ObserverTests
{
    private const string Ok = "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n";

    private static readonly Pm2Process Backend = new() { Name = Studio.AppPlan(1, "backend").ProcessName, PmId = 0, Status = ProcessState.Online };

    private Func<CancellationToken, Task<IReadOnlyList<Pm2Process>>> _pm2 = _ => Task.FromResult<IReadOnlyList<Pm2Process>>([Backend, Backend with { Name = "a-stranger" }]);
    private bool _isEmbedded;
    private int _asked;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Both_are_asked_once_for_all_instances_and_each_instance_has_its_own(bool isPartial)
    {
        using var server = new FakeServer(FakeServer.Saying(Ok + "[]"));

        var states = await ObserveAsync(server, isPartial, 1, 2);

        Assert.Equal([Backend.Name], states[0].Processes.Select(p => p.Name));
        Assert.Empty(states[1].Processes);
        Assert.All(states, s => Assert.Equal((0, null, null), (s.Containers.Count, s.ServicesFailure, s.AppsFailure)));
        Assert.Equal((1, 1), (_asked, server.Questions.Count));
    }

    [Fact]
    public async Task An_engine_whose_services_are_processes_is_not_asked()
    {
        _isEmbedded = true;
        using var server = new FakeServer(FakeServer.Saying("no HTTP"));

        Assert.Null((await ObserveAsync(server, isPartial: true, 1))[0].ServicesFailure);
        Assert.Empty(server.Questions);
    }

    [Fact]
    public async Task An_engine_that_fails_hides_no_app_from_who_takes_a_part_and_fails_everybody_else()
    {
        using var server = new FakeServer(FakeServer.Saying("no HTTP"));

        var state = Assert.Single(await ObserveAsync(server, isPartial: true, 1));

        Assert.Contains("does not speak HTTP", state.ServicesFailure!.Message, StringComparison.Ordinal);
        Assert.Equal([Backend.Name], state.Processes.Select(p => p.Name));
        Assert.Null(state.AppsFailure);
        await Assert.ThrowsAsync<NoAnswerException>(() => ObserveAsync(server, isPartial: false, 1));
    }

    [Fact]
    public async Task Who_is_silent_is_named_after_five_seconds()
    {
        using var server = new FakeServer(FakeServer.SilentAsync);
        _pm2 = async c =>
        {
            await Task.Delay(Timeout.Infinite, c);
            return [];
        };

        var state = Assert.Single(await ObserveAsync(server, isPartial: true, new FakeClock { SkipsWaits = true }, Token, 1));

        Assert.Contains("Docker engine", state.ServicesFailure!.Message, StringComparison.Ordinal);
        Assert.Contains("PM2", state.AppsFailure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_PM2_that_fails_hides_no_container_from_who_takes_a_part_and_fails_everybody_else()
    {
        using var server = new FakeServer(FakeServer.Saying(Ok + "[]"));
        var failure = new NoAnswerException("PM2 says nothing.", "Retry.");
        _pm2 = _ => Task.FromException<IReadOnlyList<Pm2Process>>(failure);

        var state = Assert.Single(await ObserveAsync(server, isPartial: true, 1));

        Assert.Same(failure, state.AppsFailure);
        Assert.Null(state.ServicesFailure);
        Assert.Same(failure, await Assert.ThrowsAsync<NoAnswerException>(() => ObserveAsync(server, isPartial: false, 1)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_nobody_expects_is_never_taken_for_a_silent_part(bool isPartial)
    {
        using var server = new FakeServer(FakeServer.Saying(Ok + "[]"));
        _pm2 = _ => Task.FromException<IReadOnlyList<Pm2Process>>(new InvalidOperationException());
        await Assert.ThrowsAsync<InvalidOperationException>(() => ObserveAsync(server, isPartial, 1));
        _pm2 = _ => Task.FromException<IReadOnlyList<Pm2Process>>(new InstanceKitException(ExitCode.Usage, "wrong"));
        await Assert.ThrowsAsync<InstanceKitException>(() => ObserveAsync(server, isPartial, 1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancelled_observation_is_none(bool isPartial)
    {
        using var server = new FakeServer(FakeServer.SilentAsync);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Token);
        server.OnAsked = cancelled.Cancel;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ObserveAsync(server, isPartial, new FakeClock(), cancelled.Token, 1));
    }

    private Task<IReadOnlyList<ObservedState>> ObserveAsync(FakeServer server, bool isPartial, params int[] numbers) =>
        ObserveAsync(server, isPartial, new FakeClock(), Token, numbers);

    private async Task<IReadOnlyList<ObservedState>> ObserveAsync(FakeServer server, bool isPartial, FakeClock clock, CancellationToken cancellation, params int[] numbers)
    {
        using var engine = new EngineClient(server.Endpoint, clock);
        using var health = new HealthCheckRunner((_, _) => Task.FromResult(true), clock);
        using var snapshots = new SharedSnapshots((_, c) => _pm2(c));
        var observer = new Observer(
            NextCommand.Default, new Lazy<EngineClient>(engine),
            (_, c) =>
            {
                _asked++;
                return _pm2(c);
            },
            (_, _) => Task.FromResult(_isEmbedded), snapshots, health, clock);
        return await observer.ObserveAsync([.. numbers.Select(Studio.Spec)], Measure.Nothing, cancellation, isPartial);
    }
}
