using System.Collections.Concurrent;
using InstanceKit.Platform;
using InstanceKit.Ports;

namespace InstanceKit.Instances;

/// <summary>The files of a workspace's instances.</summary>
/// <param name="workspace">The workspace's absolute path.</param>
internal sealed class InstanceStore(string workspace)
{
    private static readonly ConcurrentDictionary<string, ((DateTime Written, long Length) Stamp, InstanceRecord? Record)> Parsed =
        new(StringComparer.Ordinal);

    /// <summary>The numbers of the instances whose folders exist, ascending.</summary>
    public IReadOnlyList<int> ListInstances()
    {
        var root = Path.Combine(workspace, InstancePaths.RootName);
        if (!Directory.Exists(root))
            return [];
        const string prefix = "instance-";
        return
        [
            .. Directory.EnumerateDirectories(root, prefix + "*")
                .Select(d => int.TryParse(Path.GetFileName(d)[prefix.Length..], out var number) ? number : -1)
                .Where(n => n >= 0).Order(),
        ];
    }

    /// <summary>The same for a workspace that is not the command's own: one that can't be read has none.</summary>
    public IReadOnlyList<int> FindInstances()
    {
        try
        {
            return ListInstances();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>An instance's record, or <see langword="null"/> when there is none or it is damaged.</summary>
    /// <remarks>
    /// A file that is as it was when it was last parsed is not parsed again: every instance is compared with every other.
    /// </remarks>
    /// <exception cref="InstanceKitException">The file system refuses the file.</exception>
    public static InstanceRecord? ReadRecord(InstancePaths paths)
    {
        var file = new FileInfo(paths.Record);
        if (!file.Exists)
            return null;
        var stamp = (file.LastWriteTimeUtc, file.Length);
        if (Parsed.TryGetValue(file.FullName, out var known) && known.Stamp == stamp)
            return known.Record;
        var record = FileStore.ReadSource(paths.Record) is { } json ? InstanceRecord.TryParse(json) : null;
        Parsed[file.FullName] = (stamp, record);
        return record;
    }

    /// <summary>Writes an instance's record so that it survives a power failure.</summary>
    /// <exception cref="InstanceKitException">The file system refuses it, or a link leads out of the workspace.</exception>
    public static void WriteRecord(InstancePaths paths, string json)
    {
        FileStore.Write(paths.Record, json, isDurable: true);

        // Two writes may follow each other faster than the file's time moves.
        Parsed.TryRemove(Path.GetFullPath(paths.Record), out _);
    }

    /// <summary>The record of another instance; ignores one that can't be read.</summary>
    public static InstanceRecord? FindRecord(InstancePaths paths)
    {
        try
        {
            return ReadRecord(paths);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InstanceKitException)
        {
            return null;
        }
    }

    /// <summary>The recorded ports of the workspace's other instances.</summary>
    public IReadOnlyList<PortPlan> PortsOfOthers(InstanceSpec spec) =>
        [.. ListInstances().Where(n => n != spec.Number).Select(n => FindRecord(spec.Paths with { Number = n })?.Ports).OfType<PortPlan>()
            .Select(p => p with { Assignments = [.. p.Own] })];

    /// <summary>Deletes an instance's folder, if it exists.</summary>
    /// <exception cref="InstanceKitException">A service left files of another user, which only root can delete.</exception>
    public static void Delete(InstancePaths paths)
    {
        FileStore.RequireInside(paths.Directory);
        try
        {
            if (Directory.Exists(paths.Directory))
                Directory.Delete(paths.Directory, recursive: true);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new InstanceKitException(
                ExitCode.Failed,
                $"Some files in {paths.Relative(paths.Directory)} can't be deleted: services of the instance wrote them as other "
                + $"users ({e.Message.TrimEnd('.')}).",
                OperatingSystem.IsWindows()
                    ? $"Stop what uses them, then delete the directory {paths.Directory}."
                    : $"Delete them as root: sudo rm -rf {ShellQuote.Word(paths.Directory)}");
        }
    }

    /// <summary>Serializes changes that commands of this workspace share; waits for its turn.</summary>
    /// <param name="name">What is changed: "packages".</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="onWait">Receives a line when that takes more than two seconds.</param>
    internal Task<FileLock> TakeTurnAsync(string name, TimeSpan limit, Action<string>? onWait, CancellationToken cancellation)
    {
        var paths = new InstancePaths(workspace, 0);
        RequireInside(paths);
        var folder = Path.GetDirectoryName(paths.Lock)!;
        Directory.CreateDirectory(folder);
        return FileLock.TakeAsync(
            Path.Combine(folder, $"{name}.lock"), $"The {name} lock of '{workspace}'", onWait, limit, cancellation);
    }

    /// <summary>The workspace's active instance as <c>UseInstance</c> remembered it, or <see langword="null"/>.</summary>
    public string? ReadActiveInstance() => FileStore.ReadText(Path.Combine(workspace, InstancePaths.ActiveInstanceName))?.Trim();

    /// <summary>Remembers the workspace's active instance.</summary>
    public void WriteActiveInstance(int number) =>
        FileStore.Write(Path.Combine(workspace, InstancePaths.ActiveInstanceName), $"{number}\n");

    /// <summary>Refuses an instance whose files would be written, or deleted, through a link that leads out of the workspace.</summary>
    /// <remarks>Also removes temporary files of killed processes.</remarks>
    /// <exception cref="InstanceKitException">There is such a link.</exception>
    public static void RequireInside(InstancePaths paths)
    {
        foreach (var folder in new[] { paths.Root, Path.GetDirectoryName(paths.Lock)!, paths.Cache, paths.Directory, paths.Logs, paths.Data })
        {
            FileStore.RequireInside(folder);
            if (!Directory.Exists(folder))
                continue;
            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = true }))
            {
                if (entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
                    FileStore.RequireInside(entry.FullName);
                else if (FileStore.IsLeftOver(entry.Name))
                    FileStore.Attempt(entry.Delete);
            }
        }
    }

}

