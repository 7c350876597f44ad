using System.Net;
using System.Net.Sockets;
using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Faults;

/// <summary>What a person does by hand, behind the program's back, to what an instance has on the engine.</summary>
public sealed class HandFaults : FaultScenario
{
    [Fault("A container is removed by hand", section: 1, Quick = true)]
    public async Task A_container_is_removed()
    {
        var run = await OnEngineAsync();
        await run.UpAsync();
        await TestEngine.RunAsync("rm", "--force", await RedisAsync(run));

        run.Expect(await run.CallAsync("Status", "--require-ready"), 5, "redis");
        await run.ConcludeAsync();
    }

    [Fault("A container is killed by hand", section: 1)]
    public async Task A_container_is_killed()
    {
        var run = await OnEngineAsync();
        await run.UpAsync();
        await TestEngine.RunAsync("kill", await RedisAsync(run));

        run.Expect(await run.CallAsync("Status", "--require-ready"), 5, "redis");
        await run.ConcludeAsync();
    }

    [Fault("A container is renamed by hand", section: 8)]
    public async Task A_container_is_renamed()
    {
        var run = await OnEngineAsync();
        await run.UpAsync();
        await TestEngine.RunAsync("rename", await RedisAsync(run), $"{run.Instance.Project}-renamed");

        run.Expect(await run.CallAsync("Status"), 0, "redis");
        await run.ConcludeAsync();
    }

    [Fault("The network is taken away by hand", section: 1)]
    public async Task The_network_is_taken_away()
    {
        var run = await OnEngineAsync();
        await run.UpAsync();
        var network = Assert.Single(await TestEngine.NetworksAsync(run.Instance.Project)).Name;
        await TestEngine.RunAsync("network", "disconnect", "--force", network, await RedisAsync(run));
        await TestEngine.RunAsync("network", "rm", network);

        run.Expect(await run.CallAsync("Status"), 0, "redis");
        await run.ConcludeAsync();
    }

    [Fault("All containers and networks are removed by hand", section: 8)]
    public async Task Everything_but_the_volume_is_removed()
    {
        var run = await OnEngineAsync();
        await run.UpAsync();
        await TestEngine.RunAsync("rm", "--force", await RedisAsync(run));
        await TestEngine.RunAsync("network", "rm", Assert.Single(await TestEngine.NetworksAsync(run.Instance.Project)).Name);

        run.Expect(await run.CallAsync("Status", "--require-ready"), 5, "redis");
        await run.ConcludeAsync();
    }

    [Fault("A stranger's container uses the volume while Clean runs", section: 8)]
    public async Task The_volume_is_in_use()
    {
        var run = await OnEngineAsync();
        await run.UpAsync();
        var volume = Assert.Single(await TestEngine.VolumesAsync(run.Instance.Project)).Name;
        var stranger = $"{run.Instance.Project}-stranger";
        await TestEngine.RunAsync("run", "--detach", "--init", "--name", stranger, "--volume", $"{volume}:/data", Requires.Image, "sleep", "600");
        try
        {
            run.Expect(await run.CallAsync("Clean"), 1, volume, "docker ps");
        }
        finally
        {
            await TestEngine.RunAsync("rm", "--force", stranger);
        }

        await run.ConcludeAsync();
    }

    [Fault("A port is taken while the instance is down", section: 8)]
    public async Task A_port_is_taken()
    {
        var run = await OnEngineAsync();
        await run.UpAsync();
        (await run.CallAsync("Down")).Expect(0);
        using (var listener = new TcpListener(IPAddress.Loopback, run.Instance.Port(6379)))
        {
            listener.Start();
            run.Expect(await run.CallAsync("Up"), 4, $"{run.Instance.Port(6379)}", $"{Environment.ProcessId}");
        }

        await run.ConcludeAsync();
    }

    [Fault(".instances is deleted while the instance runs", section: 2)]
    public async Task The_instances_folder_is_deleted()
    {
        var run = await OnEngineAsync();
        await run.UpAsync();
        run.GiveEditUp();
        Directory.Delete(run.Workspace.PathOf(".instances"), recursive: true);

        run.Expect(await run.CallAsync("Status"), 0, "redis");
        await run.ConcludeAsync();
    }

    private static async Task<string> RedisAsync(FaultRun run) => Assert.Single(await run.Instance.ContainersAsync(), c => c.Service == "redis").Id;
}
