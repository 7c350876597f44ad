using BlackBox;
using InstanceKit.IntegrationTests.Support;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.IntegrationTests.Faults;

/// <summary>Whose an instance is, and whether its workspace no longer exists: what belongs to somebody else, or may come back, stays.</summary>
public sealed class OwnershipFaults : FaultScenario
{
    [Fault("A running workspace is renamed", section: 2, Quick = true)]
    public async Task A_running_workspace_is_renamed()
    {
        var run = await WithoutEngineAsync();
        await run.UpAsync();
        var old = run.Workspace.Folder;
        var copy = await CopyAsync(run.Workspace);
        run.Workspace.MoveTo("renamed");

        run.Expect(await ElsewhereAsync(run, copy, "Clean", "--orphans", "--yes"), 0, "is orphaned");
        run.Expect(await InCopyAsync(run, copy, "Clean"), 2, old, $"was moved to {run.Workspace.Folder}", "InitInstance --instance");
        run.Expect(await InCopyAsync(run, copy, "Up"), 2, $"was moved to {run.Workspace.Folder}", $"--workspace {run.Workspace.Folder}");
        Assert.Equal(3, (await run.Instance.ProcessesAsync()).Count);
        Directory.Delete(copy, recursive: true);
        await run.ConcludeAsync();
    }

    [Fault("The folder above a stopped workspace is renamed", section: 2, Quick = true)]
    public async Task The_folder_above_a_stopped_workspace_is_renamed()
    {
        var run = await OnFilesAsync();
        Directory.CreateDirectory(Path.Combine(run.Workspace.Root, "projects"));
        run.Workspace.MoveTo("projects/w");
        await run.InitializeAsync();
        var copy = await CopyAsync(run.Workspace);
        Directory.Move(Path.Combine(run.Workspace.Root, "projects"), Path.Combine(run.Workspace.Root, "archive"));

        run.Expect(await InCopyAsync(run, copy, "Clean"), 2, "was moved to", "archive/w");
        Directory.Move(Path.Combine(run.Workspace.Root, "archive"), Path.Combine(run.Workspace.Root, "projects"));
        Directory.Delete(copy, recursive: true);
        await run.ConcludeAsync();
    }

    [Fault("Clean runs in a copy whose original is gone for now", section: 2)]
    public async Task Clean_runs_in_a_copy_whose_original_is_gone()
    {
        var run = await OnEngineAsync();
        await run.UpAsync();
        (await run.CallAsync("Down")).Expect(0);
        var copy = await CopyAsync(run.Workspace);
        var (folder, hidden) = (run.Workspace.Folder, Path.Combine(run.Workspace.StateHome, "hidden"));
        Directory.Move(folder, hidden);

        run.Expect(await InCopyAsync(run, copy, "Clean"), 2, folder, "no longer exists", "InitInstance");
        run.Expect(await InCopyAsync(run, copy, "Clean", "XDG_STATE_HOME"), 2, folder, "created from");
        Assert.NotEmpty(await TestEngine.VolumesAsync(run.Instance.Project));
        Directory.Move(hidden, folder);
        Directory.Delete(copy, recursive: true);
        await run.ConcludeAsync();
    }

    [Fault("Another checkout with another registry takes the same number", section: 2, Quick = true)]
    public async Task Another_checkout_with_another_registry_takes_the_number()
    {
        var run = await OnEngineAsync();
        await run.UpAsync();
        (await run.CallAsync("Down")).Expect(0);
        var copy = await CopyAsync(run.Workspace);
        Directory.Delete(Path.Combine(copy, ".instances"), recursive: true);

        // Nothing but the data is left, which names its workspace.
        foreach (var verb in new[] { "InitInstance", "Up", "Clean" })
            run.Expect(await InCopyAsync(run, copy, verb, "XDG_STATE_HOME"), 2, "in use by another checkout", run.Workspace.Folder);
        Assert.False(Directory.Exists(Path.Combine(copy, ".instances", $"instance-{run.Instance.Number}")));
        Assert.NotEmpty(await TestEngine.VolumesAsync(run.Instance.Project));
        Directory.Delete(copy, recursive: true);
        await run.ConcludeAsync();
    }

