using InstanceKit.Compose;
using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Platform;
using InstanceKit.Reconcile;
using InstanceKit.Starting;
using InstanceKit.Tests.Fakes;
using Xunit;

namespace InstanceKit.Tests.Starting;

/// <summary>What Compose and the engine are asked for, in which order, and what becomes of a refusal, a failure and an interruption.</summary>
public sealed class ServiceStarterTests : IServiceActions
{
    private static readonly ProcessResult Success = new(0, "", "");
    private static readonly ProcessResult Refusal = new(1, "", "no such image");

    private readonly List<string> _log = [];
    private readonly List<ObservedContainer> _before = [];
    private IReadOnlyList<ComposeService> _services = [Started("db"), Started("cache"), Started("web", "db", "cache")];
    private Func<string, CancellationToken, Task> _at = (_, _) => Task.CompletedTask;
    private Func<string, ProcessResult> _compose = _ => Success;
    private Func<string, string?> _engine = _ => null;
    private IReadOnlyList<AppPlan> _apps = [];
    private IReadOnlyDictionary<string, int> _times = new Dictionary<string, int>();
    private bool _keepsContainers;
    private string? _replaced;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Compose_creates_all_once_and_the_engine_starts_first_what_most_wait_for()
    {
        var starter = Create();

        Assert.True((await starter.RunAsync(["web", "cache", "db"], true, Token)).Succeeded);
        Assert.True((await starter.RunAsync([], true, Token)).Succeeded);

        Assert.Equal("create db cache web WhenChanged", _log[0]);
        Assert.Equal(["start cache", "start db"], _log[1..3].Order());
        Assert.Equal(["start web"], _log[3..]);
    }

    [Fact]
    public async Task What_apps_wait_for_starts_first_and_of_that_what_takes_longest()
    {
        _services = [Started("cache"), Started("slow"), Started("db"), Started("search") with { Image = "opensearchproject/opensearch:2" }, Started("temporal", "db"), Started("mail")];
        _apps = [FakeStart.App("backend", new AppNeed("temporal", 7233), new AppNeed("cache", 6379), new AppNeed("search", 9200))];
        _times = new Dictionary<string, int> { ["slow"] = 90_000, ["db"] = 900, ["temporal"] = 25_000, ["cache"] = 300 };

        await Create(atOnce: 1).RunAsync([.. _services.Select(s => s.Name)], true, Token);

        // temporal waits for db; slow is needed by nobody
        Assert.Equal(["start db", "start temporal", "start search", "start cache", "start slow", "start mail"], _log[1..]);
    }

    [Fact]
    public async Task What_waits_for_each_other_otherwise_is_left_to_Compose()
    {
        Assert.True((await Create().RunAsync(["db", "web"], false, Token)).Succeeded);
        _services = [Started("db"), Started("late") with { IsStartedByCompose = true }];
        Assert.True((await Create().RunAsync(["db", "late"], true, Token)).Succeeded);

        Assert.Equal(["up db web False WhenChanged", "create db late WhenChanged", "up db late True WhenChanged"], _log);
    }

    [Fact]
    public async Task Containers_are_brought_into_a_state_to_be_started_from_first()
    {
        _before.AddRange([Container("db", ContainerState.Paused), Container("cache", ContainerState.Restarting), Container("other", ContainerState.Paused)]);
        _before.Add(Container("web", ContainerState.Running) with { IsKnownToCompose = false });
        (_replaced, _keepsContainers) = ("web", true);

        Assert.True((await Create().RunAsync(["db"], true, Token)).Succeeded);

        Assert.Equal(
            ["unpause db", "stop cache", "stop web", "remove web", "create web Always", "create db cache web Never", "start db"], _log);
    }

    [Fact]
    public async Task What_Compose_refuses_is_returned_and_nothing_is_started()
    {
        _compose = _ => Refusal;

        Assert.Same(Refusal, await Create().RunAsync(["db"], true, Token));
        _replaced = "db";
        Assert.Same(Refusal, await Create().RunAsync(["db"], true, Token));

        Assert.Equal(["create db cache web WhenChanged", "create db Always"], _log);
    }

