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
        var edited = System.Text.Encoding.Latin1.GetBytes("MINE=café\n");
        await File.WriteAllBytesAsync(file, edited, Cancellation);

        var init = await workspace.RunJsonAsync(0, "InitInstance", instance, "--force");

        Assert.Equal("done", init.OutcomeOf(instance));
        Assert.Contains("worker.env.bak", init.NotesOf(instance), StringComparison.Ordinal);
        Assert.Equal(edited, await File.ReadAllBytesAsync($"{file}.bak", Cancellation));
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

        Assert.Contains(init.OperationsOf(instance), o => o.Contains("backend.env: backend/.env changed", StringComparison.Ordinal));
        Assert.DoesNotContain(init.OperationsOf(instance), o => o.Contains("worker/.env changed", StringComparison.Ordinal));
        var backend = await File.ReadAllTextAsync(instance.FileOf("backend.env"), Cancellation);
        Assert.Contains("GREETING=from the source", backend, StringComparison.Ordinal);
        Assert.Contains($"API=http://localhost:{instance.BackendPort}", backend, StringComparison.Ordinal);
        Assert.Contains("worker.env was edited", init.NotesOf(instance), StringComparison.Ordinal);
        Assert.Contains("Since then worker/.env changed; your edited file does not include this.", init.NotesOf(instance), StringComparison.Ordinal);
        Assert.DoesNotContain("from the source", await File.ReadAllTextAsync(instance.FileOf("worker.env"), Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task How_an_edited_file_differs_is_shown_until_it_was_seen_without_its_secrets()
    {
        var (workspace, instance) = await CreateInitializedAsync();
        var file = instance.FileOf("backend.env");
        var generated = await File.ReadAllTextAsync(file, Cancellation);
        await File.WriteAllTextAsync(file, generated.Replace("GREETING=hello", "GREETING=mine\nAPI_KEY=abc123", StringComparison.Ordinal), Cancellation);
        string[] init = ["InitInstance", "--instance", $"{instance.Number}"];

        var planned = (await workspace.RunAsync([.. init, "--dry-run"])).Expect(0);
        var first = (await workspace.RunAsync(init)).Expect(0);
        var second = (await workspace.RunAsync(init)).Expect(0);

        foreach (var shown in new[] { planned, first })
        {
            Assert.Contains("-GREETING=mine\n", shown.Errors, StringComparison.Ordinal);
            Assert.Contains("-API_KEY=***\n", shown.Errors, StringComparison.Ordinal);
            Assert.Contains("+GREETING=hello\n", shown.Errors, StringComparison.Ordinal);
        }

        Assert.Contains("backend.env was edited", second.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("GREETING", second.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("abc123", workspace.Transcript, StringComparison.Ordinal);

        // A change of what would be written is worth another look.
        workspace.Write("backend/.env", "GREETING=from the source\n");
        var third = (await workspace.RunAsync(init)).Expect(0);
        Assert.Contains("+GREETING=from the source\n", third.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rewritten_file_names_the_compose_file_that_changed()
    {
        var (workspace, instance) = await CreateInitializedAsync();
        var compose = Path.Combine(workspace.Folder, "docker", "docker-compose.infra.yml");
        var text = await File.ReadAllTextAsync(compose, Cancellation);
        await File.WriteAllTextAsync(compose, text.Replace("container_name: tiny-redis", "container_name: other-redis\n    labels: {a: b}", StringComparison.Ordinal)
            .Replace("\"6379:6379\"", "\"6379:6379\", \"7777:7777\"", StringComparison.Ordinal), Cancellation);

        var init = await workspace.RunJsonAsync(0, "InitInstance", instance);

        Assert.Contains(init.OperationsOf(instance), o => o.EndsWith("docker-compose.override.yml: docker/docker-compose.infra.yml changed", StringComparison.Ordinal));
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
