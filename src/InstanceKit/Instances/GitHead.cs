using InstanceKit.Platform;

namespace InstanceKit.Instances;

/// <summary>Which branch a folder's checkout is on, read from git's files; git itself is not run.</summary>
internal static class GitHead
{
    private const string BranchPrefix = "ref: refs/heads/";
    private const int ShortHash = 8;

    /// <summary>The branch; the short hash of a detached head; <see langword="null"/> outside of a repository.</summary>
    public static string? Read(string folder)
    {
        try
        {
            if (GitExcludeStore.FindOwnDirectory(folder) is not { } git || FileStore.ReadText(Path.Combine(git, "HEAD"))?.Trim() is not { } head)
                return null;
            return head.StartsWith(BranchPrefix, StringComparison.Ordinal) ? head[BranchPrefix.Length..]
                : head.StartsWith("ref: ", StringComparison.Ordinal) ? head["ref: ".Length..]
                : head.Length > ShortHash ? head[..ShortHash] : head;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
