using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Platform;
using InstanceKit.Tests.Fakes;
using Xunit;
using static InstanceKit.Tests.Fakes.FakeStart;

namespace InstanceKit.Tests.Starting;

/// <summary>What starts first where processors are few.</summary>
public sealed class StartOrderTests
{
    private readonly FakeStart _start = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Few_processors_serve_first_what_others_wait_for()
    {
        var ui = Postgres with { Name = "ui", Ports = [new PublishedPort("ui", 80, 8080)], DependsOn = new Dictionary<string, string> { ["temporal"] = ServiceGate.Started } };
        (_start.Services, _start.Apps, _start.Processors) = ([Postgres, Redis, Temporal, ui], [Backend, Frontend], 2);
        _start.Then(() => _start.Set("postgres", ContainerState.Created))
            .Then(() => _start.Set("postgres", health: ContainerHealth.Starting))
            .Then(() => _start.Set("redis"))
            .Then(() => _start.Set("postgres", health: ContainerHealth.Healthy))
            .Then(() =>
            {
                _start.Set("temporal");
                _start.Set(Backend, listens: false);
            })
            .Then(() => _start.Set(Backend))
            .Then(() => _start.Set("ui"));

        await _start.RunAsync(Token);

        Assert.Equal(
            """
            start services postgres redis
            renew
            redis: running
            start apps frontend
            postgres: healthy
            frontend: listens on 5273
            start services temporal
            start apps backend
            renew
            temporal: running
            backend: listens on 3311
            start services ui
            renew
            ui: running
            """, string.Join('\n', _start.Log));
    }

    [Fact]
    public async Task What_nothing_waits_for_starts_after_three_seconds_in_which_nothing_moves()
    {
        var ui = Postgres with { Name = "ui", Ports = [new PublishedPort("ui", 80, 8080)], DependsOn = new Dictionary<string, string> { ["postgres"] = ServiceGate.Healthy } };
        (_start.Services, _start.Apps, _start.Processors) = ([Postgres, ui], [Backend], 2);
        _start.At = (step, _) =>
        {
            if (step == StartStep.StartApps)
                _start.Clock.Advance(TimeSpan.FromSeconds(1));
            return Task.CompletedTask;
        };
        _start.Set("postgres", health: ContainerHealth.Healthy);
        _start.Then(() => _start.Set(Backend, listens: false));
        for (var i = 0; i < 4; i++)
            _start.Then(() => _start.Clock.Advance(TimeSpan.FromSeconds(1)));
        _start.Then(() => _start.Set(Backend)).Then(() => _start.Set("ui"));

        await _start.RunAsync(Token);

        Assert.True(_start.Log.IndexOf("start services ui") < _start.Log.IndexOf("backend: listens on 3311"), string.Join('\n', _start.Log));
    }

    [Fact]
    public async Task Tenants_are_prepared_while_services_start_and_apps_wait_for_both()
    {
        var tenants = new TaskCompletionSource();
        (_start.Services, _start.Apps) = ([Redis], [Backend, Frontend]);
        _start.Provision = _ =>
        {
            _start.Log.Add("prepare tenants");
            return tenants.Task;
        };
        _start.Then(() => _start.Set("redis")).Then(() => _start.Log.Add("still preparing")).Then(tenants.SetResult);

        await _start.RunAsync(Token);

        Assert.Equal(
            "prepare tenants, start services redis, renew, redis: running, still preparing, start apps backend frontend, backend: listens on 3311, frontend: listens on 5273",
            string.Join(", ", _start.Log));
    }

    [Fact]
    public async Task A_tenant_that_can_not_be_prepared_stops_the_rest_and_starts_no_app()
    {
        (_start.Services, _start.Apps) = ([Redis], [Backend]);
        var isStopped = false;
        _start.At = async (step, stop) =>
        {
            if (step == StartStep.StartServices)
                await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => isStopped = true, TaskScheduler.Default);
        };
        _start.Provision = _ => Task.FromException(new InstanceKitException(ExitCode.Failed, "no such role"));

        Assert.Equal("no such role", (await Assert.ThrowsAsync<InstanceKitException>(() => _start.RunAsync(Token))).Message);
        Assert.True(isStopped);
        Assert.Equal(["start services redis"], _start.Log);
    }

    [Fact]
    public async Task A_start_that_fails_stops_the_preparation_of_tenants()
    {
        var isStopped = false;
        (_start.Services, _start.Compose) = ([Redis], _ => new ProcessResult(1, "", "no such image"));
        _start.Provision = async stop =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, stop);
            }
            finally
            {
                isStopped = true;
            }
        };

        Assert.Equal("explained: no such image", (await Assert.ThrowsAsync<InstanceKitException>(() => _start.RunAsync(Token))).Message);
        Assert.True(isStopped);
    }

    [Fact]
    public async Task All_ports_that_apps_need_are_asked_at_once()
    {
        (_start.Services, _start.Apps) = ([Postgres, Redis], [FakeStart.App("backend", new AppNeed("postgres", 5533), new AppNeed("redis", 6479))]);
        var asked = 0;
        var both = new TaskCompletionSource();
        _start.At = (step, _) =>
        {
            if (step != StartStep.Answers)
                return Task.CompletedTask;
            if (++asked == 2)
                both.SetResult();
            return both.Task;
        };
        _start.Set("postgres");
        _start.Set("redis");

        await _start.RunAsync(Token).WaitAsync(TimeSpan.FromSeconds(20), Token);

        Assert.Equal(2, asked);
    }
}