    [Fact]
    public async Task What_the_engine_refuses_is_in_the_form_of_Compose_and_what_needs_it_is_not_started()
    {
        _engine = service => service == "db" ? "port is already allocated" : null;

        var result = await Create().RunAsync(["web", "db", "cache"], true, Token);

        Assert.Equal((1, "Error response from daemon: port is already allocated\n"), (result.ExitCode, result.StandardError));
        Assert.DoesNotContain("start web", _log);
    }

    public static TheoryData<string> Steps => ["unpause db", "create web Always", "create db cache web WhenChanged", "start db", "up db False WhenChanged"];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_failure_that_nobody_expects_is_passed_on(string step)
    {
        Arrange(step);
        _at = (now, _) => now == step ? Task.FromException(new InvalidOperationException(step)) : Task.CompletedTask;

        Assert.Equal(step, (await Assert.ThrowsAsync<InvalidOperationException>(() => Create().RunAsync(["db"], !step.StartsWith("up", StringComparison.Ordinal), Token))).Message);
        Assert.Equal(step, _log[^1]);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task An_interruption_ends_it_at_every_step(string step)
    {
        Arrange(step);
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(Token);
        _at = async (now, cancellation) =>
        {
            if (now != step)
                return;
            await interrupted.CancelAsync();
            await Task.Delay(Timeout.Infinite, cancellation);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Create().RunAsync(["db"], !step.StartsWith("up", StringComparison.Ordinal), interrupted.Token));
        Assert.Equal(step, _log[^1]);
    }

    Task<ProcessResult> IServiceActions.CreateAsync(IReadOnlyList<string> services, ContainerRenewal renewal, CancellationToken cancellation) =>
        ComposeAsync($"create {string.Join(' ', services)} {renewal}", cancellation);

    Task<ProcessResult> IServiceActions.UpAsync(IReadOnlyList<string> services, bool isAlone, ContainerRenewal renewal, CancellationToken cancellation) =>
        ComposeAsync($"up {string.Join(' ', services)} {isAlone} {renewal}", cancellation);

    async Task<string?> IServiceActions.StartAsync(string service, CancellationToken cancellation)
    {
        await DoAsync($"start {service}", cancellation);
        return _engine(service);
    }

    Task IServiceActions.UnpauseAsync(string container, CancellationToken cancellation) => DoAsync($"unpause {container}", cancellation);

    Task IServiceActions.StopAsync(string container, CancellationToken cancellation) => DoAsync($"stop {container}", cancellation);

    Task IServiceActions.RemoveAsync(string container, CancellationToken cancellation) => DoAsync($"remove {container}", cancellation);

    private void Arrange(string step)
    {
        if (step.StartsWith("unpause", StringComparison.Ordinal))
            _before.Add(Container("db", ContainerState.Paused));
        if (step.EndsWith("Always", StringComparison.Ordinal))
            _replaced = "web";
    }

    private ServiceStarter Create(int atOnce = 2)
    {
        var plan = new InstancePlan
        {
            Spec = Studio.Spec(1), Ports = Studio.Ports(1), Files = [], Apps = _apps, Notes = [], Model = new ComposeModel("p", _services, [], [], ""),
        };
        var operations = new OperationPlan([.. _services.Select(s => new Operation(OperationKind.StartService, s.Name, "no container") { Replaces = s.Name == _replaced })]);
        return new ServiceStarter(
            this, new StartQueue(2), new StartQueue(atOnce), plan, operations, new ObservedState(_before, [], null), _keepsContainers, _times, new InstanceProgress(1, new Progress<InstanceEvent>()));
    }

    private async Task<ProcessResult> ComposeAsync(string step, CancellationToken cancellation)
    {
        await DoAsync(step, cancellation);
        return _compose(step);
    }

    private Task DoAsync(string step, CancellationToken cancellation)
    {
        lock (_log)
            _log.Add(step);
        return _at(step, cancellation);
    }

    private static ComposeService Started(string name, params string[] after) => new()
    {
        Name = name, DependsOn = after.ToDictionary(a => a, _ => ServiceGate.Started),
    };

    private static ObservedContainer Container(string service, ContainerState state) => new() { Id = service, Name = service, Service = service, State = state };
}
