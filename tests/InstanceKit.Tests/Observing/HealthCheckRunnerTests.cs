using System.Net;
using System.Net.Sockets;
using InstanceKit.Engine;
using InstanceKit.Observing;
using InstanceKit.Tests.Fakes;
using Xunit;

namespace InstanceKit.Tests.Observing;

/// <summary>When health checks are run on demand, and what comes of them.</summary>
public sealed class HealthCheckRunnerTests : IDisposable
{
    private static readonly ObservedContainer Due = new()
    {
        Id = "c1", Name = "redis", Service = "redis", State = ContainerState.Running, Health = ContainerHealth.Starting,
    };

    private readonly FakeClock _clock = new();
    private readonly HealthCheckRunner _runner;
    private Func<CancellationToken, Task<bool>> _check = _ => Task.FromResult(true);
    private int _asked;

    public HealthCheckRunnerTests() => _runner = new HealthCheckRunner(
        (_, c) =>
        {
            Interlocked.Increment(ref _asked);
            return _check(c);
        }, _clock);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _runner.Dispose();

    [Fact]
    public async Task Only_a_running_container_whose_health_is_unknown_is_checked()
    {
        ObservedContainer[] others =
        [
            Due with { Health = ContainerHealth.Healthy }, Due with { Health = ContainerHealth.None }, Due with { State = ContainerState.Exited },
            Due with { PassesHealthTest = true },
        ];

        foreach (var other in others)
            Assert.Same(other, await _runner.CompleteAsync(other, Token));
        Assert.Same(others, _runner.Advance(others, Token));
        Assert.Equal(0, _asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_check_that_is_waited_for_counts(bool passes)
    {
        _check = _ => Task.FromResult(passes);

        Assert.Equal(passes, (await _runner.CompleteAsync(Due, Token)).PassesHealthTest);
        Assert.Equal(1, _asked);
    }

    [Fact]
    public void A_check_is_begun_without_waiting_and_not_begun_twice()
    {
        var end = new TaskCompletionSource<bool>();
        _check = _ => end.Task;

        Assert.False(Passes());
        Assert.False(Passes());
        end.SetResult(true);
        Assert.True(Passes());
        Assert.True(Passes());
        Assert.Equal(1, _asked);
    }

    [Fact]
    public void The_end_of_a_check_can_be_waited_for()
    {
        var end = new TaskCompletionSource<bool>();
        _check = _ => end.Task;

        Assert.True(_runner.NextEnd().IsCompleted);
        Passes();
        var next = _runner.NextEnd();
        Assert.False(next.IsCompleted);
        end.SetResult(true);
        Assert.True(next.IsCompleted);
    }

    [Fact]
    public void A_container_that_was_started_again_is_checked_again()
    {
        Assert.False(Passes());
        Assert.True(Passes());

        Assert.False(Passes(Due with { StartedAt = _clock.GetUtcNow() }));
        Assert.Equal(2, _asked);
    }

    [Theory]
    [InlineData(0, 150)]
    [InlineData(40, 150)]
    [InlineData(1000, 3000)] // three times as long as it took
    public void A_check_that_failed_pauses(int took, int pause)
    {
        _check = _ =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(took));
            return Task.FromResult(false);
        };

        Passes();
        _clock.Advance(TimeSpan.FromMilliseconds(pause - 1));
        Passes();
        Assert.Equal(1, _asked);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Passes();
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task An_unexpected_exception_is_passed_on_to_whoever_waits_and_otherwise_the_check_is_run_again()
    {
        _check = _ => throw new InvalidOperationException();

        await Assert.ThrowsAsync<InvalidOperationException>(() => _runner.CompleteAsync(Due, Token));
        Assert.False(Passes());
        _check = _ => Task.FromResult(true);
        Assert.False(Passes());
        Assert.True(Passes());
    }

    [Fact]
    public async Task Cancellation_ends_a_check_that_is_waited_for()
    {
        using var user = CancellationTokenSource.CreateLinkedTokenSource(Token);
        _check = async c =>
        {
            await user.CancelAsync();
            await Task.Delay(Timeout.Infinite, c);
            return true;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _runner.CompleteAsync(Due, user.Token));
        Assert.False((await _runner.CompleteAsync(Due with { State = ContainerState.Exited }, Token)).PassesHealthTest);
    }

    [Fact]
    public async Task Only_as_many_run_at_once_as_there_are_processors()
    {
        var end = new TaskCompletionSource<bool>();
        _check = _ => end.Task;
        var many = Enumerable.Range(0, Environment.ProcessorCount + 3).Select(i => _runner.CompleteAsync(Due with { Id = $"c{i}" }, Token)).ToList();
        Assert.Equal(Environment.ProcessorCount, _asked);

        end.SetResult(true);

        Assert.All(await Task.WhenAll(many), c => Assert.True(c.PassesHealthTest));
        Assert.Equal(many.Count, _asked);
    }

    [Fact]
    public async Task A_young_container_whose_ports_do_not_answer_is_not_checked_yet()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // and does not listen
        var young = Due with { StartedAt = _clock.GetUtcNow(), Published = [((IPEndPoint)socket.LocalEndPoint!).Port] };

        Passes(young);
        await Task.Run(() => SpinWait.SpinUntil(() => Passes(young), TimeSpan.FromMilliseconds(100)), Token);
        Assert.Equal(0, _asked);

        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True(await Task.Run(() => SpinWait.SpinUntil(() => Passes(young), TimeSpan.FromSeconds(20)), Token));
    }

    [Theory]
    [InlineData(nameof(PortAnswer.Passed), 0, true)]
    [InlineData(nameof(PortAnswer.NotYet), 0, false)] // nothing is run in a young container
    [InlineData(nameof(PortAnswer.Unclear), 1, true)]
    public void A_published_port_that_can_be_asked_saves_the_process_in_the_container(string answer, int asked, bool passes)
    {
        using var runner = new HealthCheckRunner(
            (_, _) =>
            {
                _asked++;
                return Task.FromResult(true);
            }, _clock, (_, _) => Task.FromResult(Enum.Parse<PortAnswer>(answer)));
        var young = Due with { StartedAt = _clock.GetUtcNow() };

        Assert.False(runner.Advance([young], Token)[0].PassesHealthTest);
        Assert.Equal(passes, runner.Advance([young], Token)[0].PassesHealthTest);
        Assert.Equal(asked, _asked);

        _clock.Advance(TimeSpan.FromSeconds(5));
        runner.Advance([young], Token);
        Assert.True(runner.Advance([young], Token)[0].PassesHealthTest); // the check may know better than the port
    }

    [Theory]
    [InlineData(nameof(PortAnswer.Passed), 0)]
    [InlineData(nameof(PortAnswer.NotYet), 1)]
    public async Task So_it_does_where_the_check_is_waited_for(string answer, int asked)
    {
        using var runner = new HealthCheckRunner((_, _) => Task.FromResult(++_asked > 0), _clock, (_, _) => Task.FromResult(Enum.Parse<PortAnswer>(answer)));

        Assert.True((await runner.CompleteAsync(Due, Token)).PassesHealthTest);
        Assert.Equal(asked, _asked);
    }

    [Fact]
    public void At_the_end_running_checks_are_cancelled_and_waited_for()
    {
        var hasEnded = false;
        _check = async c =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, c);
                return true;
            }
            finally
            {
                await Task.Yield();
                hasEnded = true;
            }
        };
        Passes();

        _runner.Dispose();

        Assert.True(hasEnded);
    }

    private bool Passes(ObservedContainer? container = null) => _runner.Advance([container ?? Due], Token)[0].PassesHealthTest;
}
