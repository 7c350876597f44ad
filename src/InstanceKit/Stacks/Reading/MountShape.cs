using System.Text.Json.Nodes;

namespace InstanceKit.Stacks;

/// <summary>Brings what is mounted into a service into the long form, with absolute paths.</summary>
internal static class MountShape
{
    private static readonly string[] Propagations = ["shared", "rshared", "slave", "rslave", "private", "rprivate"];
    private static readonly string[] Consistencies = ["cached", "delegated", "consistent"];

    /// <summary>The long form of one.</summary>
    public static JsonObject Of(JsonNode? item, ComposePlace place) =>
        item is JsonObject entry ? Long(entry, place) : Short(ComposeScalar.Text(item, place) ?? "", place);

    private static JsonObject Short(string text, ComposePlace place)
    {
        var parts = Split(text);
        if (parts.Count is 0 or > 3 || parts.Any(p => p.Length == 0))
            throw place.Wrong($"has '{text}', which is no mount");
        if (parts.Count == 1)
            return new JsonObject { ["type"] = "volume", ["target"] = Clean(parts[0]), ["volume"] = new JsonObject() };

        var isBind = parts[0][0] is '.' or '/' or '~' || ComposePlace.IsDrive(parts[0]);
        var details = isBind ? new JsonObject { ["create_host_path"] = true } : [];
        var result = new JsonObject
        {
            ["type"] = isBind ? "bind" : "volume",
            ["source"] = isBind ? place.Resolve(parts[0]) : parts[0],
            ["target"] = Clean(parts[1]),
            [isBind ? "bind" : "volume"] = details,
        };
        foreach (var option in parts.Count == 3 ? parts[2].Split(',') : [])
            Apply(option, result, details);
        return result;
    }

    /// <summary>What is no option that Compose knows, it passes over as well.</summary>
    private static void Apply(string option, JsonObject mount, JsonObject details)
    {
        if (option == "ro")
            mount["read_only"] = true;
        else if (option is "z" or "Z" && mount.ContainsKey("bind"))
            details["selinux"] = option;
        else if (option == "nocopy" && mount.ContainsKey("volume"))
            details["nocopy"] = true;
        else if (Propagations.Contains(option) && mount.ContainsKey("bind"))
            details["propagation"] = option;
        else if (Consistencies.Contains(option))
            mount["consistency"] = option;
    }

    private static JsonObject Long(JsonObject entry, ComposePlace place)
    {
        var type = ComposeScalar.Text(entry["type"], place.At("type")) ?? throw place.Wrong("has a mount without a type");
        var result = new JsonObject { ["type"] = type };
        foreach (var (key, value) in entry)
        {
            result[key] = key switch
            {
                "type" => type,
                "source" when type == "bind" => place.Resolve(ComposeScalar.Text(value, place.At(key)) ?? ""),
                "source" or "consistency" => ComposeScalar.Text(value, place.At(key)),
                "target" => Clean(ComposeScalar.Text(value, place.At(key)) ?? ""),
                "read_only" => ComposeScalar.Truth(value, place.At(key)),
                "bind" or "volume" or "tmpfs" or "image" or "cluster" => value?.DeepClone(),
                _ when key.StartsWith("x-", StringComparison.Ordinal) => value?.DeepClone(),
                _ => throw place.Unknown($"has the unknown key {key}"),
            };
        }

        return result;
    }

    /// <summary>The parts between colons; the colon behind a single letter is a drive's, on every system.</summary>
    private static List<string> Split(string text)
    {
        var parts = new List<string>();
        for (var at = 0; at <= text.Length;)
        {
            var from = at + 1 < text.Length && char.IsAsciiLetter(text[at]) && text[at + 1] == ':' ? at + 2 : at;
            var end = text.IndexOf(':', from) is >= 0 and var colon ? colon : text.Length;
            parts.Add(text[at..end]);
            at = end + 1;
        }

        return parts;
    }

    /// <summary>The path in the container without <c>.</c>, <c>..</c> and doubled or last slashes.</summary>
    private static string Clean(string path)
    {
        var kept = new List<string>();
        foreach (var part in path.Split('/').Where(p => p is not ("" or ".")))
        {
            if (part != ".." || (kept.Count == 0 && !path.StartsWith('/')))
                kept.Add(part);
            else if (kept.Count > 0)
                kept.RemoveAt(kept.Count - 1);
        }

        return (path.StartsWith('/') ? "/" : "") + string.Join('/', kept);
    }
}
