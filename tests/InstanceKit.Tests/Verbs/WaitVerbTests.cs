using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Pm2;
using InstanceKit.Reconcile;
using InstanceKit.Starting;
using InstanceKit.Tests.Fakes;
using InstanceKit.Verbs;
using Xunit;

namespace InstanceKit.Tests.Verbs;

/// <summary>What Wait waits for, and what it ends with.</summary>
public sealed class WaitVerbTests : IDisposable
{
    private static readonly AppPlan Worker = FakeStart.App("worker");
    private static readonly AppPlan Frontend = FakeStart.App("frontend");

    private readonly string _workspace = Directory.CreateTempSubdirectory("ik-wait-").FullName;
    private readonly FakeStart _world = new();
    private readonly InstanceSpec _spec;

    public WaitVerbTests()
    {
        _spec = new InstanceSpec(Studio.Stack, _workspace, 1);
        InstanceStore.WriteRecord(_spec.Paths, new InstanceRecord
        {
            Project = _spec.Project, Ports = Studio.Ports(1), Services = ["redis"], Files = new Dictionary<string, string>(),
        }.ToJson());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_workspace, recursive: true);

    [Fact]
    public async Task It_ends_when_everything_wanted_is_ready()
    {
        _world.Set("redis", health: ContainerHealth.Starting);
        _world.Then(() => _world.Set(Worker)).Then(() => _world.Set("redis", health: ContainerHealth.Healthy)).Then(() => _world.Clock.Advance(TimeSpan.FromSeconds(1)));

        var result = await WaitAsync(["redis", "worker"]);

        Assert.Equal(Outcome.Done, result.Outcome);
        Assert.Equal(["redis: healthy", "worker: online"], _world.Log);
    }

    [Fact]
    public async Task What_is_not_running_is_not_waited_for()
    {
        var error = await Assert.ThrowsAsync<InstanceKitException>(() => WaitAsync([]));

        Assert.Equal((ExitCode.NotReady, "Instance 1 (shipsec-dev-1) is not running."), (error.ExitCode, error.Message));
        Assert.Equal("Start it: ./build.sh Up --instance 1", error.Remedy);
    }

    [Fact]
    public async Task What_another_command_works_on_may_fail_and_not_run_yet()
    {
        var held = InstanceLock.Acquire(_spec, "Up");
        _world.Then(() => _world.Set("redis", ContainerState.Exited, exitCode: 1)).Then(() => _world.Set("redis")).Then(held.Dispose);

        Assert.Equal(Outcome.Done, (await WaitAsync(["redis"])).Outcome);
    }

    [Fact]
    public async Task What_failed_for_good_ends_it()
    {
        _world.Set("redis", ContainerState.Exited, exitCode: 1);

        var error = await Assert.ThrowsAsync<InstanceKitException>(() => WaitAsync([]));

        Assert.StartsWith("Instance 1 is not ready: service redis: exited with code 1.", error.Message, StringComparison.Ordinal);
        Assert.Contains("last words of redis", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_times_out_however_much_moves()
    {
        var begin = _world.Clock.GetUtcNow();
        _world.Set("redis", health: ContainerHealth.Starting);
        _world.Set(Frontend, ProcessState.Launching);
        _world.At = (step, _) =>
        {
            if (step is StartStep.Pause && _world.Clock.GetUtcNow() - begin > TimeSpan.FromSeconds(20))
                _world.Set(Frontend, listens: false);
            return Task.CompletedTask;
        };

        var error = await Assert.ThrowsAsync<InstanceKitException>(() => WaitAsync(["redis", "frontend"]));

        Assert.StartsWith(
            "Instance 1 is not ready: timed out after 30 s.\n    service redis: health check has not passed yet\n    app frontend: does not listen on",
            error.Message, StringComparison.Ordinal);
        Assert.Equal(31, (_world.Clock.GetUtcNow() - begin).TotalSeconds);
    }

    [Theory]
    [InlineData(StartStep.Observe)]
    [InlineData(StartStep.Pause)]
    [InlineData(StartStep.Tail)]
    public async Task Cancellation_and_an_unexpected_exception_are_passed_on_at_every_step(StartStep step)
    {
        using var user = CancellationTokenSource.CreateLinkedTokenSource(Token);
        _world.Set("redis", step is StartStep.Tail ? ContainerState.Exited : ContainerState.Created, exitCode: 1);
        _world.At = (at, _) => at == step ? throw new InvalidOperationException() : Task.CompletedTask;
        await Assert.ThrowsAsync<InvalidOperationException>(() => WaitAsync(["redis"]));

        _world.At = async (at, c) =>
        {
            if (at != step)
                return;
            await user.CancelAsync();
            await Task.Delay(Timeout.Infinite, c);
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WaitAsync(["redis"], user.Token));
    }

    private Task<VerbResult> WaitAsync(IReadOnlyList<string> only, CancellationToken? cancellation = null) => new WaitVerb(
        new ManagerOptions { Workspace = _workspace, ToolsDirectory = "/tools" }, (_, _) => Task.FromResult<IWaitActions>(_world), _world.Clock, only,
        TimeSpan.FromSeconds(30)).RunAsync(_spec, new InstanceProgress(1, _world), cancellation ?? Token);
}
