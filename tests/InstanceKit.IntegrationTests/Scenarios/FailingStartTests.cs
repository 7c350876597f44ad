using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>Something of the instance does not come up. The wait is two minutes where nothing else is said.</summary>
public sealed class FailingStartTests : Scenario
{
    private const int Soon = 90;

    [Fact]
    public async Task A_container_that_ends_at_once_is_named_with_its_last_lines_long_before_the_time_is_up()
    {
        var (workspace, instance) = await CreateAsync(TinyStack.With("""
              broken:
                image: $TOOLS_IMAGE
                restart: "no"
                command: sh -c 'echo the disk is made of cheese >&2; exit 3'
            """));

        var error = await NotReadyAsync(workspace, instance, Soon);

        Assert.Contains("service broken: exited with code 3", error, StringComparison.Ordinal);
        Assert.Contains("the disk is made of cheese", error, StringComparison.Ordinal);
        Assert.Contains("--only broken", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_that_lives_for_a_moment_each_time_is_not_taken_for_ready()
    {
        var (workspace, instance) = await CreateAsync(TinyStack.With("""
              shaky:
                image: $TOOLS_IMAGE
                restart: always
                command: sh -c 'echo here again; sleep 0.4; exit 4'
            """) with { Backend = TinyStack.Holding });

        Assert.Contains("service shaky", await NotReadyAsync(workspace, instance, Soon), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_that_crashes_at_once_is_named_with_its_last_lines_long_before_the_time_is_up()
    {
        var (workspace, instance) = await CreateAsync(new TinyStack
        {
            Worker = "throw new Error('no luck today');",
            Backend = TinyStack.Holding, // however long a slow machine takes to start the worker, Up is still there when it ends
        });

        var error = await NotReadyAsync(workspace, instance, Soon);

        Assert.Contains("app worker", error, StringComparison.Ordinal);
        Assert.Contains("no luck today", error, StringComparison.Ordinal);
        Assert.Contains("--only worker", error, StringComparison.Ordinal);

        workspace.Write("worker/app.cjs", TinyStack.Loop);
        workspace.LetGo(instance);
        await workspace.UpAsync(instance);
    }

    [Fact]
    public async Task An_app_that_crashes_again_and_again_does_not_keep_the_others_from_being_restarted()
    {
        var (workspace, instance) = await CreateAsync(new TinyStack { Worker = "process.exit(1);" });
        workspace.Write("pm2.config.cjs", (await File.ReadAllTextAsync(workspace.PathOf("pm2.config.cjs"), TestContext.Current.CancellationToken))
            .Replace("restart_delay: 100", "restart_delay: 1, max_restarts: 1000", StringComparison.Ordinal));
        await NotReadyAsync(workspace, instance, Soon);

        foreach (var app in new[] { "backend", "frontend", "backend" })
            (await workspace.RunAsync("Restart", "--instance", $"{instance.Number}", "--only", app)).Expect(0);
        await workspace.RunJsonAsync(0, "Down", instance);
    }

    private async Task<(TinyWorkspace Workspace, TestInstance Instance)> CreateAsync(TinyStack stack)
    {
        var workspace = await CreateWorkspaceAsync(stack);
        return (workspace, workspace.TakeInstance());
    }

    private static async Task<string> NotReadyAsync(
        TestWorkspace workspace, TestInstance instance, double seconds)
    {
        var result = await workspace.RunAsync(
            new Dictionary<string, string?>(), seconds, ["Up", "--instance", $"{instance.Number}", "--json"]);
        Assert.Equal("notReady", (string)result.Expect(5).Of(instance)["error"]!["kind"]!);
        return result.ErrorOf(instance);
    }
}
