using System.Text.Json.Nodes;

namespace InstanceKit.Models;

/// <summary>Puts the files of a project together, with all that they extend and include.</summary>
/// <param name="files">Reads them.</param>
/// <param name="folder">The absolute path of the project directory.</param>
internal sealed class ComposeAssembly(ComposeFileReading files, string folder)
{
    private const int Deepest = 20;
    private static readonly string[] Passed = ["name", "version"];

    private readonly ComposeExtends _extends = new(files);
    private readonly ComposeInclude _include = new(files);

    /// <summary>Whether all files so far are empty. Compose accepts an empty file in addition to others, and one without services.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>The merged content of the files.</summary>
    /// <param name="paths">The absolute paths of the files, in their order.</param>
    /// <param name="depth">How many projects include this one.</param>
    /// <exception cref="InstanceKitException">A file is missing or wrong, or only Compose understands it.</exception>
    public JsonObject Assemble(IReadOnlyList<string> paths, int depth = 0)
    {
        var result = new JsonObject();
        foreach (var path in paths)
        {
            var place = files.PlaceOf(path, folder);
            if (depth > Deepest)
                throw place.Wrong("includes itself");
            foreach (var layer in files.Read(path, place))
            {
                IsEmpty &= layer.Root.Count == 0;
                var shaped = Shape(layer, place);
                layer.Clear(result);
                LayerMerge.Merge(result, shaped);
                if (layer.Root["include"] is { } include)
                    _include.Add(result, include, place.At("include"), depth);
            }
        }

        return result;
    }

    private JsonObject Shape(ComposeLayer layer, ComposePlace place)
    {
        var result = new JsonObject();
        foreach (var (key, value) in layer.Root)
        {
            if (key == "services")
                result[key] = Section(value, place.At(key), (name, _, _) => _extends.Service(layer, place, name));
            else if (ResourceShape.Sections.Contains(key))
                result[key] = Section(value, place.At(key), (_, entry, at) => ResourceShape.Of(key, entry, at));
            else if (key != "include" && !Passed.Contains(key) && !key.StartsWith("x-", StringComparison.Ordinal))
                throw place.Unknown($"has the unknown key {key}");
        }

        return result;
    }

    private static JsonObject Section(JsonNode? node, ComposePlace place, Func<string, JsonNode?, ComposePlace, JsonObject> shape)
    {
        if (node is not JsonObject entries)
            throw place.Wrong("must be a mapping");
        var result = new JsonObject();
        foreach (var (name, entry) in entries)
            result[name] = shape(name, entry, place.At(name));
        return result;
    }
}

/// <summary>Includes other projects, each with its own directory and variables.</summary>
/// <param name="files">Reads their files.</param>
internal sealed class ComposeInclude(ComposeFileReading files)
{
    /// <summary>Adds the projects of the entries of <c>include</c>.</summary>
    /// <param name="result">What there is so far; it is changed.</param>
    /// <param name="include">The entries.</param>
    /// <param name="depth">How many projects include this one.</param>
    /// <exception cref="InstanceKitException">A file is missing, invalid or remote, or conflicts with an existing resource.</exception>
    public void Add(JsonObject result, JsonNode include, ComposePlace place, int depth)
    {
        foreach (var item in ListShape.Items(include))
        {
            var entry = item as JsonObject ?? new JsonObject { ["path"] = item?.DeepClone() };
            foreach (var (key, _) in entry.Where(e => e.Key is not ("path" or "project_directory" or "env_file")))
                throw place.Unknown($"has the unknown key {key}");
            var paths = Texts(entry["path"], place).Select(p => ComposeFileReading.Local(p, place)).ToList();
            if (paths.Count == 0)
                throw place.Wrong("has an entry without a path");
            var own = ComposeScalar.Text(entry["project_directory"], place) is { } directory
                ? place.Resolve(directory)
                : Path.GetDirectoryName(paths[0])!;
            var envFiles = entry["env_file"] is { } env
                ? files.ReadEnv(Texts(env, place).Select(place.Resolve), isRequired: true, files.Variables)
                : files.ReadEnv([Path.Combine(own, ".env")], isRequired: false, files.Variables);
            Import(result, new ComposeAssembly(files.With(envFiles), own).Assemble(paths, depth + 1), place);
        }
    }

    private static void Import(JsonObject result, JsonObject included, ComposePlace place)
    {
        foreach (var (section, entries) in included)
        {
            if (result[section] is not JsonObject known)
                result[section] = known = [];
            foreach (var (name, entry) in (JsonObject)entries!)
            {
                if (known[name] is { } other && !JsonNode.DeepEquals(other, entry))
                    throw place.Wrong($"brings {section}.{name}, which already exists with a different value");
                known[name] = entry?.DeepClone();
            }
        }
    }

    private static IEnumerable<string> Texts(JsonNode? node, ComposePlace place) =>
        ListShape.Items(node).Select(i => ComposeScalar.Text(i, place)).OfType<string>();
}

/// <summary>Brings services into their form, each laid over the service that it extends.</summary>
/// <param name="files">Reads the files of services that are extended.</param>
internal sealed class ComposeExtends(ComposeFileReading files)
{
    private const int LongestChain = 100;
    private const int MostPorts = 100_000;

