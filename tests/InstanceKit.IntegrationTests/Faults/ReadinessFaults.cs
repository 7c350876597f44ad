using System.Net;
using System.Net.Sockets;
using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Faults;

/// <summary>What looks ready and is not, and what looks hopeless only because of its past.</summary>
public sealed class ReadinessFaults : FaultScenario
{
    private const string Dying = "console.log('worker begins'); setTimeout(() => { console.log('no more work'); process.exit(1); }, 1500);\n";

    private static string Stray => TinyStack.Server.Replace("Number(process.env.PORT)", "Number(process.env.PORT) + 7", StringComparison.Ordinal);

    [Fault("Redis is stopped by hand and ends cleanly", section: 1, Quick = true)]
    public async Task Redis_is_stopped()
    {
        var run = await OnEngineAsync();
        await run.UpAsync();
        await TestEngine.RunAsync("stop", await RedisAsync(run));

        run.Expect(await run.CallAsync("Status", "--require-ready"), 5, "redis", "exited with code 0");
        run.Expect(await run.CallAsync("Wait"), 5, "redis", "exited with code 0", "it publishes port", "Up");
        run.Expect(await run.CallAsync("Up", "--dry-run"), 0, "start service redis");
        await run.ConcludeAsync();
    }

    [Fault("A container is disconnected from its network", section: 1, Quick = true)]
    public async Task A_container_is_disconnected()
    {
        var run = await OnEngineAsync();
        await run.UpAsync();
        var network = Assert.Single(await TestEngine.NetworksAsync(run.Instance.Project)).Name;
        await TestEngine.RunAsync("network", "disconnect", network, await RedisAsync(run));

        run.Expect(await run.CallAsync("Status", "--require-ready"), 5, "redis", $"not connected to network {network}");
        run.Expect(await run.CallAsync("Wait"), 5, "redis", "not connected", "Up");
        await run.ConcludeAsync();
    }

    [Fault("A container is connected to its network again without its name", section: 1)]
    public async Task A_container_lost_its_name()
    {
        var run = await OnEngineAsync();
        await run.UpAsync();
        var network = Assert.Single(await TestEngine.NetworksAsync(run.Instance.Project)).Name;
        await TestEngine.RunAsync("network", "disconnect", network, await RedisAsync(run));
        await TestEngine.RunAsync("network", "connect", network, await RedisAsync(run));

        run.Expect(await run.CallAsync("Status", "--require-ready"), 5, "redis", "lost its name on network");
        await run.ConcludeAsync();
    }

    [Fault("A container is paused", section: 1)]
    public async Task A_container_is_paused()
    {
        var run = await OnEngineAsync();
        await run.UpAsync();
        var redis = await RedisAsync(run);
        await TestEngine.RunAsync("pause", redis);

        run.Expect(await run.CallAsync("Status", "--require-ready"), 5, "redis", "paused");
        run.Expect(await run.CallAsync("Up"), 0);
        Assert.Equal(redis, await RedisAsync(run));
        await run.ConcludeAsync();
    }

    [Fault("A container is replaced by hand by one with Compose's labels only", section: 1)]
    public async Task A_container_is_replaced()
    {
        var run = await OnEngineAsync();
        await run.UpAsync();
        await ReplaceAsync(run, "--publish", $"127.0.0.1:{run.Instance.Port(6379)}:6379");

        run.Expect(await run.CallAsync("Status", "--require-ready"), 5, "redis", "not created by this tool");
        await run.ConcludeAsync();
    }

    [Fault("A container is replaced by hand by one with all labels and no published port", section: 1)]
    public async Task A_container_publishes_nothing()
    {
        var run = await OnEngineAsync();
        await run.UpAsync();
        var network = Assert.Single(await TestEngine.NetworksAsync(run.Instance.Project)).Name;
        var labels = Assert.Single(await run.Instance.ContainersAsync()).Labels.SelectMany(l => new[] { "--label", $"{l.Key}={l.Value}" });
        await ReplaceAsync(run, ["--network", network, "--network-alias", "redis", .. labels]);

        run.Expect(
            await run.CallAsync("Status", "--require-ready"), 5, "redis", $"no longer publishes port {run.Instance.Port(6379)}/tcp");
        await run.ConcludeAsync();
    }

