using System.Text.Json;
using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Platform;

namespace InstanceKit.Compose;

/// <summary>Runs the <c>docker compose</c> program for instances, with every ambient setting shut out.</summary>
internal sealed class ComposeClient
{
    /// <summary>The oldest version with <c>!override</c> and <c>!reset</c>.</summary>
    public static readonly Version OldestVersion = new(2, 24, 4);

    private const int ShownLength = 200;
    private const string ComposePage = "https://docs.docker.com/compose/install/";
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(60);

    // Longer than any stop grace period.
    private static readonly TimeSpan DownTimeout = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan VersionTimeout = TimeSpan.FromSeconds(30);

    private readonly Lazy<IReadOnlyDictionary<string, string?>> _scrubbed = new(() => Change(AmbientEnvironment.Scrub(Ambient()), EngineEndpoint.WithoutEngine));

    private readonly Lazy<string?> _plugin = new(() => ComposeProgramProbe.FindPlugin(new ComposeQuestion(new ProcessSpec { Program = "docker" }, [], [], "").Environment));

    private static string InstallHint =>
        $"Docker with the Compose plugin {OldestVersion} or newer is required ({ComposePage}). "
        + InstallHints.For(Installable.Compose, CurrentSystem.Value);

    /// <summary>The installed version, checked.</summary>
    /// <exception cref="InstanceKitException">Compose is missing or too old.</exception>
    public async Task<Version> RequireVersionAsync(CancellationToken cancellation)
    {
        var version = await ReadVersionAsync(cancellation);
        return version >= OldestVersion
            ? version
            : throw new InstanceKitException(
                ExitCode.Prerequisite,
                $"Docker Compose {version} is too old: {OldestVersion} or newer is required for override files.", InstallHint);
    }

    /// <summary>The installed version, whatever it is.</summary>
    /// <exception cref="InstanceKitException">Compose is missing.</exception>
    public async Task<Version> ReadVersionAsync(CancellationToken cancellation)
    {
        var result = await RunAsync(Spec(["compose", "version", "--short"]) with { Timeout = VersionTimeout }, null, cancellation);
        if (!result.Succeeded)
        {
            throw new InstanceKitException(
                ExitCode.Prerequisite, "'docker compose version' failed: the Compose plugin is not installed.", InstallHint);
        }

        return Version.TryParse(result.StandardOutput.Trim().TrimStart('v').Split('-', '+')[0], out var version)
            ? version
            : throw NoCompose("docker compose version --short", result);
    }

    /// <summary>Identifies the program without running it: see <see cref="ComposeProgramProbe.Identify"/>.</summary>
    public string? Identify() => ComposeProgramProbe.Identify(new ComposeQuestion(Spec([]), [], [], "").Environment);

    /// <summary>The question that <see cref="ReadModelAsync"/> puts; nothing is run.</summary>
    public ComposeQuestion AskForModel(InstanceSpec spec, bool withOverride)
    {
        var folder = Path.GetDirectoryName(FilesOf(spec, false)[0])!;
        var process = ForInstance(spec, withOverride, ["config", "--format", "json"]) with { Timeout = ReadTimeout };
        return new ComposeQuestion(process, FilesOf(spec, withOverride), EnvFilesOf(spec, folder), folder);
    }

    /// <summary>Reads the model of the compose files, without or with the instance's override.</summary>
    /// <returns>The model as Compose prints it, for <see cref="ComposeModelReader"/>.</returns>
    /// <exception cref="InstanceKitException">Compose refuses the files; its own words are in the message.</exception>
    public async Task<string> ReadModelAsync(InstanceSpec spec, bool withOverride, CancellationToken cancellation)
    {
        var result = await RunAsync(AskForModel(spec, withOverride).Process, null, cancellation);
        if (result.Succeeded)
        {
            return IsObject(result.StandardOutput)
                ? result.StandardOutput
                : throw NoCompose("docker compose config --format json", result);
        }

        var files = string.Join(", ", FilesOf(spec, withOverride).Select(spec.Paths.Relative));
        var message = $"Compose can't read {files}:\n{Indent(ComposeMessage.ReasonFirst(result.StandardError))}";
        throw UnknownKey.Find(result.StandardError) is { } key
            ? key.ToFailure(message, await ReadVersionAsync(cancellation))
            : new InstanceKitException(ExitCode.Usage, message, "Fix the file; nothing was written.");
    }

