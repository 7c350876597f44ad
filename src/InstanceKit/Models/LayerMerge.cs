using System.Text.Json.Nodes;

namespace InstanceKit.Models;

/// <summary>Lays one layer over another by Compose's rules: mappings are merged, lists appended, the rest replaced.</summary>
internal static class LayerMerge
{
    /// <summary>Lists that are replaced as a whole.</summary>
    private static readonly string[] Whole = ["command", "entrypoint", "test"];

    /// <summary>Lists whose entries are identified by one of their members; a later entry replaces an earlier one.</summary>
    private static readonly Dictionary<string, string> Identities = new(StringComparer.Ordinal)
    {
        ["volumes"] = "target", ["configs"] = "target", ["secrets"] = "target", ["env_file"] = "path",
    };

    /// <summary>Lays a mapping over another one, which is changed.</summary>
    /// <param name="below">What is changed.</param>
    /// <param name="above">What is laid over it; it stays as it is.</param>
    public static void Merge(JsonObject below, JsonObject above)
    {
        foreach (var (key, value) in above)
            below[key] = below.ContainsKey(key) ? Merged(key, below[key], value) : value?.DeepClone();
    }

    private static JsonNode? Merged(string key, JsonNode? below, JsonNode? above)
    {
        if (below is JsonObject mapping && above is null or JsonObject)
        {
            var result = (JsonObject)mapping.DeepClone();
            Merge(result, above as JsonObject ?? []);
            return result;
        }

        if (key == "config" && below is JsonArray ranges && above is JsonArray { Count: > 0 } others)
            return Ranges(ranges, others);
        return below is JsonArray first && above is JsonArray second && !Whole.Contains(key)
            ? Append(first, second, Identities.GetValueOrDefault(key))
            : above?.DeepClone();
    }

    /// <summary>A list of a service with each entry once.</summary>
    public static JsonArray Once(string key, JsonArray list) => Append(list, [], Identities.GetValueOrDefault(key));

    private static JsonArray Append(JsonArray first, JsonArray second, string? identity)
    {
        var result = new List<JsonNode?>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in first.Concat(second))
        {
            var key = identity is not null && (item as JsonObject)?[identity] is { } named ? $"{named}" : KeyOf(item);
            if (places.TryAdd(key, result.Count))
                result.Add(item);
            else
                result[places[key]] = item;
        }

        return [.. result.Select(i => i?.DeepClone())];
    }

    /// <summary>The address ranges of a network: those of the upper layer, each merged with the same one below.</summary>
    private static JsonArray Ranges(JsonArray below, JsonArray above) =>
    [
        .. above.Select(range =>
        {
            var result = below.OfType<JsonObject>().FirstOrDefault(b => $"{b["subnet"]}" == $"{range?["subnet"]}")?.DeepClone() as JsonObject ?? [];
            Merge(result, range as JsonObject ?? []);
            return (JsonNode?)result;
        }),
    ];

    /// <summary>Two spellings of one port are the same port.</summary>
    private static string KeyOf(JsonNode? item) => item is JsonObject entry && entry.ContainsKey("target") && entry.ContainsKey("protocol")
        ? $"{entry["host_ip"]}:{entry["published"]}:{entry["target"]}/{entry["protocol"]}"
        : item?.ToJsonString() ?? "null";
}
