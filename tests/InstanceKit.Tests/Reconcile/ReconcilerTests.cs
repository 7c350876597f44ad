using InstanceKit.Engine;
using InstanceKit.Pm2;
using InstanceKit.Reconcile;
using Xunit;

namespace InstanceKit.Tests.Reconcile;

public sealed class ReconcilerTests
{
    private static readonly DesiredState Desired = new(
        "shipsec-dev-1", ["init", "postgres"], "model", [new DesiredApp("backend", "shipsec-backend-1", "print")]);

    private static readonly ObservedState Running = new(
        [
            Container("init", ContainerState.Exited) with { StaysEnded = true },
            Container("postgres", ContainerState.Running),
        ],
        [Process(ProcessState.Online)],
        "model");

    [Fact]
    public void From_nothing_everything_is_started_in_order() => Assert.Equal(
        """
        start service init: no container
        start service postgres: no container
        start app shipsec-backend-1: no process

        """.ReplaceLineEndings("\n"),
        Reconciler.Up(Desired, ObservedState.Nothing).ToString());

    [Fact]
    public void What_runs_as_it_should_is_not_touched()
    {
        var plan = Reconciler.Up(Desired, Running);

        Assert.Equal("", plan.ToString());
        Assert.True(plan.IsEmpty);
    }

    [Fact]
    public void A_restart_stops_what_runs_and_leaves_out_what_has_done_its_work() => Assert.Equal(
        """
        restart service postgres: requested
        restart app shipsec-backend-1: requested

        """.ReplaceLineEndings("\n"),
        Reconciler.Restart(["init", "postgres"], ["shipsec-backend-1"], isNamed: false, Running).ToString());

    [Fact]
    public void A_restart_of_what_is_named_does_its_work_again_and_starts_what_does_not_run()
    {
        var observed = new ObservedState(
            [
                .. Running.Containers, Container("minio", ContainerState.Exited) with { ExitCode = 1 },
                Container("loki", ContainerState.Exited) with { Skipped = "needs Docker" },
            ],
            [Process(ProcessState.Errored)], null);

        Assert.Equal(
            """
            restart service init: exited
            restart service minio: exited
            start service redis: no container
            restart app shipsec-backend-1: errored
            start app shipsec-worker-1: no process

            """.ReplaceLineEndings("\n"),
            Reconciler.Restart(
                ["init", "minio", "redis", "loki"], ["shipsec-backend-1", "shipsec-worker-1"], isNamed: true, observed).ToString());
    }

    [Theory]
    [InlineData(ContainerState.Created, 0, false, "created but never started")]
    [InlineData(ContainerState.Exited, 1, false, "exited with code 1")]
    [InlineData(ContainerState.Exited, 0, false, "exited with code 0")]
    [InlineData(ContainerState.Exited, 137, true, "exited with code 137")]
    [InlineData(ContainerState.Exited, 0, true, null)]
    [InlineData(ContainerState.Dead, 0, false, "dead")]
    [InlineData(ContainerState.Paused, 0, false, "paused")]
    [InlineData(ContainerState.Restarting, 1, false, null)]
    [InlineData(ContainerState.Running, 0, false, null)]
    public void A_service_is_started_when_it_does_not_run(ContainerState state, long exitCode, bool staysEnded, string? cause)
    {
        var container = Container("postgres", state) with { ExitCode = exitCode, StaysEnded = staysEnded };

        Assert.Equal(
            cause is null ? "" : $"start service postgres: {cause}\n",
            Reconciler.Up(Desired, Running with { Containers = [Running.Containers[0], container] }).ToString());
    }

    [Fact]
    public void What_lacks_something_or_has_an_old_image_is_replaced_and_a_server_that_ended_is_started() => Assert.Equal(
        """
        start service init: exited with code 0
        replace service postgres: image p:1 was rebuilt
        replace service redis: it is not connected to network n
        start service worker: crash loop: 3 restarts, last exit code 2

        """.ReplaceLineEndings("\n"),
        Reconciler.Up(Desired with { Services = ["init", "postgres", "redis", "worker"] }, Running with
        {
            Containers =
            [
                Running.Containers[0] with { MustRun = "it publishes port 6379" },
                Container("postgres", ContainerState.Running) with { Image = "p:1", HasOldImage = true },
                Container("redis", ContainerState.Running) with { Lacks = "it is not connected to network n" },
                Container("worker", ContainerState.Restarting) with { ExitCode = 2, RestartCount = 3 },
            ],
        }).ToString());

