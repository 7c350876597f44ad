using InstanceKit.Platform;

namespace InstanceKit.Instances;

/// <summary>Keeps generated files out of git through the repository's own exclude file; .gitignore is not touched.</summary>
internal static class GitExcludeStore
{
    private static readonly string[] Patterns = [$"{InstancePaths.RootName}/", InstancePaths.ActiveInstanceName];

    /// <summary>Adds what is missing to <c>info/exclude</c> of the workspace's repository, if there is one and it is writable.</summary>
    public static void Ensure(string workspace) => FileStore.Attempt(() => Add(workspace));

    private static void Add(string workspace)
    {
        if (FindGitDirectory(workspace) is not { } git)
            return;
        var path = Path.Combine(git, "info", "exclude");
        var text = FileStore.ReadText(path) ?? "";
        var present = text.Split('\n').Select(l => l.Trim()).ToHashSet();
        var missing = Patterns.Where(p => !present.Contains(p)).ToList();
        if (missing.Count == 0)
            return;
        var separator = text.Length == 0 || text.EndsWith('\n') ? "" : "\n";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.AppendAllText(path, separator + string.Concat(missing.Select(p => p + "\n")));
    }

    /// <summary>A checkout's git directory, which contains its <c>HEAD</c>; <see langword="null"/> outside of a repository.</summary>
    internal static string? FindOwnDirectory(string workspace)
    {
        for (var folder = new DirectoryInfo(workspace); folder is not null; folder = folder.Parent)
        {
            var git = Path.Combine(folder.FullName, ".git");
            if (Directory.Exists(git))
                return git;
            if (File.Exists(git))
                return FromPointer(folder.FullName, (FileStore.ReadText(git) ?? "").Trim());
        }

        return null;
    }

    /// <summary>The directory that contains <c>info/exclude</c>; worktrees of one repository share it.</summary>
    private static string? FindGitDirectory(string workspace)
    {
        if (FindOwnDirectory(workspace) is not { } git)
            return null;
        var common = Path.Combine(git, "commondir");
        return File.Exists(common) ? Path.GetFullPath(Path.Combine(git, (FileStore.ReadText(common) ?? "").Trim())) : git;
    }

    private static string? FromPointer(string folder, string pointer)
    {
        const string prefix = "gitdir:";
        return pointer.StartsWith(prefix, StringComparison.Ordinal)
            ? Path.GetFullPath(Path.Combine(folder, pointer[prefix.Length..].Trim()))
            : null;
    }
}
