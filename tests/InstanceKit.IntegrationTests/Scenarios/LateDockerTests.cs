using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>Docker is installed after an instance was made without it.</summary>
public sealed class LateDockerTests : Scenario
{
    private const string Offer = "Docker is available now";

    [Fact]
    public async Task An_instance_that_was_made_without_Docker_says_how_to_change_over()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        workspace.Environment["DOCKER_HOST"] = $"unix://{workspace.Root}/dead.sock";
        Assert.DoesNotContain(Offer, await RunAsync("Up"), StringComparison.Ordinal);
        Assert.DoesNotContain(Offer, await RunAsync("Up"), StringComparison.Ordinal);
        workspace.Environment.Remove("DOCKER_HOST");

        var offer = Assert.Single((await RunAsync("Up")).Split('\n'), l => l.Contains(Offer, StringComparison.Ordinal));

        Assert.Contains($"Down --instance {instance.Number}", offer, StringComparison.Ordinal);
        Assert.Contains($"Up --instance {instance.Number} --infra compose", offer, StringComparison.Ordinal);
        Assert.Empty(await instance.ContainersAsync());

        await RunAsync("Down");
        await RunAsync("Up", "--infra", "compose");
        Assert.DoesNotContain(Offer, await RunAsync("Up"), StringComparison.Ordinal);
        Assert.Single(await instance.ContainersAsync());

        // Who chooses processes is not asked again.
        await RunAsync("Down");
        await RunAsync("Up", "--infra", "embedded");
        Assert.DoesNotContain(Offer, await RunAsync("Up"), StringComparison.Ordinal);

        async Task<string> RunAsync(string verb, params string[] more) =>
            (await workspace.RunAsync([verb, "--instance", $"{instance.Number}", .. more])).Expect(0).Errors;
    }

    [Fact]
    public async Task Where_only_Compose_is_missing_it_is_named_as_what_skipped_services_need()
    {
        var workspace = await CreateWorkspaceAsync(TinyStack.With("""
              search:
                image: example/search:1
                ports: ["9200:9200"]
            """));
        var instance = workspace.TakeInstance();
        using var bare = ProgramFolder.Without("docker");
        workspace.Environment["PATH"] = bare.SearchPath;

        var up = (await workspace.RunAsync("Up", "--instance", $"{instance.Number}")).Expect(0);

        Assert.Contains("; search skipped: needs Docker Compose.", up.Output, StringComparison.Ordinal);
        Assert.Contains("search is skipped: needs Docker Compose.", up.Errors, StringComparison.Ordinal);
    }
}
