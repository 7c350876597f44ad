using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace InstanceKit.Compose;

/// <summary>Creates YAML that every parser reads as the same text.</summary>
internal static partial class YamlNodes
{
    /// <summary>Adds a mapping of named items under a key, where there are any.</summary>
    public static void AddSection<T>(
        this YamlMappingNode parent, string name, IReadOnlyList<T> items, Func<T, string> key, Func<T, YamlNode> node)
    {
        if (items.Count == 0)
            return;
        var section = new YamlMappingNode();
        foreach (var item in items)
            section.Add(Key(key(item)), node(item));
        parent.Add(name, section);
    }

    /// <summary>Adds a list that replaces the one of the compose files, if it is not empty.</summary>
    public static void AddReplacement(this YamlMappingNode node, string key, IReadOnlyList<string> items)
    {
        if (items.Count > 0)
            node.Add(key, new YamlSequenceNode(items.Select(Quoted)) { Tag = "!override" });
    }

    /// <summary>Removes a value of the compose files.</summary>
    public static YamlScalarNode Reset => new("null") { Tag = "!reset" };

    /// <summary>A list of texts.</summary>
    public static YamlSequenceNode List(IEnumerable<string> items) => new(items.Select(Quoted));

    /// <summary>A mapping of texts.</summary>
    public static YamlMappingNode Mapping(IReadOnlyDictionary<string, string> values)
    {
        var node = new YamlMappingNode();
        foreach (var (key, value) in values)
            node.Add(Key(key), Quoted(value));
        return node;
    }

    /// <summary>A text, whatever is in it.</summary>
    public static YamlScalarNode Quoted(string value) => new(value) { Style = ScalarStyle.DoubleQuoted };

    /// <summary>Generated texts, unlike those of the model, are not yet escaped against interpolation.</summary>
    public static string Escaped(string value) => value.Replace("$", "$$", StringComparison.Ordinal);

    /// <summary>Plain where Compose reads a text; a service named <c>123</c> or <c>null</c> it would refuse.</summary>
    private static YamlScalarNode Key(string key) => PlainKey().IsMatch(key) ? new YamlScalarNode(key) : Quoted(key);

    [GeneratedRegex(@"^(?!(?:null|true|false|yes|no|on|off|y|n)\z)[A-Z_][A-Z0-9_.-]*\z", RegexOptions.IgnoreCase)]
    private static partial Regex PlainKey();
}
