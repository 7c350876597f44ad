using InstanceKit.IntegrationTests.Support;
using InstanceKit.Pm2;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>A program or service that is needed is not there.</summary>
public sealed class PrerequisiteTests : Scenario
{
    [Fact]
    public async Task Without_its_Docker_engine_an_instance_can_not_be_seen_and_the_address_that_was_tried_is_named()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        await workspace.RunJsonAsync(0, "Up", instance);
        var socket = Path.Combine(workspace.Root, "dead.sock");
        workspace.Environment["DOCKER_HOST"] = $"unix://{socket}";

        foreach (var verb in new[] { "Up", "Down", "Status", "Logs" })
        {
            var result = await workspace.RunAsync(verb, "--instance", $"{instance.Number}");
            result.Expect(3).ExpectError("Docker", socket);
            Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Of_an_instance_that_was_never_brought_up_nothing_runs_without_an_engine()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        workspace.Environment["DOCKER_HOST"] = $"unix://{workspace.Root}/dead.sock";

        (await workspace.RunAsync("Up", "--instance", $"{instance.Number}", "--infra", "compose")).Expect(3).ExpectError("Docker", "dead.sock");
        Assert.Equal("unchanged", (await workspace.RunJsonAsync(0, "Down", instance)).OutcomeOf(instance));
        foreach (var verb in new[] { "Status", "Logs" })
            (await workspace.RunAsync(verb, "--instance", $"{instance.Number}")).Expect(0);
    }

    [Fact]
    public async Task Files_are_made_without_a_Docker_engine()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        workspace.Environment["DOCKER_HOST"] = $"unix://{workspace.Root}/dead.sock";

        await workspace.RunJsonAsync(0, "InitInstance", instance);

        Assert.True(File.Exists(instance.FileOf("docker-compose.override.yml")));
    }

    [Theory]
    [InlineData("echo 2.20.0", "2.20.0", "2.24.4")]
    [InlineData("echo \"docker: 'compose' is not a docker command.\" >&2; exit 1", "Compose", "https://")]
    public async Task A_Compose_that_is_missing_or_too_old_is_told_with_what_is_needed(string answer, string found, string needed)
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        using var old = ProgramFolder.With("docker", $"""
            case " $* " in *" compose version "*) {answer} ; exit ;; esac
            exec "{ProgramFolder.Find("docker")}" "$@"
            """);
        workspace.Environment["PATH"] = old.SearchPath;

        foreach (var verb in new[] { "InitInstance", "Up" })
            (await workspace.RunAsync(verb, "--instance", $"{instance.Number}", "--infra", "compose")).Expect(3).ExpectError(found, needed);
        Assert.False(Directory.Exists(instance.Folder));

        var plan = (await workspace.RunAsync("Up", "--instance", $"{instance.Number}", "--dry-run")).Expect(0);
        Assert.Contains(found, plan.Errors, StringComparison.Ordinal);
        Assert.Contains("Using embedded infrastructure instead", plan.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_docker_on_the_search_path_its_installation_is_named()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        using var bare = ProgramFolder.Without("docker");
        workspace.Environment["PATH"] = bare.SearchPath;

        (await workspace.RunAsync("Up", "--instance", $"{instance.Number}", "--infra", "compose")).Expect(3).ExpectError("docker", "https://");
    }

    [Fact]
    public async Task Without_PM2_on_the_search_path_a_pinned_copy_is_installed_once_and_a_corrupted_one_refused()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        using var bare = ProgramFolder.Without("pm2");
        workspace.Environment["PATH"] = bare.SearchPath;
        var root = Directory.CreateDirectory(Path.Combine(workspace.Root, "repository", ".nuke")).Parent!.FullName;
        foreach (var name in new[] { ".nuke/parameters.json", "ShipSec.Build.sln" })
            File.Copy(BlackBox.Repository.PathOf(name), Path.Combine(root, name));

        await using (var registry = new CorruptRegistry(await File.ReadAllTextAsync(
            BlackBox.Repository.PathOf("src", "InstanceKit", "Pm2", "pinned", "package-lock.json"), Cancellation)))
        {
            workspace.Environment["NPM_CONFIG_REGISTRY"] = registry.Url;
            workspace.Environment["NPM_CONFIG_CACHE"] = Path.Combine(workspace.Root, "npm-cache");
            workspace.Environment["NPM_CONFIG_FETCH_RETRIES"] = "0"; // npm would try for minutes
            (await workspace.RunAsync("Up", "--instance", $"{instance.Number}", "--root", root)).Expect(3).ExpectError("EINTEGRITY", "registry");
            workspace.Environment.Clear();
            workspace.Environment["PATH"] = bare.SearchPath;
        }

        await workspace.RunJsonAsync(0, "Up", instance, "--root", root);

        var tools = Path.Combine(root, ".nuke", "temp", "tools");
        Assert.True(Directory.Exists(Path.Combine(tools, $"pm2-{Pm2ProgramProbe.PinnedVersion}", "node_modules", "pm2")), tools);
        Assert.Equal(3, (await instance.ProcessesAsync()).Count);
        await TinyWorkspace.AskAsync(instance.BackendPort);
        Assert.Equal("unchanged", (await workspace.RunJsonAsync(0, "Up", instance, "--root", root)).OutcomeOf(instance));
    }
}
