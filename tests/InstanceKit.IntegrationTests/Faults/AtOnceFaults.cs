using BlackBox;
using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Faults;

/// <summary>Two commands on one instance at the same time, and commands that are asked to end.</summary>
public sealed class AtOnceFaults : FaultScenario
{
    [Fault("Two Ups of one instance at once", section: 3)]
    public async Task Two_Ups() => await AtOnceAsync("Up", "Up");

    [Fault("Clean during Up", section: 3)]
    public async Task Clean_during_Up() => await AtOnceAsync("Up", "Clean");

    [Fault("Down during Up", section: 3)]
    public async Task Down_during_Up() => await AtOnceAsync("Up", "Down");

    [Fault("Up during Restart", section: 3)]
    public async Task Up_during_Restart() => await AtOnceAsync("Restart", "Up");

    [Fault("Two Cleans of one instance at once", section: 3)]
    public async Task Two_Cleans() => await AtOnceAsync("Clean", "Clean");

    [Fault("Two InitInstances at once", section: 3, Quick = true)]
    public async Task Two_InitInstances()
    {
        var run = await OnFilesAsync();
        await run.InitializeAsync();
        File.Delete(run.Instance.FileOf("worker.env"));
        await BothEndAsync(run, "InitInstance", "InitInstance");
        await run.ConcludeAsync();
    }

    [Fault("SIGTERM during Up", section: 4)]
    public async Task Terminated_Up()
    {
        var run = await WithoutEngineAsync(new TinyStack { Backend = TinyStack.Holding });
        await run.InitializeAsync();
        await using (var up = await run.StartAsync("Up"))
        {
            await run.Instance.AppsRunAsync();
            await up.TerminateAsync();
            run.Expect(await up.EndAsync(10), 130, "Up --instance");
        }

        run.Workspace.LetGo(run.Instance);
        await run.ConcludeAsync();
    }

    [Fault("Clean while another follows the logs", section: 8)]
    public async Task Clean_while_logs_are_followed()
    {
        var run = await WithoutEngineAsync();
        await run.UpAsync();
        await using (var logs = await run.StartAsync("Logs", "--follow"))
        {
            await logs.Output.FindAsync(l => l.Contains("round", StringComparison.Ordinal), TimeSpan.FromSeconds(30));
            run.GiveDataUp();
            run.Expect(await run.CallAsync("Clean"), 0);
            await logs.InterruptAsync();
            await logs.EndAsync(10);
        }

        await run.ConcludeAsync();
    }

    private async Task AtOnceAsync(string first, string second)
    {
        var run = await WithoutEngineAsync();
        await run.UpAsync();
        if (first == "Up")
            (await run.CallAsync("Down")).Expect(0);
        if (second == "Clean")
            run.GiveDataUp();
        await BothEndAsync(run, first, second);
        await run.ConcludeAsync();
    }

    /// <summary>Both end: one after the other, or the one that comes too late names the other.</summary>
    private static async Task BothEndAsync(FaultRun run, string first, string second)
    {
        await using var one = await run.StartAsync(first);
        await using var two = await run.StartAsync(second);
        foreach (var build in new[] { one, two })
        {
            var result = await build.EndAsync(BuildProgram.DefaultSeconds);
            if (result.ExitCode == 6)
                run.Expect(result, 6, $"Instance {run.Instance.Number} is held by");
            else
                run.Expect(result, 0);
        }
    }
}
