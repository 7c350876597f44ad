using InstanceKit.Platform;
using InstanceKit.Pm2;

namespace InstanceKit.IntegrationTests.Support;

/// <summary>A workspace of which many instances can run at once: one Redis, and one app that says something when it is told to.</summary>
internal sealed class CrowdWorkspace : TestWorkspace
{
    private const string Compose = """
        services:
          redis:
            image: ${REDIS_IMAGE}
            command: redis-server --save ""
            ports: ["6379:6379"]
        """;

    private const string Ecosystem = """
        module.exports = { apps: [{ name: 'worker', cwd: `${__dirname}/worker`, script: 'app.cjs', kill_timeout: 2000, pmx: false }] };
        """;

    private const string Worker = """
        process.on('SIGUSR2', () => console.log('said when told'));
        setInterval(() => {}, 1e6);
        console.log('worker begins');
        """;

    private CrowdWorkspace(Pm2Program pm2, string images)
        : base(pm2)
    {
        Write("compose.yaml", Compose);
        Write(".env", images);
        Write("ecosystem.config.cjs", Ecosystem);
        Write("worker/app.cjs", Worker);
        Write("worker/.env", "GREETING=hello\n");
    }

    /// <summary>Makes one; nothing is run.</summary>
    public static async Task<CrowdWorkspace> CreateAsync()
    {
        await TestEngine.RequireAsync();
        return new CrowdWorkspace(await Requires.Pm2Async(), await TestEngine.ImageVariablesAsync());
    }

    /// <summary>Has the app and the container of an instance write a line each: <c>said when told</c> and <c>Background saving started</c>.</summary>
    public static async Task SpeakAsync(TestInstance instance)
    {
        var worker = await instance.ProcessAsync("worker");
        await ProcessRunner.ReadAsync(new ProcessSpec { Program = "kill", Arguments = ["-s", "USR2", $"{worker.Pid}"] }, "tell the worker to speak");
        await TestEngine.RunAsync("exec", $"{instance.Project}-redis-1", "redis-cli", "bgsave");
    }
}
