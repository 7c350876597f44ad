using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Reconcile;
using InstanceKit.Tests.Fakes;
using Xunit;
using static InstanceKit.Tests.Fakes.FakeStart;

namespace InstanceKit.Tests.Starting;

/// <summary>How a start proceeds, and what it ends with, over a world of lists.</summary>
public sealed class StartSequenceTests
{
    private static readonly AppPlan Worker = FakeStart.App("worker", new AppNeed("temporal", 7333));

    private readonly FakeStart _start = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Services_start_in_stages_and_each_app_as_soon_as_its_needs_are_ready()
    {
        (_start.Services, _start.Apps) = ([Postgres, Redis, Temporal], [Backend, Frontend, Worker]);
        _start.Then(() => _start.Set("postgres", health: ContainerHealth.Starting))
            .Then(() => _start.Set("redis"))
            .Then(() => _start.Set("postgres", health: ContainerHealth.Healthy))
            .Then(() => _start.Set("temporal", ContainerState.Created))
            .Then(() => _start.Set("temporal"));

        var ready = await _start.RunAsync(Token);

        Assert.Equal(
            """
            start services postgres redis
            renew
            start apps frontend
            frontend: listens on 5273
            redis: running
            postgres: healthy
            start services temporal
            start apps backend
            renew
            backend: listens on 3311
            temporal: running
            start apps worker
            worker: online
            """, string.Join('\n', _start.Log));
        Assert.Equal((3, 3), (ready.Containers.Count, ready.Processes.Count));
    }

    [Fact]
    public async Task What_is_ready_already_is_neither_observed_again_nor_started()
    {
        _start.At = (_, _) => throw new InvalidOperationException("nothing is to be done");

        Assert.Equal([], (await _start.RunAsync(Token)).Containers);
        Assert.Empty(_start.Log);
    }

    [Fact]
    public async Task An_app_waits_until_the_port_of_a_healthy_service_answers()
    {
        (_start.Services, _start.Apps, _start.Answering) = ([Postgres], [Backend], []);
        _start.Then(() => _start.Set("postgres", health: ContainerHealth.Healthy))
            .Then(() => _start.Log.Add("still closed"))
            .Then(() => _start.Answering.Add(5533));

        await _start.RunAsync(Token);

        Assert.Equal(["start services postgres", "renew", "postgres: healthy", "still closed", "start apps backend", "backend: listens on 3311"], _start.Log);
    }

    [Fact]
    public async Task An_app_starts_without_a_service_that_is_skipped_here()
    {
        (_start.Services, _start.Apps, _start.Answering) = ([Postgres], [Backend], []);
        _start.Then(() =>
        {
            _start.Set("postgres");
            _start.Containers["postgres"] = _start.Containers["postgres"] with { Skipped = "needs Docker" };
        });

        await _start.RunAsync(Token);

        Assert.Contains("start apps backend", _start.Log);
    }

    [Fact]
    public async Task Apps_that_become_startable_during_a_start_wait_for_its_end()
    {
        (_start.Services, _start.Apps) = ([Postgres], [Backend, Frontend]);
        var pm2 = new TaskCompletionSource();
        _start.At = (step, _) => step is StartStep.StartApps ? pm2.Task : Task.CompletedTask;
        _start.Then(() => _start.Set("postgres", health: ContainerHealth.Healthy)).Then(() => { }).Then(pm2.SetResult);

        await _start.RunAsync(Token);

        Assert.Equal(
            ["start services postgres", "renew", "start apps frontend", "postgres: healthy", "frontend: listens on 5273", "start apps backend", "backend: listens on 3311"],
            _start.Log);
    }

    [Fact]
    public async Task The_old_container_of_a_service_and_the_old_process_of_an_app_do_not_count()
    {
        (_start.Services, _start.Apps) = ([Postgres], [Backend]);
        _start.Set("postgres", health: ContainerHealth.Healthy, id: "old");
        _start.Set(Backend, ProcessState.Errored);
        var compose = new TaskCompletionSource();
        _start.At = (step, _) => step is StartStep.StartServices ? compose.Task : Task.CompletedTask;
        _start.Then(() => _start.Log.Add("Compose still works"))
            .Then(() =>
            {
                _start.Set("postgres", health: ContainerHealth.Healthy);
                compose.SetResult();
            });

        await _start.RunAsync(Token);

        Assert.Equal(
            ["start services postgres", "Compose still works", "renew", "postgres: healthy", $"start apps backend, replacing {Backend.ProcessName}", "backend: listens on 3311"],
            _start.Log);
    }