    [Fault("A stranger's volume has the name of the instance's", section: 2)]
    public async Task A_stranger_s_volume_has_the_name()
    {
        var run = await OnEngineAsync();
        var volume = $"{run.Instance.Project}_redis_data";
        foreach (var label in new[] { $"com.docker.compose.project={run.Instance.Project}", "made=by-hand" })
        {
            await TestEngine.RunAsync("volume", "create", "--label", label, volume);
            await TestEngine.RunAsync("run", "--rm", "--volume", $"{volume}:/data", Requires.Image, "sh", "-c", "echo theirs >/data/file");

            run.Expect(await run.CallAsync("Up"), 2, volume, "--instance auto");
            if (label.StartsWith("com.", StringComparison.Ordinal))
                run.Expect(await run.CallAsync("Clean"), 2, volume);
            Assert.Equal("theirs\n", await TestEngine.RunAsync("run", "--rm", "--volume", $"{volume}:/data", Requires.Image, "cat", "/data/file"));
            await TestEngine.RunAsync("volume", "rm", volume);
        }

        await run.ConcludeAsync();
    }

    [Fault("The data of an earlier version names no workspace", section: 2)]
    public async Task The_data_of_an_earlier_version_names_no_workspace()
    {
        var run = await OnEngineAsync();
        await run.UpAsync();
        (await run.CallAsync("Down")).Expect(0);
        var volume = Assert.Single(await TestEngine.VolumesAsync(run.Instance.Project));
        var labels = volume.Labels.Where(l => l.Key != "dev.instancekit.workspace").SelectMany(l => new[] { "--label", $"{l.Key}={l.Value}" }).ToArray();
        string[] copying = ["run", "--rm", "--volume", $"{volume.Name}:/a", "--volume", $"{volume.Name}-kept:/b", Requires.Image, "cp", "-a"];
        await TestEngine.RunAsync([.. copying, "/a/.", "/b"]);
        await TestEngine.RunAsync("volume", "rm", volume.Name);
        await TestEngine.RunAsync(["volume", "create", .. labels, volume.Name]);
        await TestEngine.RunAsync([.. copying, "/b/.", "/a"]);
        await TestEngine.RunAsync("volume", "rm", $"{volume.Name}-kept");

        run.Expect(await run.CallAsync("Up"), 0, "is up");
        await run.ConcludeAsync();
    }

    [Fault("All files of an instance are lost while the engine does not answer", section: 2)]
    public async Task All_files_are_lost_while_the_engine_does_not_answer()
    {
        var run = await OnEngineAsync();
        (await run.CallAsync("Up")).Expect(0);
        Directory.Delete(run.Workspace.PathOf(".instances"), recursive: true);
        run.Workspace.Environment["DOCKER_HOST"] = $"unix://{run.Workspace.Root}/no.sock";

        run.Expect(await run.Workspace.RunAsync("Clean", "--instance", "all", "--yes"), 3, "engine");
        run.Workspace.Environment.Clear();
        Assert.NotEmpty(await run.Instance.ContainersAsync());
        run.Expect(await run.Workspace.RunAsync("Clean", "--instance", "all", "--yes"), 0, run.Instance.Project);
        Assert.Equal("", await run.Instance.RemainsAsync());
        await run.ConcludeAsync();
    }

    [Fault("The record is damaged while services run as processes beside an engine", section: 2)]
    public async Task The_record_is_damaged_while_services_run_as_processes()
    {
        var run = await OnEngineAsync();
        (await run.CallAsync("Up", "--infra", "embedded")).Expect(0);
        await File.WriteAllTextAsync(run.Instance.FileOf("instance.json"), "{ not json");

        run.Expect(await run.CallAsync("Up"), 0, "is up");
        Assert.Empty(await run.Instance.ContainersAsync());
        Assert.Contains(await run.Workspace.ProcessesAsync(), p => p.Name.Contains("-infra-redis-", StringComparison.Ordinal));
        await run.ConcludeAsync();
    }

