using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace InstanceKit.Stacks;

/// <summary>The entries of a YAML mapping.</summary>
internal static class YamlEntries
{
    private const string MergeKey = "<<";

    /// <summary>The entries with those that merge keys bring; own ones win, then earlier ones.</summary>
    public static IEnumerable<(string Key, YamlNode Value)> Of(YamlMappingNode mapping, ComposePlace place)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var merged = new List<YamlNode>();
        foreach (var (key, value) in mapping.Children)
        {
            if (key is not YamlScalarNode { Value: { } name } scalar)
                throw place.Wrong("has a key that is no word");
            if (name == MergeKey && scalar.Style == ScalarStyle.Plain)
                merged.AddRange(value is YamlSequenceNode list ? list.Children : [value]);
            else if (known.Add(name))
                yield return (name, value);
        }

        foreach (var source in merged)
        {
            if (source is not YamlMappingNode other)
                throw place.Wrong("merges (<<) something that is no mapping");
            foreach (var entry in Of(other, place).Where(e => known.Add(e.Key)))
                yield return entry;
        }
    }
}
