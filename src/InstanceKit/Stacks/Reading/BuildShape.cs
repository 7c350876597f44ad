using System.Text.Json.Nodes;

namespace InstanceKit.Stacks;

/// <summary>Brings the <c>build</c> of a service into the long form.</summary>
internal static class BuildShape
{
    private static readonly string[] Remote = ["http://", "https://", "git://", "ssh://", "github.com/", "git@"];

    /// <summary>The long form.</summary>
    public static JsonObject Of(JsonNode value, ComposePlace place)
    {
        var result = value as JsonObject is { } build
            ? (JsonObject)build.DeepClone()
            : new JsonObject { ["context"] = ComposeScalar.Text(value, place) };
        if (ComposeScalar.Text(result["context"], place.At("context")) is { } context)
            result["context"] = IsElsewhere(context) ? context : place.Resolve(context);
        foreach (var (key, missing) in new[] { ("args", (string?)null), ("labels", "") })
        {
            if (result[key] is { } pairs)
                result[key] = ListShape.Pairs(pairs, place.At(key), missing);
        }

        result["dockerfile"] ??= result.ContainsKey("dockerfile_inline") ? null : "Dockerfile";
        return result;
    }

    /// <summary>A folder that only a builder can reach stays as it is written.</summary>
    private static bool IsElsewhere(string context) =>
        Remote.Any(p => context.StartsWith(p, StringComparison.Ordinal)) || context.Contains("://", StringComparison.Ordinal);
}
