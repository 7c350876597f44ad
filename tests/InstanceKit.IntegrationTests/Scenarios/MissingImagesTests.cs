using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>Images that no registry gives out, and that nobody has.</summary>
public sealed class MissingImagesTests : Scenario
{
    private const string Nowhere = """
          search:
            image: shipsec-build.invalid/none:1
          cache:
            image: shipsec-build.invalid/none:1
          queue:
            image: shipsec-build.invalid/other:2
        """;

    [Fact]
    public async Task All_of_them_are_named_with_the_ways_out_and_those_that_are_there_are_not()
    {
        var workspace = await CreateWorkspaceAsync(TinyStack.With(Nowhere));
        var instance = workspace.TakeInstance();

        var result = await workspace.RunAsync("Up", "--instance", $"{instance.Number}", "--infra", "compose");

        result.Expect(3).ExpectError(
            "2 images", "shipsec-build.invalid/none:1 (service cache, search)", "shipsec-build.invalid/other:2 (service queue)",
            $"Up --instance {instance.Number} --infra embedded", "LocalImages", "images: {shipsec-build.invalid/none:1: OTHER-IMAGE}");
        Assert.DoesNotContain("(service redis", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_no_registry_has_is_replaced_by_the_one_in_the_stack_file()
    {
        var workspace = await CreateWorkspaceAsync(TinyStack.With("""
              cache:
                image: shipsec-build.invalid/tools:1
                command: [sleep, infinity]
            """));
        var instance = workspace.TakeInstance();
        workspace.Write("instancekit.yml", $"name: {workspace.StackName}\nimages:\n  shipsec-build.invalid/tools: {Requires.Image[..^":1".Length]}\n");

        await workspace.RunJsonAsync(0, "Up", instance, "--infra", "compose");

        Assert.Contains(await instance.ContainersAsync(), c => c is { Service: "cache", State: "running" });
    }

    [Fact]
    public async Task A_new_instance_runs_as_processes_instead_unless_compose_is_asked_for()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        workspace.Write(".env", "REDIS_IMAGE=shipsec-build.invalid/redis:7\n");
        string[] up = ["Up", "--instance", $"{instance.Number}"];
        (await workspace.RunAsync([.. up, "--infra", "compose"])).Expect(3).ExpectError("shipsec-build.invalid/redis:7 (service redis)");

        var result = (await workspace.RunAsync(up)).Expect(0);

        Assert.Single(result.Errors.Split('\n'), l => l.Contains(
            "Docker answers, but an image can neither be pulled nor found on this machine: shipsec-build.invalid/redis:7. "
            + "Using embedded infrastructure instead; to require containers, pass --infra compose.", StringComparison.Ordinal));
        Assert.Equal("embedded", (string?)(await TinyWorkspace.AskAsync(instance.BackendPort))["env"]!["INSTANCEKIT_INFRA"]);
        Assert.Empty(await instance.ContainersAsync());
        Assert.Equal("unchanged", (await workspace.RunJsonAsync(0, "Up", instance)).OutcomeOf(instance));
        (await workspace.RunAsync("Clean", "--instance", $"{instance.Number}")).Expect(0);
        Assert.False(Directory.Exists(instance.Folder));
    }

    [Fact]
    public async Task The_images_are_the_reason_where_the_apps_need_what_can_not_run_as_a_process()
    {
        var workspace = await CreateWorkspaceAsync(TinyStack.With("""
              search:
                image: shipsec-build.invalid/search:1
                ports: ["9200:9200"]
            """));
        var instance = workspace.TakeInstance();
        workspace.Write("backend/.env", "SEARCH_URL=http://localhost:9200\n");

        (await workspace.RunAsync("Up", "--instance", $"{instance.Number}")).Expect(3)
            .ExpectError("can neither be pulled nor found", "shipsec-build.invalid/search:1 (service search)");
    }
}