    /// <summary>Creates and starts services.</summary>
    /// <param name="isAlone">Whether their dependencies are neither started nor waited for.</param>
    /// <param name="renewal">Which containers are replaced.</param>
    /// <param name="onLine">Called for each line of Compose's progress.</param>
    /// <param name="cancellation">Interrupts Compose; running containers stay.</param>
    /// <returns>The result of Compose; a failure is not thrown, because the engine reports more than Compose's output.</returns>
    public Task<ProcessResult> UpAsync(
        InstanceSpec spec, IReadOnlyList<string> services, bool isAlone, ContainerRenewal renewal, Action<string> onLine,
        CancellationToken cancellation) =>
        RunAsync(
            OnEngine(ForInstance(
                spec, true, ["up", "--detach", "--remove-orphans", .. Words(renewal), .. isAlone ? new[] { "--no-deps" } : [], .. services])),
            onLine, cancellation);

    /// <summary>Makes the containers of services, with their networks and volumes, and starts none.</summary>
    /// <param name="services">The services; their dependencies are left alone.</param>
    /// <param name="renewal">Which containers are replaced.</param>
    /// <param name="onLine">Called for each line of Compose's progress.</param>
    /// <param name="cancellation">Interrupts Compose.</param>
    /// <returns>The result of Compose; a failure is not thrown.</returns>
    public Task<ProcessResult> CreateAsync(
        InstanceSpec spec, IReadOnlyList<string> services, ContainerRenewal renewal, Action<string> onLine,
        CancellationToken cancellation) =>
        RunAsync(
            OnEngine(ForInstance(spec, true, ["up", "--no-start", "--remove-orphans", "--no-deps", .. Words(renewal), .. services])), onLine, cancellation);

    /// <summary>Stops and removes everything of a project, found by label; its compose files are not needed.</summary>
    /// <param name="withVolumes">Whether its volumes are removed too.</param>
    /// <param name="grace">How long a container may take to stop; <see langword="null"/> for its own grace period, by default 10 s.</param>
    /// <param name="onLine">Called for each line of Compose's progress.</param>
    /// <param name="cancellation">Interrupts Compose.</param>
    /// <exception cref="CommandFailedException">Compose failed.</exception>
    public async Task DownAsync(
        string project, bool withVolumes, TimeSpan? grace, Action<string> onLine, CancellationToken cancellation)
    {
        string[] stop = grace is { } limit ? ["--timeout", ((int)limit.TotalSeconds).ToString()] : [];
        string[] arguments = ["compose", "--progress", "plain", "-p", project, "down", "--remove-orphans", .. stop];
        var process = OnEngine(Spec(withVolumes ? [.. arguments, "--volumes"] : arguments)) with
        {
            // Compose would search for a compose file in the working directory and its parents. This directory has no parent
            // and need not be created, which would fail on a full disk.
            WorkingDirectory = Path.GetPathRoot(Environment.CurrentDirectory),
            Timeout = DownTimeout,
        };
        var result = await RunAsync(process, onLine, cancellation);
        if (!result.Succeeded)
            throw new CommandFailedException($"take down project {project}", process, result);
    }

    /// <summary>The command that shows or changes an instance by hand, for messages.</summary>
    public static string CommandLine(InstanceSpec spec) =>
        $"docker compose -p {spec.Project} " + string.Join(' ', FilesOf(spec, true).Select(f => $"-f {ShellQuote.Word(spec.Paths.Relative(f))}"));

