using System.Collections.Concurrent;
using System.Text;
using InstanceKit.Instances;

namespace InstanceKit.Drivers;

/// <summary>The files of a workspace's instances. Every write is atomic: written beside, then renamed.</summary>
/// <param name="workspace">The workspace's absolute path.</param>
public sealed class InstanceDirectory(string workspace)
{
    private static readonly ConcurrentDictionary<string, ((DateTime Written, long Length) Stamp, InstanceRecord? Record)> Parsed =
        new(StringComparer.Ordinal);

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Readable = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Runnable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Text is read to the last mark, so that what was written is found again.</summary>
    private static readonly UTF8Encoding Whole = new(encoderShouldEmitUTF8Identifier: false);

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

    /// <summary>An instance's record, or <see langword="null"/> when there is none that can be read.</summary>
    /// <remarks>
    /// A file that is as it was when it was last parsed is not parsed again: every instance is compared with every other.
    /// </remarks>
    public static InstanceRecord? ReadRecord(InstancePaths paths)
    {
        var file = new FileInfo(paths.Record);
        if (!file.Exists)
            return null;
        var stamp = (file.LastWriteTimeUtc, file.Length);
        if (Parsed.TryGetValue(file.FullName, out var known) && known.Stamp == stamp)
            return known.Record;
        var record = ReadText(paths.Record) is { } json ? InstanceRecord.TryParse(json) : null;
        Parsed[file.FullName] = (stamp, record);
        return record;
    }

    /// <summary>Makes a folder that only its owner may enter, where there is none.</summary>
    public static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, Private | UnixFileMode.UserExecute);
    }

    /// <summary>A file's text, or <see langword="null"/> when it does not exist.</summary>
    public static string? ReadText(string path) => File.Exists(path) ? Whole.GetString(File.ReadAllBytes(path)) : null;

    /// <summary>Writes a file so that no reader ever sees half of it.</summary>
    /// <param name="path">Its path; missing folders are made.</param>
    /// <param name="content">Its whole text.</param>
    /// <param name="audience">Who may use it, beside its owner.</param>
    public static void Write(string path, string content, FileAudience audience = FileAudience.Owner)
    {
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        var beside = Path.Combine(folder, $".{Path.GetFileName(path)}.{Environment.ProcessId}.tmp");
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Private;
        using (var writer = new StreamWriter(beside, options))
            writer.Write(content);
        // Not at its creation, where the user's mask would take it away again.
        if (!OperatingSystem.IsWindows() && audience != FileAudience.Owner)
            File.SetUnixFileMode(beside, audience == FileAudience.ContainersRun ? Runnable : Readable);
        File.Move(beside, path, overwrite: true);
        // Two writes may follow each other faster than the file's time moves.
        Parsed.TryRemove(Path.GetFullPath(path), out _);
    }

    /// <summary>Saves a file as <c>*.bak</c> before it is overwritten; an older backup gives way.</summary>
    /// <returns>The backup's path.</returns>
    public static string Backup(string path)
    {
        var backup = path + ".bak";
        Write(backup, File.ReadAllText(path));
        return backup;
    }

    /// <summary>Deletes an instance's folder, if it exists.</summary>
    /// <exception cref="InstanceKitException">A service left files of its own user, which only the system's user may delete.</exception>
    public static void Delete(InstancePaths paths)
    {
        try
        {
            if (Directory.Exists(paths.Directory))
                Directory.Delete(paths.Directory, recursive: true);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new InstanceKitException(
                ExitCode.Failed,
                $"Not all files of {paths.Relative(paths.Directory)} may be deleted: services of the instance wrote them as users of "
                + $"their own ({e.Message.TrimEnd('.')}).",
                OperatingSystem.IsWindows()
                    ? $"End what uses them, then delete the folder {paths.Directory}."
                    : $"Delete them as the system's user: sudo rm -rf '{paths.Directory}'");
        }
    }

    /// <summary>The workspace's active instance as <c>UseInstance</c> remembered it, or <see langword="null"/>.</summary>
    public string? ReadActiveInstance() => ReadText(Path.Combine(workspace, InstancePaths.ActiveInstanceName))?.Trim();

    /// <summary>Remembers the workspace's active instance.</summary>
    public void WriteActiveInstance(int number) =>
        Write(Path.Combine(workspace, InstancePaths.ActiveInstanceName), $"{number}\n");
}
