using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using InstanceKit.Models;

namespace Bench;

/// <summary>
/// A copy of the sample workspace in a folder of its own, with its own registry and PM2 daemon, and beside it the compose
/// files that a person would write by hand to run further instances of it with Compose alone.
/// </summary>
internal sealed partial class SampleStack : IAsyncDisposable
{
    /// <summary>The stack's name.</summary>
    public const string Name = "ikbench";

    private const string LightCompose = """
        services:
          store:
            image: ${REDIS_IMAGE}
            container_name: light-store
            ports:
              - "6379:6379"
            healthcheck:
              test: ["CMD", "redis-cli", "ping"]
              interval: 5s
              retries: 10
          cache:
            image: ${REDIS_IMAGE}
            container_name: light-cache
            ports:
              - "6380:6379"
            depends_on:
              store:
                condition: service_healthy

        """;

    private const string LightApps = """
        module.exports = { apps: [{ name: 'worker', cwd: `${__dirname}/worker`, script: 'app.cjs' }] };

        """;

    private readonly string _root = Directory.CreateTempSubdirectory("ikb-").FullName;
    private readonly Dictionary<string, string?> _environment;

    private SampleStack() => _environment = new Dictionary<string, string?>
    {
        ["PM2_HOME"] = Path.Combine(_root, "pm2"),
        ["XDG_STATE_HOME"] = Path.Combine(_root, "state"),
    };

    /// <summary>The workspace.</summary>
    public string Workspace => Path.Combine(_root, "studio");

    /// <summary>Makes the workspace; its service that runs once behind a 30 s health check is left out, so that eight are left.</summary>
    public static async Task<SampleStack> CreateAsync()
    {
        var stack = new SampleStack();
        await stack.RunAsync("cp", "-r", Path.Combine(Places.Repository, "samples", "studio"), stack.Workspace);
        await stack.WriteImagesAsync();
        var file = stack.ComposeFile;
        await File.WriteAllTextAsync(file, RunsOnce().Replace(await File.ReadAllTextAsync(file), ""));
        return stack;
    }

    /// <summary>Makes a workspace of two small services, of which one waits for the other, and one app.</summary>
    public static async Task<SampleStack> CreateLightAsync()
    {
        var stack = new SampleStack { ComposeName = "compose.yaml" };
        Directory.CreateDirectory(Path.Combine(stack.Workspace, "worker"));
        await stack.WriteImagesAsync();
        await File.WriteAllTextAsync(stack.ComposeFile, LightCompose);
        await File.WriteAllTextAsync(Path.Combine(stack.Workspace, "ecosystem.config.cjs"), LightApps);
        await File.WriteAllTextAsync(Path.Combine(stack.Workspace, "worker", "app.cjs"), "setInterval(() => {}, 1e6);\n");
        return stack;
    }

    /// <summary>The compose file of the workspace.</summary>
    public string ComposeFile => Path.Combine(Workspace, ComposeName);

    private string ComposeName { get; init; } = "docker/docker-compose.infra.yml";

    /// <summary>The Compose project of an instance.</summary>
    public static string ProjectOf(int instance) => $"{Name}-dev-{instance}";

    /// <summary>Runs a target as a person does.</summary>
    public Task<CommandResult> BuildAsync(string target, string instances, params string[] more) =>
        RunAsync(Script, Words(target, instances, more));

