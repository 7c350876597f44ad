using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace InstanceKit.Models;

/// <summary>Every file that Compose reads to answer for some compose files, and every variable that can change its answer.</summary>
/// <param name="Files">The absolute paths, in ordinal order. One that does not exist counts: were it there, it would be read.</param>
internal sealed record ComposeInputs(IReadOnlyList<string> Files)
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

/// <summary>The additional files that a compose file refers to.</summary>
/// <param name="ComposeFiles">Paths of <c>include</c> and <c>extends</c>, as they are written.</param>
/// <param name="OtherFiles">Paths of env and label files, as they are written.</param>
/// <param name="Folders">Project directories of includes, as they are written.</param>
internal sealed partial record ComposeReferences(
    IReadOnlySet<string> ComposeFiles, IReadOnlySet<string> OtherFiles, IReadOnlySet<string> Folders)
{
    /// <summary>
    /// Finds them. Every key of that name in the file counts, even in an anchor or an extension:
    /// a path too many does no harm, one too few would.
    /// </summary>
    /// <returns><see langword="null"/> if they can't be determined: the text is not YAML, or a path is interpolated or remote.</returns>
    public static ComposeReferences? Find(string text)
    {
        IReadOnlyList<YamlDocument> documents;
        try
        {
            documents = YamlText.Load(text);
        }
        catch (YamlException)
        {
            return null;
        }

        var found = new ComposeReferences(NewSet(), NewSet(), NewSet());
        var nodes = documents.SelectMany(d => d.AllNodes).Distinct(ReferenceEqualityComparer.Instance).ToList();
        foreach (var mapping in nodes.OfType<YamlMappingNode>())
        {
            foreach (var (key, value) in mapping.Children)
                found.Add((key as YamlScalarNode)?.Value, value);
        }

        var isPlain = nodes.OfType<YamlScalarNode>().All(s => SaysItsVariables(s, text));
        return isPlain && found.ComposeFiles.Concat(found.OtherFiles).Concat(found.Folders).All(IsLocalPath) ? found : null;
    }

    private void Add(string? key, YamlNode value)
    {
        switch (key)
        {
            case "include":
                AddAll(ComposeFiles, Items(value).Concat(Items(value).SelectMany(i => Member(i, "path"))));
                AddAll(Folders, Items(value).SelectMany(i => Member(i, "project_directory")));
                break;
            case "extends":
                AddAll(ComposeFiles, Member(value, "file"));
                break;
            case "env_file" or "label_file":
                AddAll(OtherFiles, Items(value).Concat(Items(value).SelectMany(i => Member(i, "path"))));
                break;
        }
    }

    private static void AddAll(IReadOnlySet<string> target, IEnumerable<YamlNode> nodes) =>
        ((HashSet<string>)target).UnionWith(nodes.OfType<YamlScalarNode>().Select(n => n.Value).OfType<string>().Where(v => v.Length > 0));

    private static IEnumerable<YamlNode> Items(YamlNode node) => node is YamlSequenceNode list ? list.Children : [node];

    private static IEnumerable<YamlNode> Member(YamlNode node, string name) =>
        node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(name), out var value)
            ? Items(value)
            : [];

    private static HashSet<string> NewSet() => new(StringComparer.Ordinal);

    /// <summary>A colon is part of every remote address, a dollar sign of every interpolation, a tilde means a home.</summary>
    private static bool IsLocalPath(string path) =>
        !path.Contains('$') && !path.StartsWith('~') && (!path.Contains(':') || DrivePath().IsMatch(path))
        && !path.StartsWith("github.com/", StringComparison.Ordinal) && !GitReference().IsMatch(path);

    /// <summary>Whether each variable of a value can be read off the text; an escape in quotes may hide one.</summary>
    private static bool SaysItsVariables(YamlScalarNode scalar, string text) =>
        scalar.Style != ScalarStyle.DoubleQuoted
        || Variable().Matches(scalar.Value ?? "").All(m => ComposeInputs.Mentions(text, m.Groups["name"].Value));

    [GeneratedRegex(@"^[A-Za-z]:[\\/][^:]*\z")]
    private static partial Regex DrivePath();

    [GeneratedRegex(@"\.git(#.*)?\z")]
    private static partial Regex GitReference();

    [GeneratedRegex(@"\$\{?(?<name>[A-Za-z_][A-Za-z0-9_]*)")]
    private static partial Regex Variable();
}
