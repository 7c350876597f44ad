using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Faults;

/// <summary>What a person does by hand to an instance that runs; one of each flavour, to copy from.</summary>
public sealed class HandMadeFaults : FaultScenario
{
    [Fault("A container is removed by hand", section: 1, Quick = true)]
    public async Task A_container_is_removed()
    {
        var run = await OnEngineAsync();
        await run.UpAsync();
        await Engine.RunAsync("rm", "--force", Assert.Single(await run.Instance.ContainersAsync()).Id);

        var status = await run.CallAsync("Status", "--require-ready");

        run.Expect(status, 5, "redis");
        await run.ConcludeAsync();
    }

    [Fault("An app is killed for good", section: 1, Quick = true)]
    public async Task An_app_is_killed_for_good()
    {
        var run = await WithoutEngineAsync();
        await run.UpAsync();
        await run.Workspace.RunPm2Async("stop", run.Instance.ProcessName("backend"));

        var status = await run.CallAsync("Status", "--require-ready");

        run.Expect(status, 5, "backend", "stopped");
        await run.ConcludeAsync();
    }

    [Fault("An env file of the workspace is gone", section: 3, Quick = true)]
    public async Task An_env_file_of_the_workspace_is_gone()
    {
        var run = await OnFilesAsync();
        await run.InitializeAsync();
        var file = run.Workspace.PathOf("worker/.env");
        File.Move(file, file + ".away");

        var up = await run.CallAsync("Up");

        run.Expect(up, 2, "worker/.env", "worker/.env.example");
        File.Move(file + ".away", file);
        await run.ConcludeAsync();
    }
}
