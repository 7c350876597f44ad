namespace InstanceKit.Reconcile;

/// <summary>Compares the sources of an instance's files with the hashes in its record.</summary>
internal static class SourceChanges
{
    /// <summary>The cause if the sources of a file are unknown.</summary>
    public const string Unknown = "its sources changed";

    /// <summary>The cause where all else is the same: the same sources gave another text.</summary>
    public const string OfTool = "the tool generates it differently now";

    /// <summary>The name of the version of the program itself.</summary>
    public const string Tool = "the tool";

    /// <summary>The prefix of derived sources, which are only named when no file changed.</summary>
    private const string Derived = "the ";

    /// <summary>Phrases, each with the source and its change; files first.</summary>
    /// <param name="before">The hash of each source by its name, when the file was generated.</param>
    /// <param name="after">The same now.</param>
    /// <param name="source">The file's own source, or <see langword="null"/>.</param>
    /// <param name="sourcesOfOthers">Sources of other files, which this one is not made from.</param>
    public static IReadOnlyList<string> Find(
        IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after,
        string? source, IReadOnlySet<string> sourcesOfOthers)
    {
        var all = before.Keys.Union(after.Keys, StringComparer.Ordinal)
            .Where(n => before.GetValueOrDefault(n) != after.GetValueOrDefault(n)).Order(StringComparer.Ordinal).ToList();
        var files = all.Where(n => n == Tool || !n.StartsWith(Derived, StringComparison.Ordinal)).ToList();
        var own = files.Where(n => n == source || !sourcesOfOthers.Contains(n)).ToList();
        var named = own.Count > 0 ? own : [.. all.Except(files)];
        return [.. (named.Count > 0 ? named : files).Select(n => Phrase(n, before.ContainsKey(n), after.ContainsKey(n)))];
    }

    /// <summary>The same as one phrase: why a file has to be rewritten.</summary>
    /// <inheritdoc cref="Find"/>
    public static string Cause(
        IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after,
        string? source, IReadOnlySet<string> sourcesOfOthers)
    {
        if (before.Count == 0)
            return Unknown;
        var changes = Find(before, after, source, sourcesOfOthers);
        return changes.Count > 0 ? string.Join(", ", changes) : OfTool;
    }

    private static string Phrase(string name, bool was, bool isNow) =>
        (was, isNow) switch
        {
            (false, _) => $"{name} is new",
            (_, false) => $"{name} was removed",
            _ => $"{name} changed",
        };
}

/// <summary>What happens to one generated file.</summary>
/// <param name="Name">Its name in the instance's folder.</param>
/// <param name="Action">What happens.</param>
/// <param name="Cause">Why.</param>
internal sealed record FileDecision(string Name, FileAction Action, string Cause);

/// <summary>What can happen to a generated file.</summary>
internal enum FileAction
{
    /// <summary>It is as it should be.</summary>
    Leave,

    /// <summary>It is written.</summary>
    Write,

    /// <summary>It was edited and is kept.</summary>
    Keep,

    /// <summary>It was edited, is saved as *.bak and then written.</summary>
    BackupAndWrite,
}

/// <summary>Decides, by hash, whether a generated file is written, unchanged, or kept because it was edited.</summary>
internal static class FileReconciler
{
    /// <summary>Decides for one file.</summary>
    /// <param name="name">Its name in the instance's folder.</param>
    /// <param name="wanted">The text it should have.</param>
    /// <param name="found">The text it has; <see langword="null"/> when it does not exist.</param>
    /// <param name="recordedHash">The hash of the text that was last generated; <see langword="null"/> when unknown.</param>
    /// <param name="force">Whether an edited file is overwritten.</param>
    /// <param name="changed">Why it should have another text than was last generated, as a phrase.</param>
    public static FileDecision Decide(
        string name, string wanted, string? found, string? recordedHash, bool force, string changed = SourceChanges.Unknown)
    {
        if (found is null)
            return new FileDecision(name, FileAction.Write, "does not exist");
        if (found == wanted)
            return new FileDecision(name, FileAction.Leave, "is up to date");
        if (ContentHash.Of(found) == recordedHash)
            return new FileDecision(name, FileAction.Write, changed);
        return force
            ? new FileDecision(name, FileAction.BackupAndWrite, "was edited; --force, saved as *.bak")
            : new FileDecision(name, FileAction.Keep, "was edited since it was generated");
    }
}
