using System.Collections;
using System.Globalization;
using InstanceKit.Platform;

namespace InstanceKit.Pm2;

/// <summary>Starts, lists and deletes apps in the PM2 daemon of one PM2_HOME, and touches no other app of it.</summary>
internal sealed class Pm2Client
{
    private static readonly TimeSpan ListTimeout = TimeSpan.FromSeconds(20);

    private readonly Pm2Program _program;
    private readonly Pm2Home _home;
    private readonly Pm2ScriptRunners? _clients;

    /// <summary>Creates a driver of the daemon of one home. Starts nothing.</summary>
    /// <param name="program">The PM2 to run.</param>
    /// <param name="home">The PM2_HOME; <see langword="null"/> for that of the environment, or else <c>~/.pm2</c>.</param>
    /// <param name="clients">Clients to start apps with; <see langword="null"/> to load one for each start.</param>
    /// <exception cref="InstanceKitException">The path is longer than PM2's sockets can have: 98 characters, 94 on macOS.</exception>
    public Pm2Client(Pm2Program program, string? home = null, Pm2ScriptRunners? clients = null)
    {
        _clients = clients;
        _program = program;
        _home = Pm2Home.Resolve(home);
    }

    /// <summary>Receives a line when the wait for another command to start the daemon exceeds two seconds.</summary>
    public Action<string>? OnWait { get; init; }

    /// <summary>The PM2_HOME, absolute.</summary>
    public string Home => _home.Path;

    /// <summary>Whether the daemon is running. Never starts one; ignores stale files.</summary>
    public bool IsDaemonAlive() => _home.IsDaemonAlive();

    /// <summary>All processes of the daemon, including those of others; none when no daemon is running. Never starts one.</summary>
    /// <exception cref="InstanceKitException">PM2 gave no list.</exception>
    public async Task<IReadOnlyList<Pm2Process>> ListAsync(CancellationToken cancellation = default)
    {
        if (!IsDaemonAlive())
            return [];
        var list = OperatingSystem.IsWindows() ? null : Pm2SocketClient.TryList(_home.RequestSocket, cancellation);
        return list ?? await ListByCommandAsync(cancellation);
    }

    /// <summary>As <see cref="ListAsync"/>, but always through <c>pm2 jlist</c>: slower, but documented.</summary>
    /// <exception cref="InstanceKitException">PM2 gave no list.</exception>
    public async Task<IReadOnlyList<Pm2Process>> ListByCommandAsync(CancellationToken cancellation = default)
    {
        if (!IsDaemonAlive())
            return [];
        var command = Command("jlist", "-s") with { Timeout = ListTimeout };
        ProcessResult result;
        try
        {
            result = await ProcessRunner.RunAsync(command, cancellation: cancellation);
        }
        catch (NoAnswerException)
        {
            throw Pm2SocketClient.Silent(Home, ListTimeout);
        }

        // The output is not shown because it may contain the apps' secrets.
        return Pm2Listing.ParseOutput(result.StandardOutput) ?? throw new NoAnswerException(
            $"The PM2 daemon did not list its processes: '{command}' ended with exit code {result.ExitCode} (PM2_HOME={Home}).",
            "Run 'pm2 ls' with that PM2_HOME; if that fails too, restart the daemon with 'pm2 update'.");
    }

