namespace InstanceKit.Platform;

/// <summary>Paths without symbolic links and with the case that the disk has, so that one folder has one name.</summary>
public static class RealPath
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
