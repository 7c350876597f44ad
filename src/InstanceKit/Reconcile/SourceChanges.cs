namespace InstanceKit.Reconcile;

/// <summary>Compares the sources of an instance's files with the hashes in its record.</summary>
public static class SourceChanges
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
