using InstanceKit;
using InstanceKit.Doctor;
using InstanceKit.Stacks;

namespace Cli;

/// <summary>Finds the workspace that a command is for.</summary>
internal static class WorkspaceLocator
{
    /// <summary>The workspace of a repository that is not one itself, relative to its root.</summary>
    public const string Sample = "samples/studio";

    private const string Option = "--workspace";

    /// <summary>The absolute path of the workspace.</summary>
    /// <param name="word">What was written after <c>--workspace</c>; <see langword="null"/> for nothing.</param>
    /// <param name="context">Where it was written.</param>
    /// <exception cref="InstanceKitException">It is not a readable directory.</exception>
    public static string Locate(string? word, RequestContext context) =>
        word is null ? Default(context.RepositoryRoot) : Given(word, context.CurrentDirectory);

    private static string Default(string root)
    {
        if (StackReader.IsWorkspace(root))
            return root;
        var sample = Path.Combine(root, Sample);
        return Directory.Exists(sample)
            ? sample
            : throw InstanceKitException.Usage(
                $"'{root}' is not a workspace: it contains no {StudioStack.ComposeFile}, {StackFile.FileName} or {Sample}.",
                $"Pass one with {Option} PATH.");
    }

    private static string Given(string word, string currentDirectory)
    {
        if (string.IsNullOrWhiteSpace(word) || word.Contains('\0', StringComparison.Ordinal))
            throw InstanceKitException.Usage($"{Option} '{word.Trim('\0')}' is not a valid path.", Remedy);

        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(word, currentDirectory));
        if (File.Exists(path))
            throw InstanceKitException.Usage($"{Option} '{word}' is a file, not a directory.", Remedy);
        if (!Directory.Exists(path))
            throw InstanceKitException.Usage($"{Option} '{word}' does not exist (looked for {path}).", Remedy);
        RequireReadable(word, path);
        return path;
    }

    private static void RequireReadable(string word, string path)
    {
        try
        {
            using var entries = Directory.EnumerateFileSystemEntries(path).GetEnumerator();
            entries.MoveNext();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InstanceKitException(
                ExitCode.Usage, $"{Option} '{word}' can't be read: {e.Message}", "Check its permissions.", e);
        }
    }

    private static string Remedy => $"Pass the directory that contains {StudioStack.ComposeFile}.";
}
