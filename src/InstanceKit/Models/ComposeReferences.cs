using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace InstanceKit.Models;

/// <summary>The additional files that a compose file refers to.</summary>
/// <param name="ComposeFiles">Paths of <c>include</c> and <c>extends</c>, as they are written.</param>
/// <param name="OtherFiles">Paths of env and label files, as they are written.</param>
/// <param name="Folders">Project directories of includes, as they are written.</param>
public sealed partial record ComposeReferences(
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
