using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>InitInstance of an instance that is as it should be.</summary>
public sealed class UnchangedInitTests : Scenario
{
    [Fact]
    public async Task Runs_no_other_program()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        var log = Path.Combine(workspace.Root, "calls");
        using var recording = ProgramFolder.Recording(log, "docker", "node", "npm", "git");
        workspace.Environment["PATH"] = recording.SearchPath;

        await workspace.RunJsonAsync(0, "InitInstance", instance);
        // Evidence that the recorder works, and of what the first one has to ask.
        Assert.Contains(await CallsAsync(log), c => c.Contains("config --format json", StringComparison.Ordinal));

        var again = await workspace.RunJsonAsync(0, "InitInstance", instance);

        Assert.Equal("unchanged", again.OutcomeOf(instance));
        Assert.Empty(await CallsAsync(log));
    }

    [Fact]
    public async Task Asks_Compose_again_once_something_changed_and_not_after_that()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        var log = Path.Combine(workspace.Root, "calls");
        using var recording = ProgramFolder.Recording(log, "docker");
        workspace.Environment["PATH"] = recording.SearchPath;
        await workspace.RunJsonAsync(0, "InitInstance", instance);
        await CallsAsync(log);

        var compose = Path.Combine(workspace.Folder, "docker", "docker-compose.infra.yml");
        await File.AppendAllTextAsync(compose, "x-made-up: \"${MADE_UP:-1}\"\n", Cancellation);
        await workspace.RunJsonAsync(0, "InitInstance", instance);
        Assert.NotEmpty(await CallsAsync(log));
        await workspace.RunJsonAsync(0, "InitInstance", instance);
        Assert.Empty(await CallsAsync(log));

        workspace.Environment["MADE_UP"] = "2";
        await workspace.RunJsonAsync(0, "InitInstance", instance);
        Assert.NotEmpty(await CallsAsync(log));
    }

    [Fact]
    public async Task Leaves_nothing_kept_for_an_instance_that_is_removed()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        await workspace.RunJsonAsync(0, "InitInstance", instance);
        var cache = Path.Combine(workspace.Folder, ".instances", ".cache");
        Assert.Equal(2, Directory.GetFiles(cache, $"*{instance.Project}*").Length);

        await workspace.RunJsonAsync(0, "Clean", instance);

        Assert.Empty(Directory.GetFiles(cache, $"*{instance.Project}*"));
    }

    /// <summary>The calls since the last look.</summary>
    private static async Task<string[]> CallsAsync(string log)
    {
        if (!File.Exists(log))
            return [];
        var lines = await File.ReadAllLinesAsync(log, Cancellation);
        File.Delete(log);
        return lines;
    }
}