    private ProcessSpec ForInstance(InstanceSpec spec, bool withOverride, string[] command)
    {
        var first = FilesOf(spec, false)[0];
        var folder = Path.GetDirectoryName(first)!;
        List<string> arguments = ["compose", "--progress", "plain", "-p", spec.Project, "--project-directory", folder];
        foreach (var file in FilesOf(spec, withOverride))
            arguments.AddRange(["-f", file]);

        foreach (var profile in spec.Stack.ComposeProfiles)
            arguments.AddRange(["--profile", profile]);
        var envFiles = EnvFilesOf(spec, folder);
        foreach (var file in envFiles)
            arguments.AddRange(["--env-file", file]);

        var environment = new Dictionary<string, string?>(_scrubbed.Value)
        {
            ["SHIPSEC_INSTANCE"] = spec.Number.ToString(),
            ["COMPOSE_DISABLE_ENV_FILE"] = envFiles.Count == 0 ? "true" : null,
        };
        return Spec([.. arguments, .. command]) with { WorkingDirectory = spec.Workspace, Environment = environment };
    }

    /// <summary>Points a command to the engine that this library uses.</summary>
    /// <exception cref="InstanceKitException">The engine's address, context or certificates are wrong.</exception>
    private static ProcessSpec OnEngine(ProcessSpec process) =>
        process with { Environment = Change(process.Environment, EngineEndpoint.Resolve().Variables) };

    private static Dictionary<string, string?> Change(
        IReadOnlyDictionary<string, string?> environment, IReadOnlyDictionary<string, string?> changes)
    {
        var changed = new Dictionary<string, string?>(environment);
        foreach (var (name, value) in changes)
            changed[name] = value;
        return changed;
    }

    private static bool IsObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The error for a program in Compose's place that succeeds and prints something else.</summary>
    private static NoAnswerException NoCompose(string command, ProcessResult result)
    {
        var printed = result.StandardOutput.Trim() is { Length: > 0 } text ? text : "nothing";
        return new NoAnswerException(
            $"'{command}' returned unexpected output: {(printed.Length > ShownLength ? printed[..ShownLength] + "…" : printed)}",
            "Check which 'docker' comes first on PATH and that its Compose plugin works: run that command by hand.");
    }

    private static string[] Words(ContainerRenewal renewal) => renewal switch
    {
        ContainerRenewal.Always => ["--force-recreate"],
        ContainerRenewal.Never => ["--no-recreate"],
        _ => [],
    };

    /// <summary>Runs a command of docker compose, by Compose's own program where that is certain to be the one.</summary>
    private Task<ProcessResult> RunAsync(ProcessSpec docker, Action<string>? onLine, CancellationToken cancellation) => ProcessRunner.RunAsync(
        _plugin.Value is { } plugin ? docker with { Program = plugin, Arguments = [.. docker.Arguments.Skip(1)] } : docker, onLine, cancellation);

    private ProcessSpec Spec(IReadOnlyList<string> arguments) => new()
    {
        Program = "docker",
        Arguments = arguments,
        Environment = _scrubbed.Value,
        InstallHint = InstallHint,
    };

    /// <summary>As in Compose: the file next to the compose file, then that of the workspace, which takes precedence.</summary>
    private static List<string> EnvFilesOf(InstanceSpec spec, string folder) =>
        [.. new[] { folder, spec.Workspace }.Distinct().Select(f => Path.Combine(f, ".env")).Where(File.Exists)];

    private static List<string> FilesOf(InstanceSpec spec, bool withOverride)
    {
        var files = spec.Stack.ComposeFiles.Select(f => Path.GetFullPath(Path.Combine(spec.Workspace, f))).ToList();
        return withOverride ? [.. files, spec.Paths.Override] : files;
    }

    private static string Indent(string text) =>
        string.Join('\n', text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => $"    {l.TrimEnd()}"));

    private static IEnumerable<KeyValuePair<string, string>> Ambient() =>
        Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Select(v => KeyValuePair.Create((string)v.Key, (string?)v.Value ?? ""));
}

/// <summary>Which containers Compose replaces by new ones.</summary>
internal enum ContainerRenewal
{
    /// <summary>Those whose part of the compose files has changed, or whose image.</summary>
    WhenChanged,

    /// <summary>All.</summary>
    Always,

    /// <summary>None.</summary>
    Never,
}
