using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Faults;

/// <summary>A PM2 or a Compose that is there and does not answer, or answers nonsense; checks in containers that hang.</summary>
public sealed class SilentPartnerFaults : FaultScenario
{
    [Fault("PM2's daemon is stopped", section: 4)]
    public async Task The_daemon_of_PM2_is_stopped()
    {
        var run = await OnEngineAsync();
        await run.UpAsync();
        var pid = (await File.ReadAllTextAsync(Path.Combine(run.Workspace.Pm2Home, "pm2.pid"))).Trim();
        await SignalAsync("STOP", pid);
        try
        {
            var status = await run.CallAsync("Status");
            run.Expect(status, 3, "PM2", pid, run.Workspace.Pm2Home, "redis", "running");
            Assert.True(status.Elapsed.TotalSeconds < 10, $"Status took {status.Elapsed.TotalSeconds:0.0} s.");
            run.Expect(await run.CallAsync("Down"), 3, "PM2", $"kill -CONT {pid}");
        }
        finally
        {
            await SignalAsync("CONT", pid);
        }

        await run.ConcludeAsync();
    }

    [Fault("PM2's socket accepts and never answers", section: 4)]
    public async Task The_socket_of_PM2_never_answers()
    {
        var run = await OnFilesAsync();
        await run.InitializeAsync();
        Directory.CreateDirectory(run.Workspace.Pm2Home);
        using (new FakeServer(Path.Combine(run.Workspace.Pm2Home, "rpc.sock"), FakeServer.SilentAsync))
        {
            var status = await run.CallAsync("Status");
            run.Expect(status, 3, "PM2", run.Workspace.Pm2Home, "does not answer");
            Assert.True(status.Elapsed.TotalSeconds < 10, $"Status took {status.Elapsed.TotalSeconds:0.0} s.");
            run.Expect(await run.CallAsync("Down"), 3, "PM2", run.Workspace.Pm2Home, "does not answer");
        }

        await run.ConcludeAsync();
    }

    [Fault("docker compose prints something else than a model", section: 4, Quick = true)]
    public async Task Compose_prints_nonsense()
    {
        var run = await OnEngineAsync();
        using (var wrong = ProgramFolder.With("docker", "echo '<html>It works!</html>'"))
        {
            run.Workspace.Environment["PATH"] = wrong.SearchPath;
            run.Expect(await run.CallAsync("Up"), 3, "docker compose version", "It works!", "PATH");
            run.Workspace.Environment.Remove("PATH");
        }

        await run.InitializeAsync();
        await run.ConcludeAsync();
    }

    [Fault("docker compose hangs", section: 4)]
    public async Task Compose_hangs()
    {
        var run = await OnEngineAsync();
        using (var deaf = ProgramFolder.With("docker", "trap '' INT; exec sleep 120"))
        {
            run.Workspace.Environment["PATH"] = deaf.SearchPath;
            run.Expect(await run.CallAsync("Up"), 3, "docker compose version", "did not finish within");
            run.Workspace.Environment.Remove("PATH");
        }

        await run.InitializeAsync();
        await run.ConcludeAsync();
    }

    [Fault("A health check hangs in its container", section: 4)]
    public async Task A_health_check_hangs()
    {
        var run = await OnEngineAsync(TinyStack.With("""
              stuck:
                image: ${TOOLS_IMAGE}
                command: sleep infinity
                init: true
                healthcheck: { test: "test -e /tmp/go || sleep 987", interval: 1h, timeout: 1h }
            """));
        await run.InitializeAsync();
        run.Expect(await run.CallAsync("Up", "--timeout", "8"), 5, "stuck", "health check");

        var container = (await run.Instance.ContainersAsync()).Single(c => c.Service == "stuck");
        Assert.DoesNotContain("987", await TestEngine.RunAsync("top", container.Id, "-o", "pid,args"), StringComparison.Ordinal);
        await TestEngine.RunAsync("exec", container.Id, "touch", "/tmp/go");
        await run.ConcludeAsync();
    }

    private static async Task SignalAsync(string signal, string pid)
    {
        using var kill = System.Diagnostics.Process.Start("kill", ["-s", signal, pid]);
        await kill.WaitForExitAsync();
    }
}