    /// <summary>Starts apps of an ecosystem file with one call, and the daemon when none is running.</summary>
    /// <remarks>An app of that name that is already there is restarted, as PM2 does.</remarks>
    /// <param name="ecosystemFile">The file; its extension must be one that PM2 accepts, <c>.config.js</c>, <c>.config.cjs</c> or <c>.json</c>.</param>
    /// <param name="names">The apps' names, exactly; none has a comma in it.</param>
    /// <param name="cancellation">Ends the command, but not what it has started.</param>
    /// <exception cref="InstanceKitException">PM2 failed, or the file has no app of such a name.</exception>
    public async Task StartAsync(string ecosystemFile, IReadOnlyList<string> names, CancellationToken cancellation = default)
    {
        var file = Path.GetFullPath(ecosystemFile);
        using var own = _clients is null ? new Pm2ScriptRunners() : null;
        var clients = _clients ?? own!;
        for (var isRetry = false; ; isRetry = true)
        {
            await EnsureDaemonAsync(clients, cancellation);
            var daemon = _home.ReadPid();
            var printed = await clients.UseAsync(_program, Home, c => c.StartAsync(file, names, cancellation));

            // PM2 ignores a name that the file does not have, with success, and may only print why it starts an app not.
            var listed = await ListAsync(cancellation);
            if (names.FirstOrDefault(n => listed.All(p => p.Name != n)) is not { } missing)
                return;
            if (!isRetry && _home.ReadPid() != daemon)
                continue; // a Down of another instance has ended the daemon, which held no app then
            throw new InstanceKitException(
                ExitCode.Failed, $"PM2 did not start the app '{missing}' of '{file}'.{Pm2ScriptReader.Tail(printed)}",
                "Retry: the file is rewritten if the app is missing from it.");
        }
    }

    /// <summary>Starts to load the client for a later start.</summary>
    public void Prepare() => _clients?.Prepare(_program, Home);

    /// <summary>Stops the apps with these names and deletes them from PM2; ignores those that do not exist.</summary>
    /// <param name="names">Exact names.</param>
    /// <exception cref="InstanceKitException">PM2 failed, or an app is still on its list.</exception>
    public async Task DeleteAsync(IEnumerable<string> names, CancellationToken cancellation = default)
    {
        var wanted = names.ToHashSet(StringComparer.Ordinal);
        if (await ListNamedAsync(wanted, cancellation) is not { Count: > 0 } present)
            return;
        if (await Task.Run(() => TryDelete(present, cancellation), cancellation)
            && await ListNamedAsync(wanted, cancellation) is { Count: 0 })
            return;

        var command = Command("delete", Pm2NamePattern.Of(present.Select(p => p.Name)));
        var result = await ProcessRunner.RunAsync(command, cancellation: cancellation);
        if (await ListNamedAsync(wanted, cancellation) is [var survivor, ..])
            throw result.Succeeded
                ? new InstanceKitException(
                    ExitCode.Failed, $"The app '{survivor.Name}' is still listed by PM2 after it was deleted (PM2_HOME={Home}).",
                    "Another command may be starting it. Retry.")
                : new CommandFailedException($"delete the app {survivor.Name}", command, result);
    }

    /// <summary>Evaluates a workspace's own PM2 file, as PM2 would; PM2 itself is not needed, and nothing is started.</summary>
    /// <param name="configFile">A <c>.js</c>, <c>.cjs</c>, <c>.mjs</c> or <c>.json</c> file.</param>
    /// <param name="environment">Variables to set over the scrubbed environment.</param>
    /// <returns>Its apps: the text of a JSON array.</returns>
    /// <exception cref="InstanceKitException">The file cannot be evaluated, or node is missing.</exception>
    public static async Task<string> EvaluateConfigAsync(
        string configFile, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation = default) =>
        (await ReadConfigAsync(configFile, environment, cancellation)).Apps;

    /// <summary>The same, with what the file has read.</summary>
    internal static Task<EvaluatedConfig> ReadConfigAsync(
        string configFile, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation) =>
        Pm2ConfigRunner.EvaluateAsync(configFile, Pm2Environment.Changes(Pm2Home.Resolve(null).Path, environment), cancellation);

    private bool TryDelete(IReadOnlyList<Pm2Process> processes, CancellationToken cancellation) =>
        !OperatingSystem.IsWindows()
        && Pm2SocketClient.TryDelete(_home.RequestSocket, [.. processes.Select(p => p.PmId)], cancellation);

    private async Task<List<Pm2Process>> ListNamedAsync(HashSet<string> names, CancellationToken cancellation) =>
        [.. (await ListAsync(cancellation)).Where(p => names.Contains(p.Name))];

