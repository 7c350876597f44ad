using System.Net;
using System.Net.Sockets;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.IntegrationTests.Faults;

/// <summary>What happens to the processes and files of an instance whose services are processes.</summary>
public sealed class ProcessFaults : FaultScenario
{
    [Fault("An app is stopped in PM2 by hand", section: 1, Quick = true)]
    public async Task An_app_is_stopped()
    {
        var run = await WithoutEngineAsync();
        await run.UpAsync();
        await run.Workspace.RunPm2Async("stop", run.Instance.ProcessName("backend"));

        run.Expect(await run.CallAsync("Status", "--require-ready"), 5, "backend", "stopped");
        await run.ConcludeAsync();
    }

    [Fault("An app is deleted in PM2 by hand", section: 1)]
    public async Task An_app_is_deleted()
    {
        var run = await WithoutEngineAsync();
        await run.UpAsync();
        await run.Workspace.RunPm2Async("delete", run.Instance.ProcessName("worker"));

        run.Expect(await run.CallAsync("Status", "--require-ready"), 5, "worker");
        await run.ConcludeAsync();
    }

    [Fault("PM2's daemon is killed, and its apps live on", section: 4)]
    public async Task The_daemon_is_killed()
    {
        var run = await WithoutEngineAsync();
        await run.UpAsync();
        await SignalAsync("KILL", (await File.ReadAllTextAsync(Path.Combine(run.Workspace.Pm2Home, "pm2.pid"), Cancellation)).Trim());

        run.Expect(await run.CallAsync("Status", "--require-ready"), 3, "backend", "PM2's daemon", "still are");
        await run.ConcludeAsync();
    }

    [Fault("The server of a service is killed", section: 1)]
    public async Task A_server_is_killed()
    {
        var run = await WithoutEngineAsync();
        await run.UpAsync();
        var server = (await run.Workspace.ProcessesAsync()).Single(p => p.Name.Contains("-infra-redis-", StringComparison.Ordinal));
        await run.Workspace.RunPm2Async("stop", server.Name);

        run.Expect(await run.CallAsync("Status", "--require-ready"), 5, "redis");
        await run.ConcludeAsync();
    }

    [Fault("An app is killed again and again, and PM2 starts it", section: 1)]
    public async Task An_app_is_killed_and_started_again()
    {
        var run = await WithoutEngineAsync();
        await run.UpAsync();
        for (var i = 0; i < 3; i++)
        {
            var before = (await run.Instance.ProcessAsync("backend")).Pid;
            await SignalAsync("KILL", $"{before}");
            await Eventually.HoldsAsync(async () => (await run.Instance.ProcessAsync("backend")).Pid is > 0 and var pid && pid != before, "PM2 starts it again", 30);
        }

        run.Expect(await run.CallAsync("Wait", "--timeout", "60"), 0);
        await run.ConcludeAsync();
    }

    [Fault("The port of an app is taken while the instance is down", section: 8)]
    public async Task The_port_of_an_app_is_taken()
    {
        var run = await WithoutEngineAsync();
        await run.UpAsync();
        (await run.CallAsync("Down")).Expect(0);
        using (var listener = new TcpListener(IPAddress.Loopback, run.Instance.BackendPort))
        {
            listener.Start();
            run.Expect(await run.CallAsync("Up"), 4, $"{run.Instance.BackendPort}", $"{Environment.ProcessId}");
        }

        await run.ConcludeAsync();
    }

    [Fault("The workspace is moved while the instance runs", section: 2)]
    public async Task The_workspace_is_moved()
    {
        var run = await WithoutEngineAsync();
        await run.UpAsync();
        var old = run.Workspace.Folder;
        run.Workspace.MoveTo("moved");

        run.Expect(await run.CallAsync("Up"), 0, $"This workspace was moved from {old}", "moves with it");
        await run.ConcludeAsync();
    }

    [Fault("The log files are deleted while the instance runs", section: 8)]
    public async Task The_logs_are_deleted()
    {
        var run = await WithoutEngineAsync();
        await run.UpAsync();
        Directory.Delete(run.Instance.FileOf("logs"), recursive: true);

        run.Expect(await run.CallAsync("Logs"), 0);
        await run.ConcludeAsync();
    }

    [Fault("The generated files are deleted while the instance runs", section: 8)]
    public async Task The_generated_files_are_deleted()
    {
        var run = await WithoutEngineAsync();
        await run.UpAsync();
        run.GiveEditUp();
        foreach (var file in Directory.EnumerateFiles(run.Instance.Folder).Where(f => Path.GetFileName(f) != "instance.json"))
            File.Delete(file);

        run.Expect(await run.CallAsync("Status"), 0, "redis");
        await run.ConcludeAsync();
    }

    [Fault("The record is deleted while the instance runs", section: 2)]
    public async Task The_record_is_deleted()
    {
        var run = await WithoutEngineAsync();
        await run.UpAsync();
        File.Delete(run.Instance.FileOf("instance.json"));

        run.Expect(await run.CallAsync("Status"), 0, "redis");
        await run.ConcludeAsync();
    }

    private static Task<ProcessResult> SignalAsync(string signal, string pid) =>
        ProcessRunner.RunAsync(new ProcessSpec { Program = "kill", Arguments = ["-s", signal, pid] }, cancellation: Cancellation);
}
