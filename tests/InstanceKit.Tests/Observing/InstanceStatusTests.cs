using InstanceKit.Engine;
using InstanceKit.Observing;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Reconcile;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Observing;

public sealed class InstanceStatusTests
{
    private static readonly DateTimeOffset Now = new(2025, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly ObservedState Running = new(
        [Container("postgres") with { Health = ContainerHealth.Healthy, StartedAt = Now, RestartCount = 2 }, Container("redis")],
        [Process("frontend", 5273), Process("backend", 3311), Process("worker")],
        "model");

    [Fact]
    public void Everything_that_runs_is_ready()
    {
        var status = Status(Running);

        Assert.Equal(new Readiness(ReadyState.Ready, "everything is ready"), status.Readiness);
        Assert.Equal((1, "shipsec-dev-1", true), (status.Instance, status.Project, status.IsInitialized));
        Assert.Equal(["postgres", "redis", "frontend", "backend", "worker"], status.Components.Select(c => c.Name));
    }

    [Fact]
    public void A_service_says_what_its_container_is()
    {
        var postgres = Status(Running).Components[0];

        Assert.Equal(
            (OwnerKind.Service, "shipsec-dev-1-postgres-1", "running", "healthy", (int?)null, Now, 2L),
            (postgres.Kind, postgres.RuntimeName, postgres.State, postgres.Health, postgres.Pid, postgres.StartedAt, postgres.Restarts));
        Assert.Equal([5533], postgres.Ports.Select(p => p.Port));
        Assert.Null(Status(Running).Components[1].Health);
    }

    [Fact]
    public void Use_of_processors_is_the_average_since_the_start_and_then_since_an_earlier_look()
    {
        var first = Status(Used(seconds: 5), Now);
        var later = Status(Used(seconds: 6), Now.AddSeconds(10));

        Assert.Equal(5.0, first.Components[0].CpuPercent!.Value, 6);
        Assert.Null(first.Components[1].CpuPercent);
        Assert.Equal(5.0, first.CpuPercent!.Value, 6);
        Assert.Equal(10.0, later.Since(first, TimeSpan.FromSeconds(10)).Components[0].CpuPercent!.Value, 6);
        Assert.Equal(0, first.Since(later, TimeSpan.FromSeconds(10)).Components[0].CpuPercent);
        Assert.Equal(first, first.Since(later, TimeSpan.Zero));
    }

    [Fact]
    public void Use_of_another_run_is_not_set_off()
    {
        var first = Status(Used(seconds: 5), Now);
        var later = Status(Used(seconds: 1, started: Now), Now.AddSeconds(10));

        Assert.Equal(10.0, later.Since(first, TimeSpan.FromSeconds(10)).Components[0].CpuPercent!.Value, 6);
    }

    [Fact]
    public void Use_of_an_instance_is_the_sum_of_what_is_known()
    {
        var status = Status(Used(5) with
        {
            Processes = [Process("worker") with { Use = new ResourceUse { Memory = 10, BlockRead = 1 } }],
        }, Now);

        Assert.Equal(new ResourceUse { Cpu = TimeSpan.FromSeconds(5), Memory = 110, BlockRead = 1 }, status.Use);
    }

    [Fact]
    public void An_app_says_what_its_process_is()
    {
        var backend = Status(Running).Components.Single(c => c.Name == "backend");

        Assert.Equal(
            (OwnerKind.App, "shipsec-backend-1", "online", (string?)null, (int?)4711),
            (backend.Kind, backend.RuntimeName, backend.State, backend.Health, backend.Pid));
        Assert.Equal(["http://localhost:3311"], backend.Ports.Select(p => p.Endpoint));
    }

    [Fact]
    public void What_does_not_run_is_absent()
    {
        var status = Status(ObservedState.Nothing);

        Assert.Equal(new Readiness(ReadyState.Stopped, "not running"), status.Readiness);
        Assert.All(status.Components, c => Assert.Equal(
            ("absent", null, null, null, null, 0L), (c.State, c.RuntimeName, c.Health, c.Pid, c.StartedAt, c.Restarts)));
    }

    [Fact]
    public void A_container_of_no_declared_service_is_shown_too() => Assert.Equal(
        ["postgres", "redis", "orphan", "frontend", "backend", "worker"],
        Status(Running with { Containers = [.. Running.Containers, Container("orphan")] }).Components.Select(c => c.Name));

    [Fact]
    public void What_has_ended_runs_since_no_time()
    {
        var ended = Container("postgres") with { State = ContainerState.Exited, ExitCode = 1, StartedAt = Now };
        var stopped = Process("backend") with { State = ProcessState.Stopped, Pid = 0 };

        var status = Status(Running with { Containers = [ended], Processes = [stopped] });

        Assert.All(status.Components, c => Assert.Equal((null, null), (c.StartedAt, c.Pid)));
    }

    [Theory]
    [InlineData("starting", "online", "Waiting: postgres: health check has not passed yet")]
    [InlineData("starting", "none", "Stopped: backend: no process")]
    [InlineData("starting", "errored", "Failed: backend: PM2 gave up after 0 restarts")]
    [InlineData("none", "errored", "Failed: backend: PM2 gave up after 0 restarts")]
    [InlineData("none", "launching", "Stopped: postgres: no container")]
    [InlineData("ready", "launching", "Waiting: backend: launching")]
    public void The_summary_tells_the_gravest_reason_first(string service, string app, string expected)
    {
        ObservedContainer[] containers = service switch
        {
            "none" => [Container("redis")],
            "starting" => [Container("postgres") with { Health = ContainerHealth.Starting }, Container("redis")],
            _ => [.. Running.Containers],
        };
        ObservedProcess[] backend = app switch
        {
            "none" => [],
            "errored" => [Process("backend") with { State = ProcessState.Errored }],
            "launching" => [Process("backend") with { State = ProcessState.Launching }],
            _ => [Process("backend", 3311)],
        };

        var readiness = Status(Running with
        {
            Containers = containers,
            Processes = [Running.Processes[0], .. backend, Running.Processes[2]],
        }).Readiness;

        Assert.Equal(expected, $"{readiness.State}: {readiness.Reason}");
    }

    private static InstanceStatus Status(ObservedState observed) => Status(observed, Now);

    private static InstanceStatus Status(ObservedState observed, DateTimeOffset now) =>
        InstanceStatus.Create(Studio.Spec(1), true, ["postgres", "redis"], Studio.Ports(1), observed, now);

    private static ObservedState Used(double seconds, DateTimeOffset? started = null) => new(
        [
            Container("postgres") with
            {
                StartedAt = started ?? Now.AddSeconds(-100),
                Use = new ResourceUse { Cpu = TimeSpan.FromSeconds(seconds), Memory = 100 },
            },
        ],
        [], null);

    private static ObservedContainer Container(string service) => new()
    {
        Id = service, Name = $"shipsec-dev-1-{service}-1", Service = service, State = ContainerState.Running,
    };

    private static ObservedProcess Process(string app, params int[] ports) => new()
    {
        Name = $"shipsec-{app}-1", Pid = 4711, State = ProcessState.Online, StartedAt = Now.AddSeconds(-9), ListensOn = ports,
    };
}