    // Two commands that both find no daemon would each start one, and one of the two would be lost with its apps.
    private async Task EnsureDaemonAsync(Pm2ScriptRunners clients, CancellationToken cancellation)
    {
        if (IsDaemonAlive())
            return;
        Directory.CreateDirectory(Home);
        using var turn = await FileLock.TakeAsync(
            _home.Lock, $"The start of the PM2 daemon of {Home}", OnWait, FileLock.ShortTurn * 2, cancellation);
        if (IsDaemonAlive())
            return;
        await clients.UseAsync(_program, Home, c => c.StartDaemonAsync(cancellation));
        if (_home.ReadPid() is { } pid)
            FileStore.Attempt(() => File.WriteAllText(_home.Mark, $"{pid}\n"));
    }

    private ProcessSpec Command(params IEnumerable<string> arguments) =>
        _program.Command(arguments) with { Environment = Pm2Environment.Changes(Home) };
}

/// <summary>Passes app names to PM2 so that they match exactly, several in one command.</summary>
/// <remarks>
/// PM2 also interprets a plain name as an id, a namespace or the word "all", and stops at the first of several that is
/// missing. A pattern between slashes is compared with names alone.
/// </remarks>
internal static class Pm2NamePattern
{
    /// <summary>The pattern that matches these names and no other: <c>/^(?:web-1|api-1)$/</c>.</summary>
    /// <param name="names">The names, at least one.</param>
    public static string Of(IEnumerable<string> names) => $"/^(?:{string.Join('|', names.Distinct().Select(Escape))})$/";

    private static string Escape(string name) => string.Concat(name.Select(
        c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c.ToString() : $"\\u{((int)c).ToString("x4", CultureInfo.InvariantCulture)}"));
}

/// <summary>One process in PM2's list. Of its environment, only the three variables of this library are kept.</summary>
internal sealed record Pm2Process
{
    /// <summary>The app's name.</summary>
    public required string Name { get; init; }

    /// <summary>PM2's id for it, unique while its daemon is running.</summary>
    public required int PmId { get; init; }

    /// <summary>The process id; <see langword="null"/> while it does not run.</summary>
    public int? Pid { get; init; }

    /// <summary>Its status in PM2.</summary>
    public required ProcessState Status { get; init; }

    /// <summary>How often PM2 has started it again.</summary>
    public int Restarts { get; init; }

    /// <summary>When it was last started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it was last started by a command, as opposed to an automatic restart.</summary>
    public DateTimeOffset? RequestedAt { get; init; }

    /// <summary>How often it has exited within a second since then.</summary>
    public int EarlyEnds { get; init; }

    /// <summary>Its working directory.</summary>
    public string? Cwd { get; init; }

    /// <summary>The file of its standard output.</summary>
    public string? OutLog { get; init; }

    /// <summary>The file of its standard error.</summary>
    public string? ErrLog { get; init; }

    /// <summary>Its last exit code; <see langword="null"/> when it has not exited or was killed by a signal.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The value of <c>SHIPSEC_INSTANCE</c>.</summary>
    public string? Instance { get; init; }

    /// <summary>The value of <c>INSTANCEKIT_OWNER</c>.</summary>
    public string? Owner { get; init; }

    /// <summary>The value of <c>INSTANCEKIT_FINGERPRINT</c>.</summary>
    public string? Fingerprint { get; init; }
}

/// <summary>The environment that PM2 and a workspace's own PM2 file run in: the current one, scrubbed.</summary>
internal static class Pm2Environment
{
    /// <summary>What to change of the current environment.</summary>
    /// <param name="home">The PM2_HOME.</param>
    /// <param name="added">Variables to set.</param>
    public static IReadOnlyDictionary<string, string?> Changes(
        string home, IEnumerable<KeyValuePair<string, string>>? added = null)
    {
        var current = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(v => KeyValuePair.Create((string)v.Key, (string?)v.Value ?? ""));
        var changes = new Dictionary<string, string?>(AmbientEnvironment.Scrub(current), StringComparer.Ordinal)
        {
            // A command that runs inside an app of another instance must not inherit its marks.
            [ProcessMarks.Owner] = null,
            [ProcessMarks.Fingerprint] = null,
            ["PM2_HOME"] = home,
        };
        foreach (var (name, value) in added ?? [])
            changes[name] = value;
        return changes;
    }
}
