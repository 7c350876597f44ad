using System.Text.Json.Nodes;

namespace InstanceKit.Stacks;

/// <summary>Brings networks, volumes, configs and secrets into the form in which Compose prints them.</summary>
internal static class ResourceShape
{
    /// <summary>The sections of a compose file that hold resources.</summary>
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

    /// <summary>The folder that a volume is bound to may be given relative to the project.</summary>
    private static void ResolveDevice(JsonObject volume, ComposePlace place)
    {
        if (volume["driver_opts"] is JsonObject options && $"{volume["driver"]}" == "local"
            && $"{options["o"]}" == "bind" && options["device"] is { } device)
        {
            options["device"] = place.Resolve($"{device}");
        }
    }
}
