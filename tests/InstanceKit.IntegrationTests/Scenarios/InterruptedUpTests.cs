using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>An Up that does not reach its end.</summary>
public sealed class InterruptedUpTests : Scenario
{
    // Compose waits for its health before it starts what depends on it.
    private const string SlowPair = """
          slow:
            image: ${TOOLS_IMAGE}
            command: sh -c 'until [ -e /tmp/go ]; do sleep 0.1; done; touch /tmp/ready; sleep infinity'
            init: true
            healthcheck: { test: test -e /tmp/ready, interval: 300ms, retries: 1000 }
          late:
            image: ${TOOLS_IMAGE}
            command: sleep infinity
            init: true
            depends_on: { slow: { condition: service_healthy } }
        """;

    [Fact]
    public async Task An_Up_that_was_killed_in_the_middle_is_finished_by_the_next()
    {
        var workspace = await CreateWorkspaceAsync(TinyStack.With(SlowPair));
        var instance = workspace.TakeInstance();
        await using var killed = await workspace.StartAsync("Up", "--instance", $"{instance.Number}");
        await Eventually.HoldsAsync(async () => await SlowAsync(instance) is not null, "the slow service runs", 60);

        await killed.KillAsync(); // its docker compose lives on and holds on to what it does
        Assert.NotEqual(0, (await killed.EndAsync(30)).ExitCode);
        await TestEngine.RunAsync("exec", (await SlowAsync(instance))!.Id, "touch", "/tmp/go");
        var next = await workspace.RunJsonAsync(0, "Up", instance);

        Assert.Equal("done", next.OutcomeOf(instance));
        var containers = await instance.ContainersAsync();
        Assert.Equal(["late", "redis", "slow"], containers.Select(c => c.Service).Order());
        Assert.All(containers, c => Assert.Equal("running", c.State));
        await TinyWorkspace.AskAsync(instance.BackendPort);
    }

    [Fact]
    public async Task Ctrl_C_stops_the_waiting_and_leaves_what_runs()
    {
        var workspace = await CreateWorkspaceAsync(new TinyStack { Backend = TinyStack.Holding });
        var instance = workspace.TakeInstance();
        await using var interrupted = await workspace.StartAsync("Up", "--instance", $"{instance.Number}");
        await instance.AppsRunAsync();
        var before = await instance.FingerprintAsync();

        await interrupted.InterruptAsync();

        (await interrupted.EndAsync(30)).Expect(130).ExpectError($"Up --instance {instance.Number}");
        Assert.Equal(before, await instance.FingerprintAsync());
        workspace.LetGo(instance);
        await workspace.UpAsync(instance);
        Assert.Equal(before, await instance.FingerprintAsync());
    }

    [Fact]
    public async Task A_second_Ctrl_C_ends_at_once()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        using var deaf = ProgramFolder.With("docker", $"""
            case " $* " in *" up "*) trap '' INT TERM; touch "{workspace.PathOf("deaf")}"; sleep 30 & wait; exit 1 ;; esac
            exec "{ProgramFolder.Find("docker")}" "$@"
            """);
        workspace.Environment["PATH"] = deaf.SearchPath;
        await using var stubborn = await workspace.StartAsync("Up", "--instance", $"{instance.Number}");
        await Eventually.HoldsAsync(() => File.Exists(workspace.PathOf("deaf")), "docker compose up runs", 60);

        await stubborn.InterruptAsync();
        await Eventually.HoldsAsync(
            async () =>
            {
                // Two that come while the program gets no processor are one to it.
                await stubborn.InterruptAsync();
                return !stubborn.IsRunning;
            },
            "a second Ctrl-C ends it", 20);

        (await stubborn.EndAsync(10)).Expect(130);
    }

    private static async Task<EngineContainer?> SlowAsync(TestInstance instance) =>
        (await instance.ContainersAsync()).FirstOrDefault(c => c is { Service: "slow", State: "running" });
}