    private int _ports;
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    /// <summary>A service of a layer.</summary>
    /// <param name="file">The place of its file.</param>
    /// <exception cref="InstanceKitException">It, or a service that it extends, is invalid or missing.</exception>
    public JsonObject Service(ComposeLayer layer, ComposePlace file, string name)
    {
        var place = file.At("services").At(name);
        var raw = layer.Root["services"]?[name] switch
        {
            JsonObject mapping => mapping,
            null => [],
            _ => throw place.Wrong("must be a mapping"),
        };
        var shaped = ServiceShape.Of(raw, place);
        // A range is one entry for each of its ports.
        if ((_ports += (shaped["ports"] as JsonArray)?.Count ?? 0) > MostPorts)
            throw place.Wrong($"brings the file to more than {MostPorts} ports");
        if (raw["extends"] is not { } extends)
            return shaped;

        var key = $"{file.File}\n{name}";
        if (!_open.Add(key))
            throw place.Wrong("extends itself");
        if (_open.Count > LongestChain)
            throw place.Wrong($"extends a chain of more than {LongestChain} services");
        var basis = Basis(layer, file, extends, place.At("extends"));
        _open.Remove(key);
        layer.Clear(basis, "services", name);
        LayerMerge.Merge(basis, shaped);
        return basis;
    }

    private JsonObject Basis(ComposeLayer layer, ComposePlace file, JsonNode extends, ComposePlace place)
    {
        var entry = extends as JsonObject;
        var name = ComposeScalar.Text(entry is null ? extends : entry["service"], place) ?? throw place.Wrong("does not name a service");
        if (ComposeScalar.Text(entry?["file"], place) is not { } other)
            return Has(layer, name) ? Service(layer, file, name) : throw place.Wrong($"names service '{name}', which does not exist in the file");

        var path = ComposeFileReading.Local(other, place);
        var there = files.PlaceOf(path, Path.GetDirectoryName(path)!);
        var result = new JsonObject();
        var layers = files.Read(path, there).Where(l => Has(l, name)).ToList();
        if (layers.Count == 0)
            throw place.Wrong($"names service '{name}', which does not exist in {there.File}");
        foreach (var found in layers)
            LayerMerge.Merge(result, Service(found, there, name));
        return result;
    }

    private static bool Has(ComposeLayer layer, string name) => (layer.Root["services"] as JsonObject)?.ContainsKey(name) == true;
}

/// <summary>Normalizes networks, volumes, configs and secrets to the form that Compose prints.</summary>
internal static class ResourceShape
{
    /// <summary>The sections of a compose file that define resources.</summary>
    public static readonly IReadOnlyList<string> Sections = ["networks", "volumes", "configs", "secrets"];

    private static readonly string[] Keys =
    [
        "name", "driver", "driver_opts", "external", "labels", "ipam", "internal", "attachable", "enable_ipv4", "enable_ipv6",
        "file", "content", "environment", "template_driver",
    ];

    /// <summary>One resource.</summary>
    public static JsonObject Of(string section, JsonNode? raw, ComposePlace place)
    {
        if (raw is null)
            return [];
        if (raw is not JsonObject entry)
            throw place.Wrong("must be a mapping");
        var result = new JsonObject();
        foreach (var (key, value) in entry.Where(e => e.Value is not null))
        {
            if (!Keys.Contains(key) && !key.StartsWith("x-", StringComparison.Ordinal))
                throw place.Unknown($"has the unknown key {key}");
            var at = place.At(key);
            switch (key)
            {
                case "external":
                    result["external"] = value is JsonObject || ComposeScalar.Truth(value, at);
                    if ((value as JsonObject)?["name"] is { } name)
                        result["name"] = ComposeScalar.Text(name, at);
                    break;
                case "labels":
                    result[key] = ListShape.Pairs(value, at, missing: "");
                    break;
                case "driver_opts":
                    result[key] = ListShape.Pairs(value, at, missing: "");
                    break;
                case "file":
                    result[key] = place.Resolve(ComposeScalar.Text(value, at)!);
                    break;
                default:
                    result[key] = value!.DeepClone();
                    break;
            }
        }

        if (section == "volumes")
            ResolveDevice(result, place.At("driver_opts"));
        return result;
    }

    /// <summary>The directory that a volume is bound to may be relative to the project.</summary>
    private static void ResolveDevice(JsonObject volume, ComposePlace place)
    {
        if (volume["driver_opts"] is JsonObject options && $"{volume["driver"]}" == "local"
            && $"{options["o"]}" == "bind" && options["device"] is { } device)
        {
            options["device"] = place.Resolve($"{device}");
        }
    }
}

/// <summary>A document of a compose file: it is laid over the ones before it.</summary>
/// <param name="Root">Its content.</param>
/// <param name="Cleared">The paths that it removes from lower layers, with <c>!reset</c> and <c>!override</c>.</param>
internal sealed record ComposeLayer(JsonObject Root, IReadOnlyList<IReadOnlyList<string>> Cleared)
{
    /// <summary>Removes lower layers, completely or below a path.</summary>
    /// <param name="below">What this is laid over.</param>
    /// <param name="prefix">The path: empty for all, else that of one service.</param>
    public void Clear(JsonObject below, params IReadOnlyList<string> prefix)
    {
        foreach (var path in Cleared.Where(p => p.Count > prefix.Count && p.Take(prefix.Count).SequenceEqual(prefix)))
        {
            var parent = path.Skip(prefix.Count).SkipLast(1)
                .Aggregate((JsonNode?)below, (node, key) => (node as JsonObject)?[key]);
            (parent as JsonObject)?.Remove(path[^1]);
        }
    }
}
