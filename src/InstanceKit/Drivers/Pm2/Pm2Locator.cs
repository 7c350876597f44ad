using InstanceKit.Processes;

namespace InstanceKit.Drivers;

/// <summary>Finds PM2: the one on PATH, or else a pinned copy that npm installs once into a folder of tools.</summary>
/// <param name="tools">The folder of tools; made when it is missing.</param>
/// <param name="progress">Called with one line for people when something takes time.</param>
public sealed class Pm2Locator(string tools, Action<string>? progress = null)
{
    /// <summary>The version of the pinned copy.</summary>
    public const string PinnedVersion = "7.0.4";

    private const int OldestMajor = 5;
    private const string Resources = "InstanceKit.Drivers.Pm2.pinned.";
    private static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(5);
    private readonly string _tools = Path.GetFullPath(tools);

    /// <summary>The folders that are searched for a PM2, separated as in PATH, which is also the default.</summary>
    public string SearchPath { get; init; } = Environment.GetEnvironmentVariable("PATH") ?? "";

    /// <summary>The folder of the pinned copy.</summary>
    public string PinnedFolder => Path.Combine(_tools, $"pm2-{PinnedVersion}");

    /// <summary>The PM2 to use.</summary>
    /// <param name="cancellation">Ends an installation; nothing is left of it.</param>
    /// <exception cref="InstanceKitException">Node.js or npm is missing or too old, or npm could not install PM2.</exception>
    public async Task<Pm2Program> FindAsync(CancellationToken cancellation = default)
    {
        var onPath = Pm2OnPath.Find(SearchPath);
        if (onPath is { Version.Major: >= OldestMajor })
            return onPath;
        return await FindPinnedAsync(cancellation);
    }

    /// <summary>The pinned copy, installed when it is missing, whatever is on PATH.</summary>
    /// <param name="cancellation">Ends an installation; nothing is left of it.</param>
    /// <exception cref="InstanceKitException">Node.js or npm is missing or too old, or npm could not install PM2.</exception>
    public async Task<Pm2Program> FindPinnedAsync(CancellationToken cancellation = default)
    {
        if (ReadPinned(PinnedFolder) is { } installed)
            return installed;
        await Node.RequireAsync(cancellation);
        Directory.CreateDirectory(_tools);
        using var turn = await FileLock.TakeAsync(
            PinnedFolder + ".lock", () => progress?.Invoke("Waiting for another command that installs PM2"), cancellation);
        if (ReadPinned(PinnedFolder) is { } meanwhile)
            return meanwhile;
        progress?.Invoke($"Installing PM2 {PinnedVersion} into {_tools}");
        await InstallAsync(cancellation);
        return ReadPinned(PinnedFolder) ?? throw new InstanceKitException(
            ExitCode.Prerequisite, $"npm reported success, but there is no PM2 {PinnedVersion} in '{PinnedFolder}'.",
            "Remove that folder and run the command again.");
    }

    private static Pm2Program? ReadPinned(string folder) => Pm2OnPath.Read(Path.Combine(folder, "node_modules", "pm2"));

    // Renamed into place when complete, so that a copy that can be seen can be used.
    private async Task InstallAsync(CancellationToken cancellation)
    {
        var draft = $"{PinnedFolder}.{Environment.ProcessId}.tmp";
        try
        {
            Directory.CreateDirectory(draft);
            await WriteResourceAsync("package.json", draft, cancellation);
            await WriteResourceAsync("package-lock.json", draft, cancellation);
            await RunNpmAsync(draft, cancellation);
            if (Directory.Exists(PinnedFolder))
                Directory.Delete(PinnedFolder, recursive: true);
            Directory.Move(draft, PinnedFolder);
        }
        finally
        {
            if (Directory.Exists(draft))
                Directory.Delete(draft, recursive: true);
        }
    }

    private static async Task RunNpmAsync(string folder, CancellationToken cancellation)
    {
        var spec = new ProcessSpec
        {
            Program = "npm",
            Arguments = ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"],
            WorkingDirectory = folder,
            Timeout = InstallTimeout,
            InstallHint = Node.InstallHint,
        };
        var result = await ProcessRunner.RunAsync(spec, cancellation: cancellation);
        if (!result.Succeeded)
        {
            var cause = new CommandFailedException($"install PM2 {PinnedVersion}", spec, result);
            throw new InstanceKitException(
                ExitCode.Prerequisite, cause.Message, "See that npm reaches its registry, or install PM2 yourself: npm install -g pm2", cause);
        }
    }

    private static async Task WriteResourceAsync(string name, string folder, CancellationToken cancellation)
    {
        await using var source = typeof(Pm2Locator).Assembly.GetManifestResourceStream(Resources + name)!;
        await using var target = File.Create(Path.Combine(folder, name));
        await source.CopyToAsync(target, cancellation);
    }
}