    [Fault("An image is rebuilt under the same tag", section: 1)]
    public async Task An_image_is_rebuilt()
    {
        var run = await OnEngineAsync();
        var tag = $"shipsec-build.local/{run.Workspace.StackName}:1";
        var original = Assert.Single((await TestEngine.ImageVariablesAsync()).Split('\n'), l => l.StartsWith("REDIS_IMAGE=", StringComparison.Ordinal)).Split('=')[1];
        await TestEngine.RunAsync("tag", original, tag);
        try
        {
            run.Workspace.Write(".env", $"REDIS_IMAGE={tag}\n");
            await run.UpAsync();
            var redis = await RedisAsync(run);
            await TestEngine.RunAsync("commit", redis, tag);

            run.Expect(await run.CallAsync("Up", "--dry-run"), 0, "replace service redis", $"image {tag} was rebuilt");
            run.Expect(await run.CallAsync("Up", "--keep-images"), 0);
            Assert.Equal(redis, await RedisAsync(run));
            run.Expect(await run.CallAsync("Up"), 0);
            Assert.NotEqual(redis, await RedisAsync(run));
            await run.ConcludeAsync();
        }
        finally
        {
            await run.CallAsync("Down");
            await TestEngine.TryAsync("rmi", tag);
        }
    }

    [Fault("A container that was in a crash loop is repaired", section: 1)]
    public async Task A_crash_loop_of_a_container_is_repaired()
    {
        var run = await OnEngineAsync(TinyStack.With("""
              flaky:
                image: ${TOOLS_IMAGE}
                command: ["sh", "-c", "test -f /switch/on || exit 3; sleep infinity"]
                init: true
                restart: always
                volumes: ["../switch:/switch"]
            """));
        run.Workspace.Write("switch/note", "");

        run.Expect(await run.CallAsync("Up"), 5, "flaky", "crash loop: 3 restarts, last exit code 3");
        run.Expect(await run.CallAsync("Status", "--require-ready"), 5, "flaky");
        run.Workspace.Write("switch/on", "");
        await run.ConcludeAsync();
    }

    [Fault("An app waits for one of two services", section: 1)]
    public async Task What_is_missing_is_named()
    {
        var broken = TinyStack.With("""
              db:
                image: ${TOOLS_IMAGE}
                command: sleep infinity
                init: true
                ports: ["5432:5432"]
                healthcheck: { test: ["CMD", "test", "-f", "/switch/on"], interval: 1s }
                volumes: ["../switch:/switch"]
            """);
        var run = await OnEngineAsync(broken);
        run.Workspace.Write("switch/note", "");
        run.Workspace.Write("backend/.env", "REDIS_URL=redis://localhost:6379\nDB=localhost:5432\n");

        var up = await run.CallAsync("Up", "--timeout", "4");

        run.Expect(up, 5, $"app backend: not started; waiting for db on port {run.Instance.Port(5432)}\n");
        Assert.DoesNotContain("redis on port", up.Errors, StringComparison.Ordinal);
        // Nothing listens in db, so the backend would wait for its port: it needs Redis only.
        run.Workspace.Write("switch/on", "");
        run.Workspace.Write("backend/.env", "REDIS_URL=redis://localhost:6379\n");
        await run.ConcludeAsync();
    }

    [Fault("An app ends with an error again and again", section: 1, Quick = true)]
    public async Task An_app_is_in_a_crash_loop()
    {
        var run = await WithoutEngineAsync(new TinyStack { Worker = Dying });
        await run.UpAsync();
        await RestartsAsync(run, "worker", 3);

        run.Expect(await run.CallAsync("Status", "--require-ready"), 5, "worker", "crash loop: ", "last exit code 1");
        run.Expect(await run.CallAsync("Wait"), 5, "worker", "crash loop: ", "last exit code 1", "no more work");
        run.Expect(await run.CallAsync("Up"), 5, "worker", "crash loop: ", "last exit code 1");
        run.Workspace.Write("worker/app.cjs", TinyStack.Loop);
        await run.ConcludeAsync();
    }