/// <summary>Where the files of an instance lie in its workspace.</summary>
/// <param name="Workspace">The workspace's absolute path.</param>
/// <param name="Number">The instance's number.</param>
public sealed record InstancePaths(string Workspace, int Number)
{
    /// <summary>The parent directory of every instance's directory.</summary>
    public const string RootName = FileStore.GuardedName;

    /// <summary>The file that remembers the workspace's active instance.</summary>
    public const string ActiveInstanceName = ".shipsec-instance";

    /// <summary>The folder of all instances.</summary>
    public string Root => Path.Combine(Workspace, RootName);

    /// <summary>The cache directory; it may be deleted at any time.</summary>
    public string Cache => Path.Combine(Root, ".cache");

    /// <summary>This instance's folder.</summary>
    public string Directory => Path.Combine(Root, $"instance-{Number}");

    /// <summary>The Compose override file.</summary>
    public string Override => Path.Combine(Directory, "docker-compose.override.yml");

    /// <summary>The PM2 ecosystem of this instance, written at every start.</summary>
    public string Ecosystem => Path.Combine(Directory, "ecosystem.json");

    /// <summary>Its tenants of shared servers, with their passwords.</summary>
    public string Tenants => Path.Combine(Directory, "tenants.json");

    /// <summary>What was generated from which sources: see <see cref="InstanceRecord"/>.</summary>
    public string Record => Path.Combine(Directory, "instance.json");

    /// <summary>The instance's replacements for the data directories of the workspace.</summary>
    public string Data => Path.Combine(Directory, "data");

    /// <summary>The folder of the apps' log files.</summary>
    public string Logs => Path.Combine(Directory, "logs");

    /// <summary>The lock file of the instance.</summary>
    public string Lock => Path.Combine(Root, ".locks", $"instance-{Number}.lock");

    /// <summary>The env file of an app.</summary>
    public string EnvFile(string app) => Path.Combine(Directory, $"{app}.env");

    /// <summary>A path for display, relative to the workspace.</summary>
    public string Relative(string path) => Path.GetRelativePath(Workspace, path).Replace('\\', '/');
}
