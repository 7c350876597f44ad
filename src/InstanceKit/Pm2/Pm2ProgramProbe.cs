using System.Text.Json;
using InstanceKit.Platform;

namespace InstanceKit.Pm2;

/// <summary>Finds PM2: the one on PATH, or else a pinned copy that npm installs once into a folder of tools.</summary>
/// <param name="tools">The directory of tools; created when it is missing.</param>
/// <param name="progress">Receives a line when something takes time.</param>
internal sealed class Pm2ProgramProbe(string tools, Action<string>? progress = null)
{
    /// <summary>The version of the pinned copy.</summary>
    public const string PinnedVersion = "7.0.4";

    private const int OldestMajor = 5;
    private static readonly PinnedTool Pinned = new()
    {
        Title = $"PM2 {PinnedVersion}",
        Folder = $"pm2-{PinnedVersion}",
        Resources = "InstanceKit.Pm2.pinned.",
        Proof = "node_modules/pm2/bin/pm2",
        Source = PinnedToolSource.Npm,
        Remedy = "Make sure that npm can reach its registry, or install PM2 yourself: npm install -g pm2",
    };

    private readonly ToolStore _store = new(tools, progress);

    /// <summary>The folders that are searched for a PM2, separated as in PATH, which is also the default.</summary>
    public string SearchPath { get; init; } = Environment.GetEnvironmentVariable("PATH") ?? "";

    /// <summary>The folder of the pinned copy.</summary>
    public string PinnedFolder => _store.FolderOf(Pinned);

    /// <summary>The PM2 to use.</summary>
    /// <exception cref="InstanceKitException">Node.js or npm is missing or too old, or npm could not install PM2.</exception>
    public async Task<Pm2Program> FindAsync(CancellationToken cancellation = default) =>
        FindOnPath() ?? await FindPinnedAsync(cancellation);

    /// <summary>The PM2 that is there already; nothing is fetched.</summary>
    /// <returns><see langword="null"/> when the pinned copy would be fetched.</returns>
    public Pm2Program? Look() =>
        FindOnPath() ?? (_store.Has(Pinned) ? Pm2PathProbe.Read(Path.Combine(PinnedFolder, "node_modules", "pm2")) : null);

    private Pm2Program? FindOnPath() => Pm2PathProbe.Find(SearchPath) is { Version.Major: >= OldestMajor } found ? found : null;

    /// <summary>The pinned copy, installed when it is missing, whatever is on PATH.</summary>
    /// <exception cref="InstanceKitException">Node.js or npm is missing or too old, or npm could not install PM2.</exception>
    public async Task<Pm2Program> FindPinnedAsync(CancellationToken cancellation = default)
    {
        var folder = await _store.FetchAsync(Pinned, cancellation);
        return Pm2PathProbe.Read(Path.Combine(folder, "node_modules", "pm2")) ?? throw new InstanceKitException(
            ExitCode.Prerequisite, $"No readable PM2 {PinnedVersion} was found in '{folder}'.",
            "Remove that directory, then retry.");
    }
}

/// <summary>A PM2 that npm, or a manager of its kind, has installed.</summary>
internal static class Pm2PathProbe
{
    /// <summary>The first PM2 on a search path; <see langword="null"/> when none is recognized.</summary>
    /// <remarks>
    /// Its version is read from its package, not by running it: even <c>pm2 --version</c> starts a daemon, and at the
    /// first time prints a banner.
    /// </remarks>
    /// <param name="searchPath">Folders, separated as in PATH.</param>
    public static Pm2Program? Find(string searchPath)
    {
        foreach (var folder in searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            var command = Path.Combine(folder, OperatingSystem.IsWindows() ? "pm2.cmd" : "pm2");
            if (File.Exists(command))
                return PackageFolders(command).Select(Read).FirstOrDefault(p => p is not null);
        }

        return null;
    }

    /// <summary>The PM2 of a package folder; <see langword="null"/> when none is there.</summary>
    /// <param name="package">The folder <c>node_modules/pm2</c>.</param>
    public static Pm2Program? Read(string package)
    {
        var script = Path.Combine(package, "bin", "pm2");
        try
        {
            using var description = JsonDocument.Parse(File.ReadAllText(Path.Combine(package, "package.json")));
            var root = description.RootElement;
            if (root.GetProperty("name").GetString() != "pm2" || !File.Exists(script))
                return null;
            var version = root.GetProperty("version").GetString()!.Split('-', '+')[0];
            return new Pm2Program { Program = "node", PrefixArguments = [script], Package = Path.GetFullPath(package), Version = Version.Parse(version) };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException
            or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }

    // The command is a link to package/bin/pm2, or (Windows, some package managers) a small script next to node_modules.
    private static IEnumerable<string> PackageFolders(string command)
    {
        var real = File.ResolveLinkTarget(command, returnFinalTarget: true)?.FullName ?? command;
        var folder = Path.GetDirectoryName(real)!;
        return
        [
            Path.GetDirectoryName(folder) ?? folder,
            Path.Combine(folder, "node_modules", "pm2"),
            Path.Combine(folder, "..", "pm2"),
            Path.Combine(folder, "..", "lib", "node_modules", "pm2"),
        ];
    }
}

/// <summary>A PM2 that can be run.</summary>
internal sealed record Pm2Program
{
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(90);

    /// <summary>The program to start: PM2 itself, or <c>node</c>.</summary>
    public required string Program { get; init; }

    /// <summary>What precedes PM2's own arguments: nothing, or the path of PM2's script.</summary>
    public IReadOnlyList<string> PrefixArguments { get; init; } = [];

    /// <summary>The folder of its package.</summary>
    public required string Package { get; init; }

    /// <summary>The version, 5.0 or later.</summary>
    public required Version Version { get; init; }

    /// <summary>The command of this PM2 with the given arguments.</summary>
    /// <param name="arguments">PM2's own arguments.</param>
    public ProcessSpec Command(params IEnumerable<string> arguments) => new()
    {
        Program = Program,
        Arguments = [.. PrefixArguments, .. arguments],
        Timeout = CommandTimeout,
        InstallHint = Node.InstallHint,
    };
}
