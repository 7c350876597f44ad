using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Pm2;
using InstanceKit.Reconcile;
using InstanceKit.Starting;
using Xunit;

namespace InstanceKit.Tests.Starting;

/// <summary>Each error for what is not ready, with its remedy.</summary>
public sealed class BlockersTests
{
    private const string SeeLog = "See the full log: ./build.sh Logs --instance 1 --only ";

    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly AppPlan Backend = Studio.AppPlan(1, "backend") with { Needs = [new AppNeed("redis", 6479), new AppNeed("postgres", 5533)] };
    private static readonly AppPlan Worker = Studio.AppPlan(1, "worker");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_only_slow_is_no_failure()
    {
        var blockers = Of([Container("redis", ContainerState.Running, ContainerHealth.Unhealthy)], []);

        Assert.Null(await blockers.FindFailureAsync(Token));
        Assert.False(blockers.IsEmpty);
    }

    [Fact]
    public async Task A_container_that_deviates_is_to_be_replaced() => await FailsAsync(
        Of([Container("redis") with { Lacks = "it is not connected to network n" }], []),
        "service redis: it is not connected to network n.\n  Last lines of service redis:\n    last words of redis",
        $"Replace it: ./build.sh Up --instance 1\n{SeeLog}redis");

    [Fact]
    public async Task A_server_that_ended_well_is_to_be_started() => await FailsAsync(
        Of([Container("redis", ContainerState.Exited) with { StaysEnded = true, MustRun = "it publishes port 6479" }], []),
        "service redis exited with code 0, but it publishes port 6479.\n  Last lines of service redis:\n    last words of redis",
        $"Start it: ./build.sh Up --instance 1\n{SeeLog}redis");

    [Fact]
    public async Task A_service_that_failed_is_named_before_an_app_that_failed() => await FailsAsync(
        Of([Container("redis", ContainerState.Exited) with { StaysEnded = true, ExitCode = 1 }], [Process(Worker, ProcessState.Errored)], apps: [Worker]),
        "service redis: exited with code 1.\n  Last lines of service redis:\n    last words of redis", $"{SeeLog}redis");

    [Fact]
    public async Task An_app_that_failed_is_named_with_its_log() => await FailsAsync(
        Of([Container("redis")], [Process(Worker, ProcessState.Errored) with { Restarts = 16 }], apps: [Worker]),
        "app worker: PM2 gave up after 16 restarts.\n  app worker wrote nothing.", $"{SeeLog}worker");

    [Theory]
    [InlineData(ContainerHealth.Healthy, "Compose is still waiting for it")]
    [InlineData(ContainerHealth.Starting, "Compose is still waiting for it (health check has not passed yet)")]
    public async Task An_old_container_never_fails_and_never_is_ready(ContainerHealth health, string reason)
    {
        var blockers = Of([Container("redis", health: health)], [], unsettled: ["redis"]);

        Assert.Equal(reason, Assert.Single(blockers.Services).Readiness.Reason);
        Assert.Null(await Of([Container("redis", ContainerState.Exited) with { StaysEnded = true, ExitCode = 1 }], [], unsettled: ["redis"]).FindFailureAsync(Token));
    }

    [Fact]
    public void A_check_that_runs_on_demand_is_noticed()
    {
        var starting = Container("redis", health: ContainerHealth.Starting);

        Assert.True(Of([starting], []).IsChecking);
        Assert.False(Of([starting with { PassesHealthTest = true }], []).IsChecking);
        Assert.False(Of([starting with { Health = ContainerHealth.Unhealthy }], []).IsChecking);
    }

    [Fact]
    public void A_pending_app_names_each_service_that_is_not_ready()
    {
        Assert.Equal("not started; waiting for redis on port 6479, postgres on port 5533", Why([], new AppStarts { Pending = [Backend] }));
        Assert.Equal("not started; waiting for postgres on port 5533", Why([Container("redis")], new AppStarts { Pending = [Backend] }));
    }

    [Fact]
    public void A_pending_app_names_the_port_that_does_not_answer() => Assert.Equal(
        "not started; waiting for postgres on port 5533",
        Why([Container("redis"), Container("postgres")], new AppStarts { Pending = [Backend], Answering = new HashSet<int> { 6479 } }));

