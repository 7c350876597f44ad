namespace InstanceKit.Drivers;

/// <summary>Finds PM2: the one on PATH, or else a pinned copy that npm installs once into a folder of tools.</summary>
/// <param name="tools">The folder of tools; made when it is missing.</param>
/// <param name="progress">Called with one line for people when something takes time.</param>
public sealed class Pm2Locator(string tools, Action<string>? progress = null)
{
    /// <summary>The version of the pinned copy.</summary>
    public const string PinnedVersion = "7.0.4";

    private const int OldestMajor = 5;
    private static readonly PinnedTool Pinned = new()
    {
        Title = $"PM2 {PinnedVersion}",
        Folder = $"pm2-{PinnedVersion}",
        Resources = "InstanceKit.Drivers.Pm2.pinned.",
        Proof = "node_modules/pm2/bin/pm2",
        Source = PinnedToolSource.Npm,
        Remedy = "See that npm reaches its registry, or install PM2 yourself: npm install -g pm2",
    };

    private readonly ToolStore _store = new(tools, progress);

    /// <summary>The folders that are searched for a PM2, separated as in PATH, which is also the default.</summary>
    public string SearchPath { get; init; } = Environment.GetEnvironmentVariable("PATH") ?? "";

    /// <summary>The folder of the pinned copy.</summary>
    public string PinnedFolder => _store.FolderOf(Pinned);

    /// <summary>The PM2 to use.</summary>
    /// <param name="cancellation">Ends an installation; nothing is left of it.</param>
    /// <exception cref="InstanceKitException">Node.js or npm is missing or too old, or npm could not install PM2.</exception>
    public async Task<Pm2Program> FindAsync(CancellationToken cancellation = default) =>
        FindOnPath() ?? await FindPinnedAsync(cancellation);

    /// <summary>The PM2 that is there already; nothing is fetched.</summary>
    /// <returns><see langword="null"/> when the pinned copy would be fetched.</returns>
    public Pm2Program? Look() =>
        FindOnPath() ?? (_store.Has(Pinned) ? Pm2OnPath.Read(Path.Combine(PinnedFolder, "node_modules", "pm2")) : null);

    private Pm2Program? FindOnPath() => Pm2OnPath.Find(SearchPath) is { Version.Major: >= OldestMajor } found ? found : null;

    /// <summary>The pinned copy, installed when it is missing, whatever is on PATH.</summary>
    /// <param name="cancellation">Ends an installation; nothing is left of it.</param>
    /// <exception cref="InstanceKitException">Node.js or npm is missing or too old, or npm could not install PM2.</exception>
    public async Task<Pm2Program> FindPinnedAsync(CancellationToken cancellation = default)
    {
        var folder = await _store.FetchAsync(Pinned, cancellation);
        return Pm2OnPath.Read(Path.Combine(folder, "node_modules", "pm2")) ?? throw new InstanceKitException(
            ExitCode.Prerequisite, $"There is no PM2 {PinnedVersion} that can be read in '{folder}'.",
            "Remove that folder and run the command again.");
    }
}
