namespace InstanceKit.Platform;

/// <summary>Explains why the operating system rejected a file operation: the path, the reason and the remedy.</summary>
public static class FileFailure
{
    private const int HighestErrno = 200;

    /// <summary>The same as an error; <see langword="null"/> when the exception does not come from a file.</summary>
    /// <param name="cause">Any exception.</param>
    public static InstanceKitException? Of(Exception cause) =>
        cause is InstanceKitException known ? known
        : cause is AggregateException { InnerExceptions: [var only] } ? Of(only)
        : !IsOne(cause) ? null
        : PathOf(cause) is { } path ? Of(cause, path)
        : cause is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException || cause.HResult is > 0 and < HighestErrno
            ? Of(cause, path: null)
            : null;

    /// <summary>The same where the path is known better than the exception knows it.</summary>
    internal static InstanceKitException Of(Exception cause, string? path)
    {
        var (reason, remedy) = Explain(cause, path);
        return new InstanceKitException(
            ExitCode.Failed, path is null ? $"A file could not be accessed: {reason}." : $"'{path}' could not be accessed: {reason}.", remedy, cause);
    }

    /// <summary>Whether an exception is a refusal of the file system.</summary>
    internal static bool IsOne(Exception cause) =>
        cause is UnauthorizedAccessException or IOException { InnerException: not System.Net.Sockets.SocketException };

    /// <summary>Only the reason, as the end of a sentence and without a full stop.</summary>
    internal static string Reason(Exception cause, string? path) => Explain(cause, path).Reason;

    /// <summary>Whether the location is readable but not writable.</summary>
    internal static bool IsOutOfSpace(Exception cause) =>
        Errno(cause) is Error.NoSpace or Error.ReadOnly or Error.Quota || (OperatingSystem.IsMacOS() && Errno(cause) == Error.QuotaOnMac)
        || (OperatingSystem.IsWindows() && (cause.HResult & 0xFFFF) is 39 or 112 or 19);

    private static (string Reason, string Remedy) Explain(Exception cause, string? path)
    {
        if (path is not null && Blocker(path) is { } file)
            return ($"'{file}' is a file, but a directory is expected", $"Move '{file}' away, then retry.");
        if (cause is IrregularFileException odd)
            return (odd.Reason, "Replace it with a regular file, or remove it.");
        if (IsTemporary(path) && !Directory.Exists(Path.GetTempPath()))
            return ($"the directory for temporary files, '{Path.GetTempPath()}', does not exist", "Create it, or set TMPDIR to a directory that exists.");
        return Errno(cause) switch
        {
            Error.NoSpace => ("no space, or no inode, is left on its file system",
                "Free some space there ('df -h' and 'df -i' show what is full); Down and Clean also work on a full disk."),
            Error.Quota => ("the disk quota is used up", "Free some space there; Down and Clean also work on a full disk."),
            Error.ReadOnly => ("its file system is read-only", "Remount it with write access, or choose another place (--workspace, XDG_STATE_HOME)."),
            Error.NotPermitted => ("the operation is not permitted, even to its owner",
                "The file may be marked immutable ('lsattr' shows it, 'chattr -i' clears it) or belong to another user."),
            Error.IsDirectory => ("it is a directory, but a file is expected", "Move the directory away, then retry."),
            Error.Loop => ("its symbolic links form a loop", "Remove or correct the link."),
            Error.TooManyFiles or Error.TooManyFilesInSystem => ("too many files are open", "Raise the limit ('ulimit -n'), or close other programs."),
            Error.InputOutput => ("the device reports an I/O error", "Check the disk (dmesg), then retry."),
            Error.Busy => ("it is in use", "Stop what uses it, then retry."),
            Error.Exists when path is not null && new FileInfo(path) is { LinkTarget: { } target } && !Path.Exists(path) =>
                ($"it is a link to '{target}', which does not exist", "Remove the link, or create its target."),
            Error.Exists when path is not null && File.Exists(path) => // of the creation of a directory
                ($"'{path}' is a file, but a directory is expected", $"Move '{path}' away, then retry."),
            _ when cause is UnauthorizedAccessException => Denied(path),
            _ when cause.Message.StartsWith("Access to the path", StringComparison.Ordinal) => // of the deletion of a directory
                ("permission denied, or its file system is read-only", "Give your user access to it, or remount it with write access, then retry."),
            _ when cause is PathTooLongException => ("the path is too long", "Use a workspace with a shorter path."),
            _ when cause is FileNotFoundException or DirectoryNotFoundException =>
                path is not null && new FileInfo(path) is { LinkTarget: { } target }
                    ? ($"it is a link to '{target}', which does not exist", "Remove the link, or create its target.")
                    : path?.Contains('\uFFFD', StringComparison.Ordinal) == true
                        ? ("its name is not valid UTF-8", "Rename it.")
                        : ("it does not exist", "Create it, or check whether another program removes it."),
            _ => (cause.Message.TrimEnd('.'), "Remove the cause, then retry."),
        };
    }

    private static (string Reason, string Remedy) Denied(string? path) =>
        path is not null && Directory.Exists(path) && IsListable(path)
            ? ("permission denied, or it is a directory where a file is expected",
                "Give your user access to it, or move the directory away.")
            : ($"permission denied for user {Environment.UserName}",
                OperatingSystem.IsWindows() || path is null
                    ? "Give your user access to it, or run the command as its owner."
                    : $"Give your user access to it ('ls -ld' shows the owner and the mode), or run the command as its owner.");

    private static bool IsListable(string folder)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(folder).Take(1).Count() >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The nearest existing parent in a path, if it is not a directory.</summary>
    private static string? Blocker(string path)
    {
        for (var above = Path.GetDirectoryName(path); !string.IsNullOrEmpty(above); above = Path.GetDirectoryName(above))
        {
            if (Directory.Exists(above))
                return null;
            if (File.Exists(above))
                return above;
        }

        return null;
    }

    private static bool IsTemporary(string? path) =>
        path is null || path.StartsWith(Path.GetTempPath(), StringComparison.Ordinal);

    private static int Errno(Exception cause) =>
        cause is UnauthorizedAccessException { InnerException: IOException inner } ? inner.HResult : cause.HResult;

    // The exceptions of .NET quote the path; a file that was not found also names it.
    private static string? PathOf(Exception cause)
    {
        if (cause is FileNotFoundException { FileName: { Length: > 0 } name })
            return name;
        var (open, close) = (cause.Message.IndexOf('\'', StringComparison.Ordinal), cause.Message.LastIndexOf('\''));
        return open >= 0 && close > open + 1 && Path.IsPathRooted(cause.Message[(open + 1)..close]) ? cause.Message[(open + 1)..close] : null;
    }

    /// <summary>The errno values of Linux; those below 35 are the same on macOS.</summary>
    private static class Error
    {
        public const int NotPermitted = 1;
        public const int InputOutput = 5;
        public const int Busy = 16;
        public const int Exists = 17;
        public const int IsDirectory = 21;
        public const int TooManyFilesInSystem = 23;
        public const int TooManyFiles = 24;
        public const int NoSpace = 28;
        public const int ReadOnly = 30;
        public const int Loop = 40;
        public const int QuotaOnMac = 69;
        public const int Quota = 122;
    }
}
