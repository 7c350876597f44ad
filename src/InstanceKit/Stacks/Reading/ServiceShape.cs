using System.Text.Json.Nodes;

namespace InstanceKit.Stacks;

/// <summary>Brings a service, as people write it, into the one form in which Compose prints it, so that layers can be merged.</summary>
internal static class ServiceShape
{
    private const string Extension = "x-";
    private const int MostPorts = 65_535;

    /// <summary>The service in that form; <c>extends</c> is left out.</summary>
    /// <param name="raw">The service as it is written.</param>
    /// <param name="place">Its place.</param>
    /// <exception cref="InstanceKitException">Something in it is wrong, or only Compose understands it.</exception>
    public static JsonObject Of(JsonObject raw, ComposePlace place)
    {
        var result = new JsonObject();
        foreach (var (key, value) in raw.Where(e => e.Key != "extends"))
        {
            if (key is "command" or "entrypoint")
                result[key] = ListShape.Words(value, place.At(key));
            else if (value is not null)
                result[key] = Member(key, value, place.At(key), place) is var member && member is JsonArray list ? LayerMerge.Once(key, list) : member;
        }

        return result;
    }

    private static JsonNode? Member(string key, JsonNode value, ComposePlace at, ComposePlace service) => key switch
    {
        "environment" => ListShape.Pairs(value, at, missing: null),
        "labels" or "annotations" or "sysctls" => ListShape.Pairs(value, at, missing: ""),
        "ports" => new JsonArray([.. Items(value, at).SelectMany(i => PortShape.Of(i, at)).Take(MostPorts + 1)]) is { Count: <= MostPorts } ports
            ? ports
            : throw at.Wrong($"has more than {MostPorts} ports"),
        "volumes" => new JsonArray([.. Items(value, at).Select(i => MountShape.Of(i, at))]),
        "configs" => new JsonArray([.. Items(value, at).Select(i => Grant(i, "", at))]),
        "secrets" => new JsonArray([.. Items(value, at).Select(i => Grant(i, "/run/secrets/", at))]),
        "networks" => ListShape.Named(value, at, () => null),
        "depends_on" => Dependencies(value, at),
        "extra_hosts" => HostShape.Of(value, at),
        "env_file" => new JsonArray([.. ListShape.Items(value).Select(i => EnvFile(i, at))]),
        "healthcheck" => HealthCheckShape.Of(value, at),
        "build" => BuildShape.Of(value, at),
        _ when ServiceKeys.Texts.Contains(key) => ComposeScalar.Text(value, at),
        _ when ServiceKeys.TextLists.Contains(key) => ListShape.Texts(value, at),
        _ when ServiceKeys.HandedOn.Contains(key) || key.StartsWith(Extension, StringComparison.Ordinal) => value.DeepClone(),
        _ => throw service.Unknown($"has the unknown key {key}"),
    };

    private static JsonArray Items(JsonNode value, ComposePlace at) => value as JsonArray ?? throw at.Wrong("must be a list");

    private static JsonObject Grant(JsonNode? item, string folder, ComposePlace at)
    {
        var result = item is JsonObject entry
            ? (JsonObject)entry.DeepClone()
            : new JsonObject { ["source"] = ComposeScalar.Text(item, at) };
        if (folder.Length > 0)
            result["target"] ??= $"{folder}{result["source"]}";
        return result;
    }

    private static JsonObject Dependencies(JsonNode value, ComposePlace at)
    {
        var result = ListShape.Named(value, at, () => []);
        foreach (var (name, entry) in result)
        {
            entry!["condition"] ??= "service_started";
            entry["required"] = entry["required"] is not { } required || ComposeScalar.Truth(required, at.At(name));
        }

        return result;
    }

    private static JsonObject EnvFile(JsonNode? item, ComposePlace at)
    {
        var entry = item as JsonObject ?? new JsonObject { ["path"] = ComposeScalar.Text(item, at) };
        if (entry["format"] is { } format)
            throw at.Unknown($"has the format {format}");
        if (ComposeScalar.Text(entry["path"], at) is not { Length: > 0 } path)
            throw at.Wrong("has an entry without a path");
        return new JsonObject
        {
            ["path"] = at.Resolve(path),
            ["required"] = entry["required"] is not { } required || ComposeScalar.Truth(required, at),
        };
    }
}