    [Fault("Files and registry are lost; the labels alone name the instance", section: 2)]
    public async Task Files_and_registry_are_lost()
    {
        var run = await OnEngineAsync();
        (await run.CallAsync("Up")).Expect(0);
        Directory.Delete(run.Workspace.PathOf(".instances"), recursive: true);
        Directory.Delete(run.Workspace.StateHome, recursive: true);

        run.Expect(await run.Workspace.RunAsync("Clean", "--instance", "all", "--yes"), 0, run.Instance.Project);
        Assert.Equal("", await run.Instance.RemainsAsync());
        await run.ConcludeAsync();
    }

    [Fault("The folder of a PM2 daemon that runs is deleted", section: 2, Quick = true)]
    public async Task The_folder_of_a_PM2_daemon_is_deleted()
    {
        var run = await WithoutEngineAsync();
        await run.UpAsync();
        Directory.Delete(run.Workspace.Pm2Home, recursive: true);

        run.Expect(await run.CallAsync("Down"), 0, "whose directory", "was deleted");
        Assert.Equal("", await run.Instance.RemainsAsync());
        await run.ConcludeAsync();
    }

    [Fault("An app of the user's own has one of our names", section: 2, Quick = true)]
    public async Task An_app_of_the_user_s_own_has_our_name()
    {
        var run = await WithoutEngineAsync();
        await run.InitializeAsync();
        run.Workspace.Write("mine.cjs", "setInterval(() => {}, 1000);");
        foreach (var app in new[] { "backend", "infra-redis" })
        {
            var name = run.Instance.ProcessName(app);
            Assert.True((await run.Workspace.RunPm2Async("start", run.Workspace.PathOf("mine.cjs"), "--name", name)).Succeeded);
            var before = await OwnAsync(name);

            run.Expect(await run.CallAsync("Up"), 2, name, "pm2 delete");
            foreach (var verb in new[] { "Down", "Clean" })
            {
                if (app == "backend")
                    run.Expect(await run.CallAsync(verb), 2, name);
            }

            Assert.Equal(before, await OwnAsync(name));
            await run.Workspace.RunPm2Async("delete", name);
        }

        await run.ConcludeAsync();

        async Task<string> OwnAsync(string name) =>
            string.Join('\n', (await run.Workspace.ProcessesAsync()).Where(p => p.Name == name).Select(p => $"{p.Pid} {p.Restarts} {p.Status}"));
    }

    private static async Task<string> CopyAsync(TestWorkspace workspace)
    {
        var copy = Path.Combine(workspace.Root, "copy");
        var copied = await ProcessRunner.RunAsync(new ProcessSpec { Program = "cp", Arguments = ["-r", workspace.Folder, copy] });
        Assert.True(copied.Succeeded, copied.StandardError);
        return copy;
    }

    /// <summary>Calls a verb on the same number in a copy of the workspace.</summary>
    /// <param name="run">The instance.</param>
    /// <param name="copy">The copy.</param>
    /// <param name="verb">The verb.</param>
    /// <param name="otherHome">A variable that leads the copy to a folder of its own, as another user's would.</param>
    private static Task<BuildResult> InCopyAsync(FaultRun run, string copy, string verb, string? otherHome = null) => CallAsync(
        run, otherHome, [verb, "--instance", $"{run.Instance.Number}", "--workspace", copy, "--stack-name", run.Workspace.StackName]);

    private static Task<BuildResult> ElsewhereAsync(FaultRun run, string workspace, params string[] words) =>
        CallAsync(run, null, [.. words, "--workspace", workspace, "--stack-name", run.Workspace.StackName]);

    private static Task<BuildResult> CallAsync(FaultRun run, string? otherHome, string[] words)
    {
        var variables = new Dictionary<string, string?> { ["PM2_HOME"] = run.Workspace.Pm2Home, ["XDG_STATE_HOME"] = run.Workspace.StateHome };
        if (otherHome is not null)
            variables[otherHome] = Path.Combine(run.Workspace.Root, "other");
        if (run.Workspace.IsEngineHidden)
            variables["DOCKER_HOST"] = $"unix://{run.Workspace.Root}/dead.sock";
        return run.Workspace.Build.RunAsync(words, variables);
    }
}