    /// <summary>Starts a target that does not end by itself.</summary>
    public Process Start(string target, string instances, params string[] more)
    {
        var start = new ProcessStartInfo(Script, Words(target, instances, more)) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs <c>pm2</c>.</summary>
    public Task<CommandResult> Pm2Async(params string[] words) => RunAsync(Pinned ?? "pm2", words);

    /// <summary>Runs Compose on the hand-written file of an instance.</summary>
    public async Task<CommandResult> ComposeAsync(int instance, params string[] words)
    {
        var file = Path.Combine(Path.GetDirectoryName(ComposeFile)!, $"bare-{instance}.yml");
        if (!File.Exists(file))
            await File.WriteAllTextAsync(file, Shift(await File.ReadAllTextAsync(ComposeFile), instance));
        return await RunAsync("docker", [
            "compose", "-p", ProjectOf(instance), "--env-file", Path.Combine(Workspace, ".env"), "-f", file, .. words]);
    }

    /// <summary>Runs <c>docker</c>.</summary>
    public async Task<string> DockerAsync(params string[] words) => (await RunAsync("docker", words)).Output;

    /// <summary>The containers of a project.</summary>
    /// <param name="more">Further options of <c>docker ps</c>.</param>
    public async Task<IReadOnlyList<string>> ContainersAsync(string project, params string[] more) =>
        (await DockerAsync(["ps", "--all", .. more, "--filter", $"label=com.docker.compose.project={project}", "--format", "{{.ID}}"])).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Compose, then PM2, then waiting for the backend, in milliseconds.</summary>
    public async Task<double> UpBareAsync(int instance)
    {
        var begun = Stopwatch.GetTimestamp();
        await ComposeAsync(instance, "up", "-d");
        await Pm2Async("start", EcosystemOf(instance));
        return await AwaitBackendAsync(instance, begun);
    }

    /// <summary>PM2, then Compose, in milliseconds.</summary>
    public async Task<double> DownBareAsync(int instance, params string[] words)
    {
        var begun = Stopwatch.GetTimestamp();
        await Pm2Async("delete", "all");
        await ComposeAsync(instance, ["down", .. words]);
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }

    /// <summary>Waits until the backend of an instance answers.</summary>
    /// <param name="begun">When to count from.</param>
    /// <returns>The time until then, in milliseconds.</returns>
    public static async Task<double> AwaitBackendAsync(int instance, long begun, CancellationToken cancellation = default)
    {
        using var client = new HttpClient();
        while (!await AnswersAsync(client, BackendOf(instance), cancellation))
            await Task.Delay(20, cancellation);
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }

    /// <summary>Runs <c>Up</c>.</summary>
    /// <returns>The time until the backend answered, and what came of the command.</returns>
    public async Task<(double Backend, CommandResult Up)> UpAsync(int instance, params string[] more)
    {
        using var stop = new CancellationTokenSource();
        var answer = AwaitBackendAsync(instance, Stopwatch.GetTimestamp(), stop.Token);
        try
        {
            var up = await BuildAsync("Up", $"{instance}", more);
            return (await answer, up);
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient client, Uri address, CancellationToken cancellation)
    {
        try
        {
            using var answer = await client.GetAsync(address, cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>The apps of an instance, as PM2 is given them.</summary>
    public string EcosystemOf(int instance) => Path.Combine(Workspace, ".instances", $"instance-{instance}", "ecosystem.json");

    /// <summary>Where the backend of an instance answers.</summary>
    public static Uri BackendOf(int instance) => new($"http://127.0.0.1:{3211 + (instance * 100)}/health");

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await BuildAsync("Clean", "all", "--yes");
        await Pm2Async("kill");
        Directory.Delete(_root, recursive: true);
    }

    private static string Script => Path.Combine(Places.Repository, "build.sh");

    private string[] Words(string target, string instances, string[] more) =>
        [target, "--instance", instances, "--workspace", Workspace, "--stack-name", Name, .. more];

    private async Task WriteImagesAsync() => await File.WriteAllTextAsync(Path.Combine(Workspace, ".env"), (await Command.RunAsync(
        Path.Combine(Places.Repository, "samples", "images", "make-images"), ["--print-env"], _environment)).Output);

    /// <summary>The PM2 that the program has fetched, where it found none on the search path.</summary>
    private static string? Pinned => Directory.Exists(Tools)
        ? Directory.EnumerateDirectories(Tools, "pm2-*").Select(f => Path.Combine(f, "node_modules", ".bin", "pm2")).FirstOrDefault(File.Exists)
        : null;

    private static string Tools => Path.Combine(Places.Repository, ".nuke", "temp", "tools");

    private Task<CommandResult> RunAsync(string program, params string[] words) => Command.RunAsync(program, words, _environment);

    /// <summary>The file with the instance's ports, and without names that only one instance can have.</summary>
    private static string Shift(string text, int instance)
    {
        text = FixedName().Replace(text, "");
        return HostPort().Replace(text, m => (int.Parse(m.Value, CultureInfo.InvariantCulture) + (instance * 100)).ToString(CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^ +(?:container_name|name): .*\n", RegexOptions.Multiline)]
    private static partial Regex FixedName();

    // "5433:5432" and published: "9000"
    [GeneratedRegex("""(?<=- "|published: "|advertise-kafka-addr=localhost:)\d{4}(?=:\d+"|"|\n)""")]
    private static partial Regex HostPort();

    [GeneratedRegex(@"^  # Runs once(?:.*\n)+?(?=^  redis:)", RegexOptions.Multiline)]
    private static partial Regex RunsOnce();
}