    [Theory]
    [InlineData("other")]
    [InlineData(null)]
    public void Another_model_starts_every_service_and_no_app(string? applied) => Assert.Equal(
        """
        start service init: the compose model changed or was never fully applied
        start service postgres: the compose model changed or was never fully applied

        """.ReplaceLineEndings("\n"),
        Reconciler.Up(Desired, Running with { AppliedModel = applied }).ToString());

    [Fact]
    public void The_nearer_cause_is_told_when_the_model_changed_too() => Assert.Equal(
        """
        start service init: no container
        start service postgres: exited with code 2

        """.ReplaceLineEndings("\n"),
        Reconciler.Up(Desired, Running with
        {
            AppliedModel = null,
            Containers = [Container("postgres", ContainerState.Exited) with { ExitCode = 2 }],
        }).ToString());

    [Theory]
    [InlineData(ProcessState.Online, "print", null)]
    [InlineData(ProcessState.Online, "other", "its configuration changed")]
    [InlineData(ProcessState.Online, null, "its configuration changed")]
    [InlineData(ProcessState.Stopped, "print", "stopped")]
    [InlineData(ProcessState.Stopping, "print", "stopping")]
    [InlineData(ProcessState.Errored, "print", "errored")]
    [InlineData(ProcessState.Launching, "print", "launching")]
    [InlineData(ProcessState.WaitingRestart, "other", "waiting restart")]
    [InlineData(ProcessState.Unknown, "print", "unknown")]
    public void An_app_is_restarted_when_it_is_not_what_it_should_be(ProcessState state, string? fingerprint, string? cause) =>
        Assert.Equal(
            cause is null ? "" : $"restart app shipsec-backend-1: {cause}\n",
            Reconciler.Up(Desired, Running with { Processes = [Process(state) with { Fingerprint = fingerprint }] }).ToString());

    [Fact]
    public void An_app_that_looks_online_between_two_of_its_ends_is_restarted() => Assert.Equal(
        "restart app shipsec-backend-1: it exits repeatedly (4 restarts)\n",
        Reconciler.Up(
            Desired with { Apps = [Desired.Apps[0] with { Trouble = "it exits repeatedly (4 restarts)" }] }, Running).ToString());

    [Fact]
    public void Another_process_is_nobody_s_concern() => Assert.Equal(
        "start app shipsec-backend-1: no process\n",
        Reconciler.Up(Desired, Running with { Processes = [Process(ProcessState.Online) with { Name = "shipsec-backend-11" }] }).ToString());

    [Fact]
    public void An_app_of_the_instance_that_the_stack_has_no_longer_is_removed() => Assert.Equal(
        "remove app shipsec-site-1: no longer part of the stack\n",
        Reconciler.Up(Desired, Running with
        {
            Processes = [Process(ProcessState.Online), Process(ProcessState.Online) with { Name = "shipsec-site-1", Owner = "shipsec-dev-1" }],
        }).ToString());

    [Fact]
    public void Down_removes_apps_before_the_containers_that_they_use() => Assert.Equal(
        """
        remove app shipsec-backend-1: online
        remove container shipsec-dev-1-init-1: exited
        remove container shipsec-dev-1-postgres-1: running

        """.ReplaceLineEndings("\n"),
        Reconciler.Down(Running).ToString());

    [Fact]
    public void Down_of_nothing_is_nothing() => Assert.True(Reconciler.Down(ObservedState.Nothing).IsEmpty);

    private static ObservedContainer Container(string service, ContainerState state) => new()
    {
        Id = service, Name = $"shipsec-dev-1-{service}-1", Service = service, State = state,
    };

    private static ObservedProcess Process(ProcessState state) => new()
    {
        Name = "shipsec-backend-1", Pid = 4711, State = state, Fingerprint = "print",
    };
}
