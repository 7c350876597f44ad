using System.Text.Json;
using System.Text.Json.Serialization;
using InstanceKit.Platform;

namespace InstanceKit.Pm2;

/// <summary>A pool of idle, loaded PM2 clients; no larger than were used concurrently.</summary>
internal sealed class Pm2ScriptRunners : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Stack<Pm2ScriptRunner>> _idle = new(StringComparer.Ordinal);
    private bool _isClosed;

    /// <summary>Stops all of them.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            foreach (var client in _idle.Values.SelectMany(c => c))
                client.Dispose();
            _idle.Clear();
        }
    }

    /// <summary>Begins to load one for a home unless one is there.</summary>
    internal void Prepare(Pm2Program program, string home)
    {
        lock (_lock)
        {
            if (!_idle.ContainsKey(home))
                _idle[home] = new Stack<Pm2ScriptRunner>([new Pm2ScriptRunner(program, home)]);
        }
    }

    /// <summary>Lets a client of a home work. One that fails is not used again.</summary>
    internal async Task<T> UseAsync<T>(Pm2Program program, string home, Func<Pm2ScriptRunner, Task<T>> work)
    {
        Pm2ScriptRunner? client;
        lock (_lock)
        {
            if (!_idle.TryGetValue(home, out var idle))
                idle = _idle[home] = new Stack<Pm2ScriptRunner>();
            if (!idle.TryPop(out client))
                client = new Pm2ScriptRunner(program, home);
        }

        var isUsable = false;
        try
        {
            var result = await work(client);
            isUsable = true;
            return result;
        }
        finally
        {
            lock (_lock)
            {
                if (isUsable && !_isClosed)
                    _idle[home].Push(client);
                else
                    client.Dispose();
            }
        }
    }
}

/// <summary>
/// The client of the <c>pm2</c> command, loaded once by a separate Node process: loading takes longer than most starts. It starts
/// one thing after the other.
/// </summary>
internal sealed class Pm2ScriptRunner : IDisposable
{
    private const string ScriptName = "start-apps.cjs";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly Pm2Program _program;
    private readonly LineProgram _node;

    /// <summary>Starts to load it; starts nothing else until requested.</summary>
    /// <param name="program">The PM2.</param>
    /// <param name="home">The PM2_HOME.</param>
    public Pm2ScriptRunner(Pm2Program program, string home)
    {
        _program = program;
        _node = new LineProgram(new ProcessSpec
        {
            Program = "node",
            Arguments = ["-e", Pm2ScriptReader.Read(ScriptName), "--", program.Package],
            Environment = Pm2Environment.Changes(home),
            InstallHint = Node.InstallHint,
        });
    }

    /// <inheritdoc />
    public void Dispose() => _node.Dispose();

    /// <summary>Starts the daemon when none is running.</summary>
    /// <returns>What PM2 printed.</returns>
    public Task<string> StartDaemonAsync(CancellationToken cancellation) =>
        AskAsync(new Pm2Request(null, []), "start PM2's daemon", _program.Command("ping"), cancellation);

    /// <summary>Starts apps of a file.</summary>
    /// <returns>What PM2 printed.</returns>
    public Task<string> StartAsync(string file, IReadOnlyList<string> names, CancellationToken cancellation) => AskAsync(
        new Pm2Request(file, names),
        $"start the {(names.Count == 1 ? "app" : "apps")} {string.Join(", ", names)}",
        _program.Command("start", file, "--only", string.Join(',', names)) with { WorkingDirectory = Path.GetDirectoryName(file) },
        cancellation);

    private async Task<string> AskAsync(Pm2Request request, string intent, ProcessSpec command, CancellationToken cancellation)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(Limit);
        try
        {
            var (line, end) = await _node.AskAsync(JsonSerializer.Serialize(request, Pm2Json.Default.Pm2Request), limited.Token);
            if (line is null)
                throw new CommandFailedException(intent, command, end!);
            var answer = JsonSerializer.Deserialize(line, Pm2Json.Default.Pm2Answer)!;
            return answer.Failure is null
                ? answer.Printed
                : throw new CommandFailedException(intent, command, new ProcessResult(1, "", answer.Failure));
        }
        catch (OperationCanceledException)
        {
            _node.Interrupt();
            cancellation.ThrowIfCancellationRequested();
            throw ProcessRunner.TimedOut(command, Limit);
        }
    }
}

/// <summary>A request to the client.</summary>
/// <param name="File">The file with the apps; <see langword="null"/> for the daemon only.</param>
/// <param name="Names">The apps' names.</param>
internal sealed record Pm2Request(string? File, IReadOnlyList<string> Names);

/// <summary>What it has done.</summary>
/// <param name="Failure">Why it could not, in PM2's words.</param>
/// <param name="Printed">What PM2 printed.</param>
internal sealed record Pm2Answer(string? Failure, string Printed);

/// <summary>How both are serialized; generated at compile time, for native compilation.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Pm2Request))]
[JsonSerializable(typeof(Pm2Answer))]
internal sealed partial class Pm2Json : JsonSerializerContext;

/// <summary>The scripts for Node that belong to the library, and what they print.</summary>
internal static class Pm2ScriptReader
{
    private const int ShownLines = 5;

    /// <summary>The text of a script.</summary>
    /// <param name="name">Its file's name.</param>
    public static string Read(string name)
    {
        using var stream = typeof(Pm2ScriptReader).Assembly.GetManifestResourceStream($"InstanceKit.Pm2.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The last lines of an output, each on its own indented line; empty if there are none.</summary>
    public static string Tail(string text) => string.Concat(
        text.Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0).TakeLast(ShownLines).Select(l => $"\n    {l}"));
}
