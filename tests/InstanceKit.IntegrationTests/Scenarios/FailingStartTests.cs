using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>Something of the instance does not come up. The wait is two minutes where nothing else is said.</summary>
public sealed class FailingStartTests : Scenario
{
    private const int Soon = 90;

    /// <summary>Long enough for a busy machine to do one step of a start.</summary>
    private const int Patience = 20;

    [Theory]
    [InlineData("\"no\"", "exited with code 3")]
    [InlineData("always", "crash loop: 3 restarts, last exit code 3")]
    public async Task A_container_that_ends_at_once_is_named_with_its_last_lines_long_before_the_time_is_up(string restart, string reason)
    {
        var (workspace, instance) = await CreateAsync(TinyStack.With($"""
              broken:
                image: $TOOLS_IMAGE
                restart: {restart}
                command: sh -c 'echo the disk is made of cheese >&2; exit 3'
            """));

        var error = await NotReadyAsync(workspace, instance, Soon);

        Assert.Contains($"service broken: {reason}", error, StringComparison.Ordinal);
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
    public async Task An_app_that_listens_on_the_next_port_is_told_with_both()
    {
        var (workspace, instance) = await CreateAsync(new TinyStack
        {
            Frontend = "require('http').createServer().listen(Number(process.env.PORT) + 1, '127.0.0.1');",
        });

        var error = await NotReadyAsync(workspace, instance, Soon, "--timeout", $"{Patience}s");

        Assert.Contains("app frontend", error, StringComparison.Ordinal);
        Assert.Contains($"{instance.FrontendPort + 1}", error, StringComparison.Ordinal);
        Assert.Contains($"not on {instance.FrontendPort}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_and_a_service_that_never_get_ready_are_named_when_the_time_is_up()
    {
        var (workspace, instance) = await CreateAsync(TinyStack.With("""
              sick:
                image: $TOOLS_IMAGE
                init: true
                command: sh -c 'echo cough; sleep infinity'
                healthcheck: { test: "false", interval: 300ms, retries: 1000 }
            """) with { Backend = "console.log('thinking'); setInterval(() => {}, 1000);" });

        var error = await NotReadyAsync(workspace, instance, Soon, "--timeout", $"{Patience}s");

        foreach (var words in new[] { "service sick", "cough", "app backend", $"does not listen on {instance.BackendPort}", "thinking", $"no progress for {Patience} s" })
            Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.DoesNotContain("app frontend", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_PM2_that_does_not_end_a_start_is_named_and_ended()
    {
        var (workspace, instance) = await CreateAsync(new TinyStack());
        using var stuck = ProgramFolder.With("node", $"""
            case "$*" in *"pm2.start("*) exec sleep 1000 ;; esac
            exec "{ProgramFolder.Find("node")}" "$@"
            """);
        workspace.Environment["PATH"] = stuck.SearchPath;

        var error = await NotReadyAsync(workspace, instance, Soon, "--timeout", $"{Patience}s");

        Assert.Contains("app frontend: PM2 is starting it", error, StringComparison.Ordinal);
        Assert.Contains("app backend: not started; PM2 is still starting frontend", error, StringComparison.Ordinal);
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
        TestWorkspace workspace, TestInstance instance, double seconds, params string[] options)
    {
        var result = await workspace.RunAsync(
            new Dictionary<string, string?>(), seconds, ["Up", "--instance", $"{instance.Number}", "--json", .. options]);
        Assert.Equal("notReady", (string)result.Expect(5).Of(instance)["error"]!["kind"]!);
        return result.ErrorOf(instance);
    }
}
