using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace InstanceKit.Platform;

/// <summary>Paths without symbolic links and with the case that the disk has, so that one folder has one name.</summary>
internal static class RealPath
{
    private const int MostLinks = 40;

    /// <summary>The absolute path with every link resolved; parts that do not exist are unchanged.</summary>
    public static string Of(string path) => Follow(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)), 0);

    private static string Follow(string path, int links)
    {
        var root = Path.GetPathRoot(path)!;
        var real = root;
        var parts = path[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < parts.Length; i++)
        {
            real = Path.Combine(real, Spell(real, parts[i]));
            if (links < MostLinks && TargetOf(real) is { } target)
                return Follow(Path.GetFullPath(Path.Combine([target, .. parts[(i + 1)..]])), links + 1);
        }

        return real;
    }

    // On macOS and Windows, paths ignore case, and each spelling would have its own instances.
    private static string Spell(string folder, string name)
    {
        if (OperatingSystem.IsLinux() || !Path.Exists(Path.Combine(folder, name)))
            return name;
        try
        {
            return SpellingOf(name, Directory.EnumerateFileSystemEntries(folder).Select(e => Path.GetFileName(e)!));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return name;
        }
    }

    /// <summary>A name as spelled in its directory, where paths ignore case.</summary>
    /// <param name="name">The name as written; it is known to exist.</param>
    /// <param name="entries">The entries of the directory.</param>
    public static string SpellingOf(string name, IEnumerable<string> entries)
    {
        string? other = null;
        foreach (var entry in entries)
        {
            if (entry == name)
                return name;
            if (entry.Equals(name, StringComparison.OrdinalIgnoreCase))
                other = entry;
        }

        return other ?? name;
    }

    private static string? TargetOf(string path)
    {
        try
        {
            return new DirectoryInfo(path).ResolveLinkTarget(returnFinalTarget: false)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>Reads an untrusted file: rejects a pipe without waiting for its writer, and an endless device.</summary>
internal static class RegularFile
{
    private const long MostBytes = 64L << 20;
    private const int NotFound = 2;
    private const int AccessDenied = 13;
    private const int NoSuchDevice = 6;

    /// <summary>The bytes of a file, or <see langword="null"/> when it does not exist or is a directory.</summary>
    /// <exception cref="IOException">It can't be read, is not a regular file, or is larger than 64 MiB.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static byte[]? Read(string path)
    {
        if (!File.Exists(path))
            return null;
        if (OperatingSystem.IsWindows())
            return File.ReadAllBytes(path);
        using var file = Open(path);
        if (file is null)
            return null;
        if (!file.CanSeek)
            throw new IrregularFileException(path, "it is a pipe or a device, not a regular file");
        var buffer = new byte[Math.Clamp(file.Length, 0, MostBytes) + 1]; // files in /proc report a length of 0
        var length = 0;
        while (file.Read(buffer.AsSpan(length)) is > 0 and var count)
        {
            length += count;
            if (length > MostBytes)
                throw new IrregularFileException(path, $"it is larger than {MostBytes >> 20} MiB");
            if (length == buffer.Length)
                Array.Resize(ref buffer, Math.Max(16384, buffer.Length * 2));
        }

        return buffer[..length];
    }

    /// <summary>Writes the entries of a directory to the disk, so that a renamed file is found after a power failure.</summary>
    public static void FlushDirectory(string folder)
    {
        if (OperatingSystem.IsWindows() || Open(folder, OpenFlags) is not (>= 0 and var descriptor))
            return;
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        _ = Flush(handle); // a file system that has no such notion refuses it
    }

    private static int OpenFlags => OperatingSystem.IsMacOS() ? 0x4 | 0x1000000 : 0x800 | 0x80000; // O_NONBLOCK | O_CLOEXEC

    private static FileStream? Open(string path)
    {
        var descriptor = Open(path, OpenFlags);
        if (descriptor >= 0)
            return new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Read, bufferSize: 0);
        var error = Marshal.GetLastPInvokeError();
        return error switch
        {
            NotFound => null,
            AccessDenied => throw new UnauthorizedAccessException($"Access to the path '{path}' is denied.", new IOException("Permission denied", error)),
            NoSuchDevice => throw new IrregularFileException(path, "it is a socket or a device, not a regular file"),
            _ => throw new IOException($"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'", error),
        };
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Flush(SafeFileHandle file);
}

/// <summary>Something other than a file of a sensible size is where a file is expected.</summary>
internal sealed class IrregularFileException(string path, string reason) : IOException($"'{path}' can't be read: {reason}.")
{
    /// <summary>The reason alone: "it is larger than 64 MiB".</summary>
    public string Reason => reason;
}