    [Fault("An app ended with an error once", section: 1)]
    public async Task An_app_ended_once()
    {
        var run = await WithoutEngineAsync(new TinyStack
        {
            Worker = "const fs = require('fs'); if (!fs.existsSync('once')) setTimeout(() => { fs.writeFileSync('once', ''); process.exit(4); }, 3000);\n"
                + TinyStack.Loop,
        });
        await run.UpAsync();
        await RestartsAsync(run, "worker", 1);

        run.Expect(await run.CallAsync("Status", "--require-ready"), 5, "worker", "exited with code 4 before");
        run.Expect(await run.CallAsync("Wait"), 0);
        await run.ConcludeAsync();
    }

    [Fault("Apps were restarted by hand three times", section: 1)]
    public async Task Apps_were_restarted_by_hand()
    {
        var run = await WithoutEngineAsync();
        await run.UpAsync();
        for (var i = 0; i < 3; i++)
            await run.Workspace.RunPm2Async("restart", run.Instance.ProcessName("backend"), run.Instance.ProcessName("worker"));

        run.Expect(await run.CallAsync("Wait"), 0);
        run.Expect(await run.CallAsync("Status", "--require-ready"), 0);
        run.Expect(await run.CallAsync("Up"), 0);
        await run.ConcludeAsync();
    }

    [Fault("An app listens on another port", section: 1)]
    public async Task An_app_listens_on_another_port()
    {
        var run = await WithoutEngineAsync(new TinyStack { Backend = Stray });

        run.Expect(
            await run.CallAsync("Up", "--timeout", "4"), 5, "backend", $"listens on {run.Instance.BackendPort + 7}, not on {run.Instance.BackendPort}",
            "Restart", "--only backend");
        run.Workspace.Write("backend/app.cjs", TinyStack.Server);
        await run.ConcludeAsync();
    }

    [Fault("A stranger listens on the port of a service that runs as a process", section: 1)]
    public async Task A_stranger_has_the_port_of_a_service()
    {
        var run = await WithoutEngineAsync();
        await run.UpAsync();
        await run.Workspace.RunPm2Async("stop", "all");
        using (var stranger = new TcpListener(IPAddress.Loopback, run.Instance.Port(6379)))
        {
            stranger.Start();
            run.Expect(await run.CallAsync("Status", "--require-ready"), 5, "redis");
            run.Expect(await run.CallAsync("Up"), 4, "redis", $"{run.Instance.Port(6379)}");
        }

        await run.ConcludeAsync();
    }

    private static async Task<string> RedisAsync(FaultRun run) => (await run.Instance.ContainersAsync()).Single(c => c.Service == "redis").Id;

    private static Task RestartsAsync(FaultRun run, string app, int count) => Eventually.HoldsAsync(
        async () => (await run.Instance.ProcessAsync(app)) is { Pid: > 0 } process && process.Restarts >= count, $"{count} restarts", 60);

    private static async Task ReplaceAsync(FaultRun run, params IEnumerable<string> options)
    {
        var redis = Assert.Single(await run.Instance.ContainersAsync());
        await TestEngine.RunAsync("stop", redis.Id);
        await TestEngine.RunAsync("rm", redis.Id);
        var image = (await TestEngine.ImageVariablesAsync()).Split('\n').Single(l => l.StartsWith("REDIS_IMAGE=", StringComparison.Ordinal)).Split('=')[1];
        await TestEngine.RunAsync(
        [
            "run", "--detach", "--name", redis.Name, "--label", $"com.docker.compose.project={run.Instance.Project}",
            "--label", "com.docker.compose.service=redis", "--label", "com.docker.compose.oneoff=False",
            "--label", "com.docker.compose.container-number=1", .. options, image,
        ]);
    }
}
