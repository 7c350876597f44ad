using System.Text.Json.Nodes;

namespace InstanceKit.Stacks;

/// <summary>Puts the files of a project together, with all that they extend and include.</summary>
/// <param name="files">Reads them.</param>
/// <param name="folder">The absolute path of the project directory.</param>
internal sealed class ComposeAssembly(ComposeFileReading files, string folder)
{
    private const int Deepest = 20;
    private static readonly string[] Passed = ["name", "version"];

    private readonly ComposeExtends _extends = new(files);
    private readonly ComposeInclude _include = new(files);

    /// <summary>Whether no file said anything so far. Compose accepts an empty file beside others, and one without services.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>Everything that the files say.</summary>
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
