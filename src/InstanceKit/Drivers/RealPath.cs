namespace InstanceKit.Drivers;

/// <summary>Paths without symbolic links, so that one folder has one name.</summary>
public static class RealPath
{
    private const int MostLinks = 40;

    /// <summary>The absolute path with every link in it followed; what does not exist stays as it is written.</summary>
    public static string Of(string path) => Follow(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)), 0);

    private static string Follow(string path, int links)
    {
        var root = Path.GetPathRoot(path)!;
        var real = root;
        var parts = path[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < parts.Length; i++)
        {
            real = Path.Combine(real, parts[i]);
            if (links < MostLinks && TargetOf(real) is { } target)
                return Follow(Path.GetFullPath(Path.Combine([target, .. parts[(i + 1)..]])), links + 1);
        }

        return real;
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
