using System.Globalization;
using InstanceKit.IntegrationTests.Support;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>The PM2 daemon, which belongs to the user and not to an instance.</summary>
public sealed class Pm2DaemonTests : Scenario
{
    [Fact]
    public async Task Apps_whose_daemon_was_killed_are_replaced_by_the_next_Up()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        await workspace.UpAsync(instance);
        var containers = await instance.ContainersAsync();
        var orphan = (int)(await TinyWorkspace.AskAsync(instance.BackendPort))["pid"]!;
        await KillDaemonAsync(workspace);
        Assert.Equal(orphan, (int)(await TinyWorkspace.AskAsync(instance.BackendPort))["pid"]!);

        var status = (await workspace.RunJsonAsync(3, "Status", instance)).Of(instance);
        Assert.Equal("failed: unknown: PM2's daemon is not running", status.ReadinessOf("backend"));
        var up = await workspace.RunJsonAsync(0, "Up", instance);

        Assert.Equal("done", up.OutcomeOf(instance));
        var successor = (int)(await TinyWorkspace.AskAsync(instance.BackendPort))["pid"]!;
        Assert.NotEqual(orphan, successor);
        Assert.Equal((await instance.ProcessAsync("backend")).Pid, successor);
        Assert.Null(ProcessTree.ReadOne(orphan));
        Assert.Equal(containers.Select(c => (c.Id, c.StartedAt)), (await instance.ContainersAsync()).Select(c => (c.Id, c.StartedAt)));

        await workspace.RunJsonAsync(0, "Down", instance);
        Assert.False(workspace.IsPm2Alive); // this daemon was started by Up
    }

    [Fact]
    public async Task Apps_whose_daemon_was_killed_are_ended_by_Down()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        await workspace.UpAsync(instance);
        var orphan = (int)(await TinyWorkspace.AskAsync(instance.BackendPort))["pid"]!;
        await KillDaemonAsync(workspace);

        await workspace.RunJsonAsync(0, "Down", instance);

        Assert.Null(ProcessTree.ReadOne(orphan));
        Assert.Empty(ListeningSockets.Snapshot([instance.BackendPort, instance.FrontendPort]));
    }

    [Fact]
    public async Task Other_apps_of_the_daemon_are_never_touched()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        workspace.Write("foreign.cjs", "setInterval(() => {}, 1000);");

        // Names that a careless pattern would also hit.
        string[] names = [$"{instance.ProcessName("backend")}0", $"my-{instance.ProcessName("worker")}", "backend", "all"];
        foreach (var name in names)
            Assert.True((await workspace.RunPm2Async("start", workspace.PathOf("foreign.cjs"), "--name", name)).Succeeded);
        var before = await ForeignAsync();
        Assert.Equal(4, before.Split('\n').Length);

        foreach (var verb in new[] { "Up", "Down", "Clean" })
        {
            await workspace.RunJsonAsync(0, verb, instance);
            Assert.Equal(before, await ForeignAsync());
        }

        async Task<string> ForeignAsync() => string.Join(
            '\n', (await workspace.ProcessesAsync()).Where(p => names.Contains(p.Name)).Select(p => $"{p.Name} {p.Pid} {p.Restarts} {p.Status}"));
    }

    [Fact]
    public async Task A_daemon_that_Up_has_started_ends_with_the_last_Clean_and_one_of_the_user_stays()
    {
        var workspace = await CreateEmbeddedWorkspaceAsync(new TinyStack());
        var (first, second) = (workspace.TakeInstance(), workspace.TakeInstance());
        await workspace.UpAsync(first);
        await workspace.UpAsync(second);

        await workspace.RunJsonAsync(0, "Down", first);
        Assert.True(workspace.IsPm2Alive);
        await workspace.RunJsonAsync(0, "Clean", second);
        Assert.False(workspace.IsPm2Alive);

        Assert.True((await workspace.RunPm2Async("ping")).Succeeded); // a daemon without apps, started by hand
        await workspace.UpAsync(second);
        await workspace.RunJsonAsync(0, "Clean", second);
        Assert.True(workspace.IsPm2Alive);
    }

    private static async Task KillDaemonAsync(TestWorkspace workspace)
    {
        var daemon = int.Parse(
            await File.ReadAllTextAsync(Path.Combine(workspace.Pm2Home, "pm2.pid"), Cancellation), CultureInfo.InvariantCulture);
        var survivors = await OwnedProcesses.EndAsync([ProcessTree.ReadOne(daemon)!], TimeSpan.Zero, Cancellation);
        Assert.Empty(survivors);
    }
}
