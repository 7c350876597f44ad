using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>A person edits what was generated, or what it was generated from.</summary>
public sealed class EditedFilesTests : Scenario
{
    [Fact]
    public async Task An_edited_env_file_is_kept_and_named_and_its_value_reaches_the_app()
    {
        var (workspace, instance) = await CreateInitializedAsync();
        var file = instance.FileOf("backend.env");
        var edited = (await File.ReadAllTextAsync(file, Cancellation)).Replace("GREETING=hello", "GREETING=good morning", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, edited, Cancellation);

        var init = await workspace.RunJsonAsync(0, "InitInstance", instance);
        var up = await workspace.RunJsonAsync(0, "Up", instance);

        Assert.Equal("unchanged", init.OutcomeOf(instance));
        var name = $".instances/instance-{instance.Number}/backend.env";
        Assert.Contains($"{name} was edited", init.NotesOf(instance), StringComparison.Ordinal);
        Assert.Contains($"{name} was edited", up.NotesOf(instance), StringComparison.Ordinal);
        Assert.Equal(edited, await File.ReadAllTextAsync(file, Cancellation));
        Assert.Equal("good morning", await GreetingAsync(instance));

        // What is edited while the app runs reaches it at the next Up, and the others are left alone.
        var frontend = (await instance.ProcessAsync("frontend")).Pid;
        await File.WriteAllTextAsync(file, edited.Replace("good morning", "good night", StringComparison.Ordinal), Cancellation);
        var again = await workspace.RunJsonAsync(0, "Up", instance);

        Assert.Single(again.OperationsOf(instance), o => o.StartsWith($"restartApp {instance.ProcessName("backend")}", StringComparison.Ordinal));
        Assert.Equal("good night", await GreetingAsync(instance));
        Assert.Equal(frontend, (await instance.ProcessAsync("frontend")).Pid);
    }

    [Fact]
    public async Task Force_writes_an_edited_file_anew_after_saving_it()
    {
        var (workspace, instance) = await CreateInitializedAsync();
        var file = instance.FileOf("worker.env");
        var generated = await File.ReadAllTextAsync(file, Cancellation);
        await File.WriteAllTextAsync(file, "MINE=1\n", Cancellation);

        var init = await workspace.RunJsonAsync(0, "InitInstance", instance, "--force");

        Assert.Equal("done", init.OutcomeOf(instance));
        Assert.Contains("worker.env.bak", init.NotesOf(instance), StringComparison.Ordinal);
        Assert.Equal("MINE=1\n", await File.ReadAllTextAsync($"{file}.bak", Cancellation));
        Assert.Equal(generated, await File.ReadAllTextAsync(file, Cancellation));
    }

    [Fact]
    public async Task An_edited_override_is_kept_and_takes_effect()
    {
        var (workspace, instance) = await CreateInitializedAsync();
        var file = instance.FileOf("docker-compose.override.yml");
        var edited = (await File.ReadAllTextAsync(file, Cancellation)).Replace(
            "labels:\n", "labels:\n      by.hand: \"yes\"\n", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, edited, Cancellation);

        var up = await workspace.RunJsonAsync(0, "Up", instance);

        Assert.Contains("docker-compose.override.yml was edited", up.NotesOf(instance), StringComparison.Ordinal);
        Assert.Equal(edited, await File.ReadAllTextAsync(file, Cancellation));
        Assert.Equal("yes", Assert.Single(await instance.ContainersAsync()).Labels["by.hand"]);
    }

    [Fact]
    public async Task A_change_of_the_workspaces_own_env_regenerates_what_nobody_edited()
    {
        var (workspace, instance) = await CreateInitializedAsync();
        await File.AppendAllTextAsync(instance.FileOf("worker.env"), "MINE=1\n", Cancellation);
        foreach (var app in new[] { "backend", "worker" })
            workspace.Write($"{app}/.env", "GREETING=from the source\nAPI=http://localhost:3211\n");

        var init = await workspace.RunJsonAsync(0, "InitInstance", instance);

        Assert.Contains(init.OperationsOf(instance), o => o.StartsWith("writeFile", StringComparison.Ordinal) && o.Contains("backend.env", StringComparison.Ordinal));
        var backend = await File.ReadAllTextAsync(instance.FileOf("backend.env"), Cancellation);
        Assert.Contains("GREETING=from the source", backend, StringComparison.Ordinal);
        Assert.Contains($"API=http://localhost:{instance.BackendPort}", backend, StringComparison.Ordinal);
        Assert.Contains("worker.env was edited", init.NotesOf(instance), StringComparison.Ordinal);
        Assert.DoesNotContain("from the source", await File.ReadAllTextAsync(instance.FileOf("worker.env"), Cancellation), StringComparison.Ordinal);
    }

    private async Task<(TinyWorkspace Workspace, TestInstance Instance)> CreateInitializedAsync()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        Assert.Equal("done", (await workspace.RunJsonAsync(0, "InitInstance", instance)).OutcomeOf(instance));
        return (workspace, instance);
    }

    private static async Task<string?> GreetingAsync(TestInstance instance) =>
        (string?)(await TinyWorkspace.AskAsync(instance.BackendPort))["env"]!["GREETING"];
}
