using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>Services that have no container, because they are to have none or because somebody has removed it.</summary>
public sealed class MissingContainerTests : Scenario
{
    private const string Services = """
          switched-off:
            image: ${TOOLS_IMAGE}
            command: sleep infinity
            deploy: { replicas: 0 }
          needing:
            image: ${TOOLS_IMAGE}
            command: sleep infinity
            init: true
            depends_on: [switched-off, redis]
        """;

    [Fact]
    public async Task One_that_is_scaled_to_zero_is_not_waited_for_and_one_that_was_removed_comes_back_or_goes()
    {
        var workspace = await CreateWorkspaceAsync(TinyStack.With(Services));
        var instance = workspace.TakeInstance();

        await workspace.UpAsync(instance);

        Assert.Equal(["needing", "redis"], (await instance.ContainersAsync()).Select(c => c.Service).Order());
        var status = (await workspace.RunJsonAsync(0, "Status", instance)).Of(instance);
        Assert.True((bool)status["ready"]!);
        Assert.DoesNotContain(status["components"]!.AsArray(), c => (string)c!["name"]! == "switched-off");
        Assert.Equal("unchanged", (await workspace.RunJsonAsync(0, "Up", instance)).OutcomeOf(instance));

        await RemoveRedisAsync(instance);
        await workspace.UpAsync(instance);
        Assert.Equal(["needing", "redis"], (await instance.ContainersAsync()).Select(c => c.Service).Order());

        await RemoveRedisAsync(instance);
        await workspace.RunJsonAsync(0, "Down", instance);
        Assert.Empty(await instance.ContainersAsync());
        Assert.Empty(await TestEngine.NetworksAsync(instance.Project));
        Assert.Single(await TestEngine.VolumesAsync(instance.Project));
    }

    private static async Task RemoveRedisAsync(TestInstance instance) => await TestEngine.RunAsync(
        "rm", "--force", (await instance.ContainersAsync()).Single(c => c.Service == "redis").Id);
}
