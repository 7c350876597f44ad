using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>A machine with neither an engine nor the docker program: the compose files are read all the same.</summary>
public sealed class WithoutComposeTests : Scenario
{
    private const string Note = "Docker Compose is missing or too old; the built-in reader parses the compose files instead.";

    [Fact]
    public async Task An_instance_comes_up_is_seen_and_goes()
    {
        var workspace = await CreateEmbeddedWorkspaceAsync(new TinyStack());
        var instance = workspace.TakeInstance();
        using var bare = ProgramFolder.Without("docker");
        workspace.Environment["PATH"] = bare.SearchPath;
        Task<BlackBox.BuildResult> RunAsync(string verb, params string[] more) =>
            workspace.RunAsync([verb, "--instance", $"{instance.Number}", .. more]);

        (await RunAsync("Up", "--infra", "compose")).Expect(3).ExpectError("docker", "https://");
        Assert.Single((await RunAsync("InitInstance")).Expect(0).Errors.Split('\n'), l => l.Contains(Note, StringComparison.Ordinal));
        Assert.Equal("unchanged", (await workspace.RunJsonAsync(0, "InitInstance", instance)).OutcomeOf(instance));

        Assert.Single((await RunAsync("Up")).Expect(0).Errors.Split('\n'), l => l.Contains(Note, StringComparison.Ordinal));
        await TinyWorkspace.AskAsync(instance.BackendPort);
        Assert.Equal("unchanged", (await workspace.RunJsonAsync(0, "Up", instance)).OutcomeOf(instance));
        Assert.True((bool)(await workspace.RunJsonAsync(0, "Status", instance)).Json["instances"]![0]!["ready"]!);
        Assert.Contains("REDIS", (await RunAsync("Ports")).Expect(0).Output, StringComparison.Ordinal);
        (await workspace.RunAsync("List")).Expect(0);
        (await workspace.RunAsync("InitStack", "--dry-run")).Expect(0);

        (await RunAsync("Down")).Expect(0);
        workspace.Write("docker/docker-compose.infra.yml", new TinyStack().Compose.Replace("tiny-redis", "other-redis", StringComparison.Ordinal));
        var changed = await workspace.RunJsonAsync(0, "InitInstance", instance);
        Assert.Contains("docker-compose.infra.yml changed", $"{changed.Json}", StringComparison.Ordinal);
        (await RunAsync("Clean")).Expect(0);
        Assert.False(Directory.Exists(instance.Folder));
        Assert.Empty(await instance.ProcessesAsync());
    }

    [Fact]
    public async Task What_only_Compose_understands_is_named_and_nothing_is_written()
    {
        var workspace = await CreateEmbeddedWorkspaceAsync(new TinyStack { Compose = TinyStack.Redis + "include: [oci://example.com/more]\n" + TinyStack.Volumes });
        var instance = workspace.TakeInstance();
        using var bare = ProgramFolder.Without("docker");
        workspace.Environment["PATH"] = bare.SearchPath;

        foreach (var verb in new[] { "InitInstance", "Up" })
        {
            (await workspace.RunAsync(verb, "--instance", $"{instance.Number}")).Expect(2)
                .ExpectError("include refers to 'oci://example.com/more'", "Install Docker with the Compose plugin");
        }

        Assert.Empty(await instance.ProcessesAsync());
        Assert.False(File.Exists(instance.FileOf("docker-compose.override.yml")));
    }
}