    [Fact]
    public async Task A_service_that_exits_with_an_error_ends_the_start()
    {
        _start.Services = [Postgres];
        _start.Then(() => _start.Set("postgres", ContainerState.Exited, exitCode: 3));

        await FailsAsync(
            ExitCode.NotReady,
            """
            Instance 1 is not ready: service postgres: exited with code 3.
              Last lines of service postgres:
                last words of postgres
            """,
            "See the full log: ./build.sh Logs --instance 1 --only postgres");
    }

    [Fact]
    public async Task A_crash_loop_ends_the_start_and_restarts_before_it_do_not_count()
    {
        _start.Services = [Postgres];
        _start.Set("postgres", ContainerState.Restarting, exitCode: 3, restarts: 9, id: "same");
        _start.Then(() => _start.Set("postgres", ContainerState.Restarting, exitCode: 3, restarts: 11, id: "same"))
            .Then(() => _start.Log.Add("two more are no crash loop"))
            .Then(() => _start.Set("postgres", ContainerState.Restarting, exitCode: 3, restarts: 12, id: "same"));

        var error = await Assert.ThrowsAsync<InstanceKitException>(() => _start.RunAsync(Token));

        Assert.StartsWith("Instance 1 is not ready: service postgres: crash loop: 12 restarts, last exit code 3.", error.Message, StringComparison.Ordinal);
        Assert.Contains("two more are no crash loop", _start.Log);
    }

    [Fact]
    public async Task An_app_that_PM2_gave_up_ends_the_start()
    {
        _start.Apps = [Frontend];
        _start.Then(() => { }).Then(() => { });
        _start.At = (step, _) =>
        {
            if (step is StartStep.Observe && _start.Processes.Count > 0)
                _start.Set(Frontend, ProcessState.Errored, restarts: 16, exitCode: 1);
            return Task.CompletedTask;
        };

        await FailsAsync(
            ExitCode.NotReady,
            "Instance 1 is not ready: app frontend: PM2 gave up after 16 restarts, last exit code 1.\n  app frontend wrote nothing.",
            "See the full log: ./build.sh Logs --instance 1 --only frontend");
    }

    [Fact]
    public async Task An_app_without_a_port_that_was_in_a_crash_loop_must_run_longer_than_before()
    {
        _start.Apps = [FakeStart.App("worker")];
        _start.Restarted.Add("worker");
        _start.Set(_start.Apps[0], restarts: 4, exitCode: 1);
        var process = _start.Processes[_start.Apps[0].ProcessName];
        _start.Processes[process.Name] = process with { EarlyEnds = 1, RequestedAt = process.StartedAt - TimeSpan.FromSeconds(20) };
        var begin = _start.Clock.GetUtcNow();

        await _start.RunAsync(Token);

        // It ran for 5 s each time, and must now run for twice as long.
        Assert.Equal(TimeSpan.FromSeconds(10), _start.Clock.GetUtcNow() - begin);
    }

    [Fact]
    public async Task When_nothing_moves_for_the_time_limit_everything_that_is_not_ready_is_named()
    {
        (_start.Services, _start.Apps) = ([Postgres, Redis], [Backend, Frontend]);
        _start.Then(() => _start.Set("postgres", health: ContainerHealth.Starting)).Then(() => _start.Set("redis"));
        _start.At = (step, _) =>
        {
            if (step is StartStep.Observe && _start.Processes.Count > 0)
                _start.Set(Frontend, listens: false);
            return Task.CompletedTask;
        };

        await FailsAsync(
            ExitCode.NotReady,
            """
            Instance 1 is not ready: no progress for 30 s.
                service postgres: health check has not passed yet
                app backend: not started; waiting for postgres on port 5533
                app frontend: does not listen on 5273 yet
              Last lines of service postgres:
                last words of postgres
              app frontend wrote nothing.
            """,
            "Fix it and restart it: ./build.sh Restart --instance 1 --only frontend\nSee the full log: ./build.sh Logs --instance 1 --only postgres");
    }

