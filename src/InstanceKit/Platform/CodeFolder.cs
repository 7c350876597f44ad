namespace InstanceKit.Platform;

/// <summary>The folder of an app's code.</summary>
internal static class CodeFolder
{
    /// <summary>The limit on files read per directory.</summary>
    private const int Limit = 20_000;

    /// <summary>What tools write while an app runs; directories that start with a dot, such as .git and .next, are also skipped.</summary>
    private static readonly HashSet<string> Generated =
        new(["node_modules", "dist", "build", "out", "coverage", "logs", "tmp", "data"], StringComparer.OrdinalIgnoreCase);

    private static readonly EnumerationOptions Readable = new() { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>Whether a file was written after a point in time. Installed packages, build output and logs don't count.</summary>
    /// <param name="folder">The folder's path.</param>
    /// <param name="time">The point in time.</param>
    public static bool HasChangedSince(string folder, DateTimeOffset time)
    {
        var seen = 0;
        var pending = new Stack<DirectoryInfo>([new DirectoryInfo(folder)]);
        while (pending.TryPop(out var next))
        {
            if (!next.Exists)
                continue;
            foreach (var entry in next.EnumerateFileSystemInfos("*", Readable))
            {
                if (++seen > Limit)
                    return false;
                if (entry is DirectoryInfo child)
                {
                    if (!Generated.Contains(child.Name) && !child.Name.StartsWith('.'))
                        pending.Push(child);
                }
                else if (entry.LastWriteTimeUtc > time.UtcDateTime && entry.Extension != ".log")
                {
                    return true;
                }
            }
        }

        return false;
    }
}
