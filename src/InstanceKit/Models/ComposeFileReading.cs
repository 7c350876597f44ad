using System.Text;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace InstanceKit.Models;

/// <summary>Reads compose files as layers, each with the directory that its paths are relative to.</summary>
/// <param name="source">Where texts come from.</param>
/// <param name="variables">A variable's value; <see langword="null"/> if it is not set.</param>
internal sealed class ComposeFileReading(ComposeSource source, Func<string, string?> variables)
{
    private static readonly string[] RemoteStarts = ["git@", "github.com/", "oci:"];

    /// <summary>What the files are read from.</summary>
    public ComposeSource Source => source;

    /// <summary>A variable's value; <see langword="null"/> if it is not set.</summary>
    public Func<string, string?> Variables => variables;

    /// <summary>The place of a file whose paths are relative to a folder.</summary>
    public ComposePlace PlaceOf(string file, string folder) => new(
        Path.GetRelativePath(source.Root ?? source.ProjectDirectory, file).Replace('\\', '/'), folder, "",
        variables("HOME") ?? variables("USERPROFILE"));

    /// <summary>The layers of a file.</summary>
    /// <param name="file">Its absolute path.</param>
    /// <exception cref="InstanceKitException">It does not exist, or is not a compose file.</exception>
    public IReadOnlyList<ComposeLayer> Read(string file, ComposePlace place) =>
        new ComposeYaml(place, variables).Read(source.Read(file) ?? throw place.Wrong("does not exist"));

    /// <summary>The same reading with the variables of an included project, over which the ones of this one win.</summary>
    public ComposeFileReading With(IReadOnlyDictionary<string, string> own) =>
        new(source, name => variables(name) ?? own.GetValueOrDefault(name));

    /// <summary>The values of env files; of one variable, the last counts.</summary>
    /// <param name="files">Their absolute paths.</param>
    /// <param name="isRequired">Whether each has to exist.</param>
    /// <param name="variables">A variable from outside; <see langword="null"/> if it is not set.</param>
    /// <exception cref="InstanceKitException">A required file does not exist, or has an invalid line.</exception>
    public IReadOnlyDictionary<string, string> ReadEnv(
        IEnumerable<string> files, bool isRequired, Func<string, string?> variables)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var place = PlaceOf(file, Path.GetDirectoryName(file)!);
            if (source.Read(file) is not { } text)
            {
                if (isRequired)
                    throw place.Wrong("does not exist");
                continue;
            }

            foreach (var (name, value) in new ComposeEnvText(place, n => variables(n) ?? result.GetValueOrDefault(n)).Read(text))
                result[name] = value;
        }

        return result;
    }

    /// <summary>The absolute path of a further compose file.</summary>
    /// <exception cref="InstanceKitException">It is on another machine.</exception>
    public static string Local(string path, ComposePlace place) =>
        path.Contains("://", StringComparison.Ordinal) || RemoteStarts.Any(s => path.StartsWith(s, StringComparison.Ordinal))
            ? throw place.Unknown($"refers to '{path}', which is on another machine")
            : place.Resolve(path);
}

/// <summary>Reads env files by the rules of Compose, which differ from those of npm's <c>dotenv</c>.</summary>
/// <param name="lookup">A variable from outside of the file; <see langword="null"/> if it is not set.</param>
internal sealed class ComposeEnvText(ComposePlace place, Func<string, string?> lookup)
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private ComposeInterpolation? _interpolation;

    /// <summary>The values by name; of one name, the last counts. A name alone has the value from outside, if any.</summary>
    /// <exception cref="InstanceKitException">A line is invalid, or a quote is not closed.</exception>
    public IReadOnlyDictionary<string, string> Read(string text)
    {
        text = text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal);
        for (var at = 0; at < text.Length;)
        {
            at = SkipSpace(text, at, throughLines: true);
            if (at == text.Length)
                break;
            at = text[at] == '#' ? EndOfLine(text, at) : ReadLine(text, at);
        }

        return _values;
    }

    private int ReadLine(string text, int at)
    {
        var end = EndOfLine(text, at);
        if (text.AsSpan(at, end - at).StartsWith("export ", StringComparison.Ordinal))
            at = SkipSpace(text, at + "export ".Length, throughLines: false);
        var separator = at;
        while (separator < end && IsKey(text[separator]))
            separator++;
        var key = text[at..separator];
        var next = SkipSpace(text, separator, throughLines: false);
        if (key.Length == 0 || (next < end && text[next] is not ('=' or ':' or '#')))
            throw place.Wrong($"has a line that is no assignment: '{text[at..end].Trim()}'");
        if (next >= end || text[next] == '#')
        {
            if (lookup(key) is { } inherited)
                _values[key] = inherited;
            return end;
        }

        var start = SkipSpace(text, next + 1, throughLines: false);
        return start < text.Length && text[start] is '"' or '\'' ? ReadQuoted(text, start, key) : ReadBare(text, start, key);
    }

    private int ReadBare(string text, int start, string key)
    {
        var end = EndOfLine(text, start);
        var value = text[start..end];
        if (value.IndexOf(" #", StringComparison.Ordinal) is >= 0 and var comment)
            value = value[..comment];
        _values[key] = Expand(value.TrimEnd(), key);
        return end;
    }

    private int ReadQuoted(string text, int start, string key)
    {
        var quote = text[start];
        var end = start + 1;
        while (end < text.Length && text[end] != quote)
            end += text[end] == '\\' ? 2 : 1;
        if (end >= text.Length)
            throw place.Wrong($"{key} has an unclosed quote");
        var value = text[(start + 1)..end];
        _values[key] = quote == '\'' ? value.Replace("\\'", "'", StringComparison.Ordinal) : Expand(EnvEscapes.Read(value), key);
        return EndOfLine(text, end);
    }

    private string Expand(string value, string key)
    {
        try
        {
            return (_interpolation ??= new ComposeInterpolation(n => lookup(n) ?? _values.GetValueOrDefault(n))).Substitute(value);
        }
        catch (FormatException e)
        {
            throw place.Wrong($"{key} {e.Message}");
        }
    }

    private static int EndOfLine(string text, int from) => text.IndexOf('\n', from) is >= 0 and var end ? end : text.Length;

    private static int SkipSpace(string text, int from, bool throughLines)
    {
        while (from < text.Length && char.IsWhiteSpace(text[from]) && (throughLines || text[from] != '\n'))
            from++;
        return from;
    }

    private static bool IsKey(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '[' or ']';
}

/// <summary>The escapes of a value in double quotes.</summary>
internal static class EnvEscapes
{
    /// <summary>The value without them; an escaped dollar sign is doubled, so that it does not start a variable.</summary>
    public static string Read(string value)
    {
        var result = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '\\' || i + 1 == value.Length)
            {
                result.Append(value[i]);
                continue;
            }

            result.Append(value[++i] switch
            {
                'n' => "\n",
                'r' => "\r",
                't' => "\t",
                '$' => "$$",
                '"' or '\\' => $"{value[i]}",
                var other => $"\\{other}",
            });
        }

        return result.ToString();
    }
}

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
