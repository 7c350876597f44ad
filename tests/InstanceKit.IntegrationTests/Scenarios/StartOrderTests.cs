using BlackBox;
using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>Services that wait for each other: made at once, started in their order, by the engine or by Compose.</summary>
public sealed class StartOrderTests : Scenario
{
    private static readonly TinyStack Stack = new()
    {
        Compose = TinyStack.Redis + """
              slow:
                image: $TOOLS_IMAGE
                command: sh -c 'touch /tmp/ready; exec sleep 1000'
                healthcheck:
                  test: ["CMD", "test", "-e", "/tmp/ready"]
                  interval: 60s
              counts:
                image: $TOOLS_IMAGE
                command: sleep 1000
                healthcheck:
                  test: ["CMD-SHELL", "echo asked >>/tmp/asked"]
                  interval: 60s
              told:
                image: $TOOLS_IMAGE
                command: sleep 1000
                configs:
                  - source: greeting
                    target: /greeting
                depends_on:
                  slow:
                    condition: service_healthy
              beside:
                image: $TOOLS_IMAGE
                command: sleep 1000
                network_mode: service:told
                depends_on: [told]
            configs:
              greeting:
                content: a word that only Compose hands over

            """ + TinyStack.Volumes,
    };

    [Fact]
    public async Task Each_starts_after_what_it_needs_with_what_Compose_gives_it_and_a_passed_check_is_not_run_again()
    {
        var workspace = await CreateWorkspaceAsync(Stack);
        var instance = workspace.TakeInstance();

        await workspace.UpAsync(instance);

        var containers = (await instance.ContainersAsync()).ToDictionary(c => c.Name[(instance.Project.Length + 1)..].Split('-')[0]);
        Assert.Equal(
            ["slow", "told", "beside"],
            containers.Where(c => c.Key is not ("redis" or "counts")).OrderBy(c => c.Value.StartedAt, StringComparer.Ordinal).Select(c => c.Key));
        Assert.Equal("a word that only Compose hands over", (await ExecAsync(workspace, instance, "told", "cat", "/greeting")).Output.Trim());

        // Nobody waits for it, so the engine keeps to the interval of its file and has not run the check itself.
        var asked = (await ExecAsync(workspace, instance, "counts", "cat", "/tmp/asked")).Output;
        await workspace.RunJsonAsync(0, "Status", instance, "--require-ready");
        await workspace.UpAsync(instance);
        Assert.Equal(asked, (await ExecAsync(workspace, instance, "counts", "cat", "/tmp/asked")).Output);
    }

    private static async Task<BuildResult> ExecAsync(TestWorkspace workspace, TestInstance instance, string service, params string[] command) =>
        (await workspace.RunAsync(["Exec", "--instance", $"{instance.Number}", "--only", service, "--", .. command])).Expect(0);
}
