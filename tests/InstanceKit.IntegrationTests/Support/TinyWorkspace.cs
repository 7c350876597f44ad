using System.Text.Json.Nodes;
using InstanceKit.Pm2;

namespace InstanceKit.IntegrationTests.Support;

/// <summary>A workspace with one Redis and three Node programs of a few lines, which is up within seconds.</summary>
internal sealed class TinyWorkspace : TestWorkspace
{
    private const string Pm2Config = """
        module.exports = {
          apps: ['frontend', 'backend', 'worker'].map((app) => ({
            name: `shipsec-${app}-${process.env.SHIPSEC_INSTANCE}`,
            cwd: `${__dirname}/${app}`,
            script: 'app.cjs',
            restart_delay: 100,
            kill_timeout: 2000,
            pmx: false, // with PM2's metrics, an app ends soon after a daemon that was killed
          })),
        };
        """;

    private TinyWorkspace(Pm2Program pm2, TinyStack stack, string images)
        : base(pm2)
    {
        HasRedis = stack.Compose.Contains("redis:\n", StringComparison.Ordinal);
        Write("docker/docker-compose.infra.yml", stack.Compose);
        Write(".env", images);
        Write("pm2.config.cjs", Pm2Config);
        foreach (var (app, source) in new[] { ("frontend", stack.Frontend), ("backend", stack.Backend), ("worker", stack.Worker) })
        {
            Write($"{app}/app.cjs", source);
            Write($"{app}/.env", $"# settings of {app}\nGREETING=hello\n");
        }
    }

    /// <summary>Whether a Redis is in its stack.</summary>
    public bool HasRedis { get; }

    /// <summary>Makes one; nothing is run.</summary>
    public static async Task<TinyWorkspace> CreateAsync(TinyStack stack)
    {
        await TestEngine.RequireAsync();
        return new TinyWorkspace(await Requires.Pm2Async(), stack, await TestEngine.ImageVariablesAsync());
    }

    /// <summary>Makes one whose services run as processes; no engine is needed.</summary>
    public static async Task<TinyWorkspace> CreateEmbeddedAsync(TinyStack stack) =>
        new(await Requires.Pm2Async(), stack, "REDIS_IMAGE=redis:7\n") { IsEngineHidden = true };

    /// <summary>Brings an instance up; fails the test when that fails.</summary>
    public Task UpAsync(TestInstance instance) => RunJsonAsync(0, "Up", instance);

    /// <summary>Lets the apps of an instance listen that are <see cref="TinyStack.Holding"/>.</summary>
    public void LetGo(TestInstance instance) => Write($"go-{instance.Number}", "");

    /// <summary>What an app of <see cref="TinyStack.Server"/> says of itself: pid, port and variables.</summary>
    public static async Task<JsonNode> AskAsync(int port)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        return JsonNode.Parse(await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/")))!;
    }
}
