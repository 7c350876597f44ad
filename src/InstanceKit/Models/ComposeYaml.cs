using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace InstanceKit.Models;

/// <summary>Reads the YAML of a compose file: anchors, merge keys, Compose's merge tags, interpolation.</summary>
/// <param name="variables">A variable's value; <see langword="null"/> if it is not set.</param>
internal sealed class ComposeYaml(ComposePlace place, Func<string, string?> variables)
{
    private const string StandardTag = "tag:yaml.org,2002:";

    private readonly ComposeInterpolation _interpolation = new(variables);

    /// <summary>Reads the documents of a text; one without any has no layer.</summary>
    /// <exception cref="InstanceKitException">The text is not YAML, or has an unknown tag or interpolation.</exception>
    public IReadOnlyList<ComposeLayer> Read(string text)
    {
        IReadOnlyList<YamlDocument> documents;
        try
        {
            documents = YamlText.Load(text);
        }
        catch (YamlException e)
        {
            throw place.NotYaml(e);
        }

        return [.. documents.Select(d => d.RootNode).Where(n => !IsNothing(n)).Select(ReadLayer)];
    }

    private ComposeLayer ReadLayer(YamlNode node)
    {
        if (node is not YamlMappingNode root)
            throw place.Wrong("must be a mapping");
        var cleared = new List<IReadOnlyList<string>>();
        return new ComposeLayer(Mapping(root, [], cleared), cleared);
    }

    private JsonNode? Convert(YamlNode node, IReadOnlyList<string> path, List<IReadOnlyList<string>>? cleared)
    {
        switch (node)
        {
            case YamlMappingNode mapping:
                RequireTag(node, path, "map");
                return Mapping(mapping, path, cleared);
            case YamlSequenceNode list:
                RequireTag(node, path, "seq");
                return new JsonArray([.. list.Select((n, i) => Convert(n, [.. path, $"{i}"], null))]);
            default:
                return Scalar((YamlScalarNode)node, path);
        }
    }

    private JsonObject Mapping(YamlMappingNode mapping, IReadOnlyList<string> path, List<IReadOnlyList<string>>? cleared)
    {
        var result = new JsonObject();
        foreach (var (key, value) in YamlEntries.Of(mapping, At(path)))
        {
            IReadOnlyList<string> own = [.. path, key];
            var tag = TagOf(value);
            if (tag is "!reset" or "!override")
            {
                // An item of a list has no name to remove it by.
                (cleared ?? throw At(own).Unknown($"has {tag} within a list")).Add(own);
                if (IsEntryOfPairs(own))
                    throw At(own).Unknown($"has {tag} for a single entry");
                if (tag == "!reset")
                    continue;
            }

            result[key] = Convert(value, own, cleared);
        }

        return result;
    }

    private JsonValue? Scalar(YamlScalarNode node, IReadOnlyList<string> path)
    {
        var (tag, text) = (TagOf(node), node.Value ?? "");
        if (tag is not ("" or "!override" or "!" or StandardTag + "str" or StandardTag + "int" or StandardTag + "float"
            or StandardTag + "bool" or StandardTag + "null"))
        {
            throw At(path).Unknown($"has the tag {tag}");
        }

        if (node.Style != ScalarStyle.Plain || tag is "!" or StandardTag + "str")
            return JsonValue.Create(Interpolate(text, path));
        if (ComposeScalar.IsMoment(text))
            throw At(path).Unknown($"has the moment {text} (in quotes it is a text)");
        return ComposeScalar.Resolve(text) is { } value && value.TryGetValue<string>(out var plain)
            ? JsonValue.Create(Interpolate(plain, path))
            : ComposeScalar.Resolve(text);
    }

    private string Interpolate(string text, IReadOnlyList<string> path)
    {
        try
        {
            return _interpolation.Substitute(text);
        }
        catch (FormatException e)
        {
            throw At(path).Wrong(e.Message);
        }
    }

    private void RequireTag(YamlNode node, IReadOnlyList<string> path, string kind)
    {
        if (TagOf(node) is not ("" or "!override" or "!") and var tag && tag != StandardTag + kind)
            throw At(path).Unknown($"has the tag {tag}");
    }

    /// <summary>Whether Compose finds the entry below depends on whether that is written as a list or as a mapping.</summary>
    private static bool IsEntryOfPairs(IReadOnlyList<string> path) =>
        path is ["services", _, "environment" or "labels" or "annotations" or "sysctls" or "extra_hosts" or "depends_on" or "networks", _]
            or ["services", _, "build", "args" or "labels", _];

    private ComposePlace At(IReadOnlyList<string> path) => path.Aggregate(place, (p, key) => p.At(key));

    private static string TagOf(YamlNode node) => node.Tag.IsEmpty ? "" : node.Tag.Value;

    private static bool IsNothing(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain } scalar && ComposeScalar.Resolve(scalar.Value ?? "") is null;
}

/// <summary>The entries of a YAML mapping.</summary>
internal static class YamlEntries
{
    private const string MergeKey = "<<";

    /// <summary>The entries including those of merge keys; own ones take precedence, then earlier ones.</summary>
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
