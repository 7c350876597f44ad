namespace InstanceKit.Models;

/// <summary>Every file that Compose reads to answer for some compose files, and every variable that can change its answer.</summary>
/// <param name="Files">The absolute paths, in ordinal order. One that does not exist counts: were it there, it would be read.</param>
public sealed record ComposeInputs(IReadOnlyList<string> Files)
{
    private const int MostFiles = 1000;

    /// <summary>What <c>~</c> in a path means.</summary>
    private static readonly string[] Homes = ["HOME", "USERPROFILE"];

    /// <summary>Finds all files that compose files include, extend and read variables from.</summary>
    /// <remarks>
    /// Which folder a path is relative to depends on how its file was reached, and on Compose's version: each is tried
    /// against all folders in question, so that there may be files too many, but never one too few.
    /// </remarks>
    /// <param name="composeFiles">Absolute paths of the compose files given to Compose.</param>
    /// <param name="envFiles">Absolute paths of the env files given to Compose.</param>
    /// <param name="projectDirectory">The absolute path of the project directory.</param>
    /// <param name="read">A file's text; <see langword="null"/> when it does not exist.</param>
    /// <returns><see langword="null"/> if the inputs of Compose can't be determined.</returns>
    public static ComposeInputs? Collect(
        IReadOnlyList<string> composeFiles, IReadOnlyList<string> envFiles, string projectDirectory, Func<string, string?> read)
    {
        var files = new SortedSet<string>(composeFiles.Concat(envFiles), StringComparer.Ordinal);
        var folders = new SortedSet<string>(StringComparer.Ordinal) { projectDirectory };
        var composeNames = new SortedSet<string>(composeFiles, StringComparer.Ordinal);
        // An included project has its own .env.
        var otherNames = new SortedSet<string>(StringComparer.Ordinal) { ".env" };
        var followed = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var paths = folders.SelectMany(f => composeNames, (f, n) => Path.GetFullPath(n, f)).Distinct().ToList();
            files.UnionWith(paths);
            files.UnionWith(folders.SelectMany(f => otherNames, (f, n) => Path.GetFullPath(n, f)));
            if (files.Count > MostFiles)
                return null;
            var fresh = paths.Where(followed.Add).ToList();
            if (fresh.Count == 0)
                return new ComposeInputs([.. files]);

            foreach (var path in fresh)
            {
                if (read(path) is not { } text)
                    continue;
                if (ComposeReferences.Find(text) is not { } found)
                    return null;
                // What the project directory of an include within an include is relative to is anybody's guess.
                if (found.Folders.Count > 0 && !composeFiles.Contains(path))
                    return null;
                composeNames.UnionWith(found.ComposeFiles);
                otherNames.UnionWith(found.OtherFiles);
                var own = Path.GetDirectoryName(path)!;
                folders.Add(own);
                folders.UnionWith(found.Folders.SelectMany(n => new[] { Path.GetFullPath(n, own), Path.GetFullPath(n, projectDirectory) }));
            }
        }
    }

    /// <summary>The variables of an environment that texts mention, in ordinal order: no other one can change an answer.</summary>
    /// <param name="environment">The environment that Compose runs in.</param>
    /// <param name="texts">The texts of <see cref="Files"/>.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> VariablesOf(
        IEnumerable<KeyValuePair<string, string>> environment, IReadOnlyList<string> texts) =>
    [
        .. environment.Where(v => Homes.Contains(v.Key) || texts.Any(t => Mentions(t, v.Key)))
            .OrderBy(v => v.Key, StringComparer.Ordinal),
    ];

    /// <summary>Whether a name occurs in a text as a whole word; ignores case, as Windows does.</summary>
    internal static bool Mentions(string text, string name)
    {
        if (name.Length == 0)
            return false;
        for (var at = 0; (at = text.IndexOf(name, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
        {
            if (!IsWord(text, at - 1) && !IsWord(text, at + name.Length))
                return true;
        }

        return false;
    }

    private static bool IsWord(string text, int at) =>
        at >= 0 && at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_');
}