    [Fact]
    public async Task The_time_limit_counts_from_the_last_progress()
    {
        _start.Services = [Postgres, Redis];
        var begin = _start.Clock.GetUtcNow();
        _start.Then(() => _start.Clock.Advance(TimeSpan.FromSeconds(29)))
            .Then(() => _start.Sequence!.Touch()) // Compose wrote a line
            .Then(() => _start.Clock.Advance(TimeSpan.FromSeconds(29)))
            .Then(() => _start.Set("redis"));

        await Assert.ThrowsAsync<InstanceKitException>(() => _start.RunAsync(Token));

        Assert.Equal(TimeSpan.FromSeconds(29 + 29 + 31), _start.Clock.GetUtcNow() - begin);
    }

    [Fact]
    public async Task PM2_that_does_not_end_a_start_is_named_and_given_ten_more_seconds()
    {
        _start.Apps = [Frontend, FakeStart.App("backend")];
        var isStopped = false;
        _start.At = async (step, c) =>
        {
            if (step is not StartStep.StartApps)
                return;
            using var stop = c.Register(() => isStopped = true);
            await Task.Delay(Timeout.Infinite, c);
        };
        var waits = new List<TimeSpan>();
        _start.Clock.OnWait = time =>
        {
            waits.Add(time);
            Assert.False(isStopped);
            ThreadPool.QueueUserWorkItem(_ => _start.Clock.Advance(time));
        };

        var error = await Assert.ThrowsAsync<InstanceKitException>(() => _start.RunAsync(Token));

        Assert.Contains("app frontend: PM2 is starting it", error.Message, StringComparison.Ordinal);
        Assert.Equal([TimeSpan.FromSeconds(10)], waits);
        Assert.True(isStopped);
    }

    [Fact]
    public async Task A_failure_of_Compose_is_explained_and_its_other_starts_are_stopped()
    {
        _start.Services = [Postgres, Redis, Temporal, FakeStart.Service("minio", "redis")];
        var isStopped = false;
        _start.Compose = services => services.Contains("temporal") ? new ProcessResult(1, "", "no such image") : new ProcessResult(0, "", "");
        _start.At = async (step, c) =>
        {
            if (step is not StartStep.StartServices || !_start.Log[^1].Contains("minio", StringComparison.Ordinal))
                return;
            using var stop = c.Register(() => isStopped = true);
            await Task.Delay(Timeout.Infinite, c);
        };
        _start.Then(() => _start.Set("redis", health: ContainerHealth.Healthy)).Then(() => _start.Set("postgres", health: ContainerHealth.Healthy));

        await FailsAsync(ExitCode.Failed, "explained: no such image", null);

        Assert.True(isStopped);
    }

    [Fact]
    public async Task A_dependency_that_failed_is_left_to_Compose_to_explain()
    {
        _start.Services = [Postgres, Temporal];
        _start.Compose = services => services.Contains("temporal") ? new ProcessResult(1, "", "dependency failed to start") : new ProcessResult(0, "", "");
        _start.Then(() => _start.Set("postgres", ContainerState.Exited, exitCode: 1));

        await FailsAsync(ExitCode.Failed, "explained: dependency failed to start", null);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PM2_that_Ctrl_C_reached_first_waits_a_second_for_this_process_to_handle_it(bool isCancelled)
    {
        using var user = CancellationTokenSource.CreateLinkedTokenSource(Token);
        _start.Apps = [Frontend];
        _start.At = (step, _) => step is StartStep.StartApps
            ? Task.FromException(new CommandFailedException("start the apps", new ProcessSpec { Program = "pm2" }, new ProcessResult(130, "", "")))
            : Task.CompletedTask;
        _start.Clock.OnWait = time =>
        {
            if (isCancelled)
                user.Cancel();
            else
                ThreadPool.QueueUserWorkItem(_ => _start.Clock.Advance(time));
        };

        var error = await Assert.ThrowsAnyAsync<Exception>(() => _start.RunAsync(user.Token));

        Assert.True(isCancelled ? error is OperationCanceledException : error is CommandFailedException, $"{error}");
    }

    private async Task FailsAsync(ExitCode code, string message, string? remedy)
    {
        var error = await Assert.ThrowsAsync<InstanceKitException>(() => _start.RunAsync(Token));

        Assert.Equal(message, error.Message);
        Assert.Equal((code, remedy), (error.ExitCode, error.Remedy));
    }
}