    [Fact]
    public void A_pending_app_whose_needs_are_met_waits_for_PM2()
    {
        ObservedContainer[] all = [Container("redis"), Container("postgres")];

        Assert.Equal("not started; PM2 is still starting worker", Why(all, new AppStarts { Pending = [Backend, Worker], BeingStarted = [Worker] }));
        Assert.Equal("PM2 is starting it", Why(all, new AppStarts { Pending = [Backend], BeingStarted = [Backend] }));
        Assert.Equal(
            "not started; waiting for PM2", Why(all, new AppStarts { Pending = [Backend], Answering = new HashSet<int> { 6479, 5533 } }));
    }

    [Fact]
    public async Task A_time_out_names_everything_and_shows_the_logs_of_three()
    {
        var services = new[] { "a", "b", "c", "d", "e" };

        var error = await Of([.. services.Skip(1).Select(s => Container(s, ContainerState.Created))], [], services: services).TimedOutAsync("no progress for 9 s", Token);

        Assert.Equal(
            "Instance 1 is not ready: no progress for 9 s.\n    service a: no container\n"
            + string.Concat(services.Skip(1).Select(s => $"    service {s}: created, not started\n")).TrimEnd('\n')
            + string.Concat(new[] { "b", "c", "d" }.Select(s => $"\n  Last lines of service {s}:\n    last words of {s}")), error.Message);
        Assert.Equal((ExitCode.NotReady, $"{SeeLog}a"), (error.ExitCode, error.Remedy));
    }

    [Fact]
    public async Task A_time_out_recommends_a_restart_of_apps_that_run()
    {
        var blockers = Of([Container("redis")], [Process(Backend), Process(Worker, ProcessState.Stopped)], apps: [Backend, Worker]);

        var error = await blockers.TimedOutAsync("timed out after 9 s", Token);

        Assert.Contains("app backend: does not listen on 3311 yet\n    app worker: stopped", error.Message, StringComparison.Ordinal);
        Assert.Equal($"Fix it and restart it: ./build.sh Restart --instance 1 --only backend\n{SeeLog}backend", error.Remedy);
    }

    [Fact]
    public async Task A_log_that_can_not_be_read_is_not_swallowed() => await Assert.ThrowsAsync<InvalidOperationException>(
        () => Of([Container("redis", ContainerState.Created)], [], tail: (_, _) => throw new InvalidOperationException()).TimedOutAsync("x", Token));

    private static string Why(ObservedContainer[] containers, AppStarts starts) =>
        Of(containers, [], apps: [Backend], services: ["redis", "postgres"], starts: starts).Apps[0].Readiness.Reason;

    private static async Task FailsAsync(Blockers blockers, string message, string remedy)
    {
        var error = await blockers.FindFailureAsync(Token);

        Assert.Equal($"Instance 1 is not ready: {message}", error!.Message);
        Assert.Equal((ExitCode.NotReady, remedy), (error.ExitCode, error.Remedy));
    }

    private static Blockers Of(
        IReadOnlyList<ObservedContainer> containers, IReadOnlyList<ObservedProcess> processes, IReadOnlyList<AppPlan>? apps = null,
        IReadOnlyList<string>? services = null, IReadOnlyList<string>? unsettled = null, AppStarts? starts = null,
        Func<string, CancellationToken, Task<IReadOnlyList<string>>>? tail = null) => new(
            NextCommand.Default, Now, tail ?? ((service, _) => Task.FromResult<IReadOnlyList<string>>([$"last words of {service}"])), Studio.Spec(1),
            services ?? [.. containers.Select(c => c.Service)], apps ?? [], new ObservedState(containers, processes, null),
            (unsettled ?? []).ToHashSet(), starts ?? AppStarts.None);

    private static ObservedContainer Container(
        string service, ContainerState state = ContainerState.Running, ContainerHealth health = ContainerHealth.None) => new()
    {
        Id = service, Name = service, Service = service, State = state, Health = health,
    };

    private static ObservedProcess Process(AppPlan app, ProcessState state = ProcessState.Online) => new()
    {
        Name = app.ProcessName, Pid = 7, State = state, StartedAt = Now - TimeSpan.FromMinutes(1),
    };
}
