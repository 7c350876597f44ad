using Xunit;

namespace InstanceKit.IntegrationTests.Faults;

/// <summary>What NUKE, its variables and its tools in IDEs say behind the back of the command line.</summary>
public sealed class NukeFaults : FaultScenario
{
    [Fault("An IDE leaves a mistaken Clean for the next call", section: 7, Quick = true)]
    public async Task An_IDE_leaves_a_mistake()
    {
        var run = await OnFilesAsync();
        await run.InitializeAsync();
        run.Workspace.Write(".nuke/temp/resharper-surrogate.log", $"Clean --instance={run.Instance.Number} --workspace {run.Workspace.Folder}\n");

        var status = await run.CallAsync("Status", "--root", run.Workspace.Folder);

        run.Expect(status, 2, $"use a space: --instance {run.Instance.Number}");
        Assert.True(Directory.Exists(run.Instance.Folder));
        Assert.Empty(Directory.GetFiles(run.Workspace.PathOf(".nuke/temp")));
        await run.ConcludeAsync();
    }

    [Fault("A variable of NUKE would change the host, the profile or which targets run", section: 7, Quick = true)]
    public async Task Unsupported_variables()
    {
        var run = await OnFilesAsync();
        await run.InitializeAsync();
        foreach (var (name, value) in new[] { ("NUKE_HOST", "x"), ("NUKE_CONTINUE", "true"), ("NUKE_PROFILE", "dev"), ("NUKE_SHELL_COMPLETION", "true") })
        {
            run.Workspace.Environment[name] = value;
            run.Expect(await run.CallAsync("Status"), 2, name, "does not support", "Unset it");
            run.Workspace.Environment.Remove(name);
        }

        await run.ConcludeAsync();
    }

    [Fault("The solution is missing, or is none", section: 7)]
    public async Task A_wrong_solution()
    {
        var run = await OnFilesAsync();
        run.Workspace.Write("no.sln", "hello\n");
        foreach (var (value, reason) in new[] { ("missing.sln", "is not an existing solution file"), (run.Workspace.PathOf("no.sln"), "is not a solution file") })
        {
            run.Workspace.Environment["NUKE_SOLUTION"] = value;
            run.Expect(await run.CallAsync("Status"), 2, "NUKE_SOLUTION", reason);
            run.Workspace.Environment.Remove("NUKE_SOLUTION");
        }

        await run.ConcludeAsync();
    }

    [Fault("npm answers too late", section: 7)]
    public async Task A_slow_program()
    {
        var run = await OnFilesAsync();
        run.Workspace.Write("bin/npm", "#!/bin/sh\nexec sleep 30\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(run.Workspace.PathOf("bin/npm"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        run.Workspace.Environment["PATH"] = $"{run.Workspace.PathOf("bin")}:{Environment.GetEnvironmentVariable("PATH")}";

        run.Expect(await run.CallAsync("Doctor"), 0, "did not answer within 5 s", "Retry.");

        run.Workspace.Environment.Remove("PATH");
        await run.ConcludeAsync();
    }
}
