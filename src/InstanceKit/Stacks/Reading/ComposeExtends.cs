using System.Text.Json.Nodes;

namespace InstanceKit.Stacks;

/// <summary>Brings services into their form, each laid over the service that it extends.</summary>
/// <param name="files">Reads the files of services that are extended.</param>
internal sealed class ComposeExtends(ComposeFileReading files)
{
    private const int LongestChain = 100;
    private const int MostPorts = 100_000;

    private int _ports;
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    /// <summary>A service of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="file">The place of its file.</param>
    /// <param name="name">The service's name.</param>
    /// <exception cref="InstanceKitException">It, or what it extends, is wrong or missing.</exception>
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
        var name = ComposeScalar.Text(entry is null ? extends : entry["service"], place) ?? throw place.Wrong("names no service");
        if (ComposeScalar.Text(entry?["file"], place) is not { } other)
            return Has(layer, name) ? Service(layer, file, name) : throw place.Wrong($"names service '{name}', which the file does not have");

        var path = ComposeFileReading.Local(other, place);
        var there = files.PlaceOf(path, Path.GetDirectoryName(path)!);
        var result = new JsonObject();
        var layers = files.Read(path, there).Where(l => Has(l, name)).ToList();
        if (layers.Count == 0)
            throw place.Wrong($"names service '{name}', which {there.File} does not have");
        foreach (var found in layers)
            LayerMerge.Merge(result, Service(found, there, name));
        return result;
    }

    private static bool Has(ComposeLayer layer, string name) => (layer.Root["services"] as JsonObject)?.ContainsKey(name) == true;
}
