using System.Globalization;
using System.Text;

namespace InstanceKit.Platform;

/// <summary>Reads and writes files. Every write is atomic: to a temporary file, then renamed.</summary>
public static class FileStore
{
    private const string TemporaryEnding = ".tmp";

    /// <summary>The folder of a workspace below which nothing is written through a link that leads out of it.</summary>
    public const string GuardedName = ".instances";

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateFolder = Private | UnixFileMode.UserExecute;
    private const UnixFileMode Readable = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Runnable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Text is read including a byte order mark, so that it is compared as written.</summary>
    private static readonly UTF8Encoding Whole = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Makes a folder that only its owner may enter; one that exists already becomes so, where it is the user's.</summary>
    public static void CreatePrivate(string folder)
    {
        RequireInside(folder);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        Directory.CreateDirectory(folder, PrivateFolder);
        Restrict(folder, PrivateFolder);
    }

    /// <summary>Makes files that a program of the instance will append to, so that only their owner may read them.</summary>
    /// <remarks>The program itself would create them with the user's umask, which usually lets everyone read.</remarks>
    public static void CreatePrivateFiles(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            RequireInside(path);
            if (!File.Exists(path))
                new FileStream(path, Options(FileMode.OpenOrCreate)).Dispose();
            else
                Restrict(path, Private);
        }
    }

    /// <summary>A file's text, or <see langword="null"/> when it does not exist or is a directory.</summary>
    /// <exception cref="IOException">It can't be read, or is not a regular file.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static string? ReadText(string path) => RegularFile.Read(path) is { } bytes ? Whole.GetString(bytes) : null;

    /// <summary>The text of a file that a workspace is expected to have, or <see langword="null"/> when nothing is there.</summary>
    /// <exception cref="InstanceKitException">A directory or a link to nothing is there, or the file can't be read.</exception>
    public static string? ReadSource(string path) => ReadSourceBytes(path) is { } bytes ? Whole.GetString(bytes) : null;

    /// <summary>The same as it is on disk.</summary>
    /// <exception cref="InstanceKitException">A directory or a link to nothing is there, or the file can't be read.</exception>
    internal static byte[]? ReadSourceBytes(string path)
    {
        try
        {
            if (RegularFile.Read(path) is { } bytes)
                return bytes;
        }
        catch (Exception e) when (FileFailure.IsOne(e))
        {
            throw FileFailure.Of(e, path);
        }

        if (Directory.Exists(path))
            throw InstanceKitException.Usage($"'{path}' is a directory, but a file is expected.", "Move it away, then retry.");
        return new FileInfo(path).LinkTarget is not { } target ? null : throw InstanceKitException.Usage(
            $"'{path}' is a link to '{target}', which does not exist.", "Remove the link, or create its target.");
    }

    /// <summary>Writes a file atomically; a failed write leaves nothing behind.</summary>
    /// <param name="path">Its path; missing directories are created.</param>
    /// <param name="content">Its whole text.</param>
    /// <param name="audience">Who may use it besides its owner.</param>
    /// <param name="isDurable">Whether it must survive a power failure, which takes some milliseconds.</param>
    /// <exception cref="InstanceKitException">The file system refuses it, or a link leads out of the workspace.</exception>
    public static void Write(string path, string content, FileAudience audience = FileAudience.Owner, bool isDurable = false) =>
        Write(path, Whole.GetBytes(content), audience, isDurable);

    private static void Write(string path, byte[] content, FileAudience audience, bool isDurable)
    {
        RequireInside(path);
        var folder = Path.GetDirectoryName(path)!;
        var beside = Path.Combine(
            folder, $".{Path.GetFileName(path)}.{Environment.ProcessId}.{Path.GetRandomFileName()[..8]}{TemporaryEnding}");
        try
        {
            Directory.CreateDirectory(folder);
            using (var file = new FileStream(beside, Options(FileMode.CreateNew)))
            {
                file.Write(content);
                file.Flush(flushToDisk: isDurable);
            }

            // Not at creation, where the umask would remove it.
            if (!OperatingSystem.IsWindows() && audience != FileAudience.Owner)
                File.SetUnixFileMode(beside, audience == FileAudience.ContainersRun ? Runnable : Readable);
            File.Move(beside, path, overwrite: true);
            if (isDurable)
                RegularFile.FlushDirectory(folder);
        }
        catch (Exception e) when (FileFailure.IsOne(e))
        {
            Attempt(() => File.Delete(beside));
            throw FileFailure.Of(e, path);
        }
    }

    /// <summary>Writes a cache file, if possible; a failure is ignored.</summary>
    public static void TryWrite(string path, string content) => Attempt(() =>
    {
        CreatePrivate(Path.GetDirectoryName(path)!);
        Write(path, content);
    });

    /// <summary>Does something to a file that may fail without harm.</summary>
    /// <returns>Whether it was done.</returns>
    public static bool Attempt(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception e) when (e is InstanceKitException || FileFailure.IsOne(e))
        {
            return false;
        }
    }

    /// <summary>Saves a file as <c>*.bak</c>, byte by byte, before it is overwritten; replaces an older backup.</summary>
    /// <returns>The backup's path.</returns>
    public static string Backup(string path)
    {
        var backup = path + ".bak";
        Write(backup, RegularFile.Read(path) ?? [], FileAudience.Owner, isDurable: true);
        return backup;
    }

    /// <summary>Whether a file is a temporary file of a killed process.</summary>
    internal static bool IsLeftOver(string name) =>
        name.StartsWith('.') && name.EndsWith(TemporaryEnding, StringComparison.Ordinal) && name.Split('.') is [.., var pid, _, _]
        && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && ProcessTree.ReadOne(number) is null;

    /// <summary>Rejects a path below <see cref="GuardedName"/> with a link that points outside of the workspace.</summary>
    public static void RequireInside(string path)
    {
        var start = $"{path}{Path.DirectorySeparatorChar}".LastIndexOf(
            $"{Path.DirectorySeparatorChar}{GuardedName}{Path.DirectorySeparatorChar}", StringComparison.Ordinal);
        if (start <= 0)
            return;
        for (var part = path; part.Length > start; part = Path.GetDirectoryName(part)!)
        {
            if (new FileInfo(part).LinkTarget is not { } target)
                continue;
            var inside = RealPath.Of(path[..start]) + Path.DirectorySeparatorChar;
            if (!RealPath.Of(part).StartsWith(inside, StringComparison.Ordinal))
            {
                throw InstanceKitException.Usage(
                    $"'{part}' is a link to '{target}', which is outside of the workspace; nothing is written or deleted there.",
                    "Remove the link, or move its target into the workspace.");
            }
        }
    }

    // Files of other users keep their mode.
    private static void Restrict(string path, UnixFileMode mode) => Attempt(() =>
    {
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(path) != mode)
            File.SetUnixFileMode(path, mode);
    });

    private static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Private;
        return options;
    }
}

/// <summary>Who may use a generated file. Programs in containers run as other users.</summary>
public enum FileAudience
{
    /// <summary>Only its owner: it may contain secrets.</summary>
    Owner,

    /// <summary>Containers may read it.</summary>
    Containers,

    /// <summary>Containers may read and run it.</summary>
    ContainersRun,
}
