using System.Text.Json.Nodes;

namespace InstanceKit.Stacks;

/// <summary>Brings the health check of a service into its form.</summary>
internal static class HealthCheckShape
{
    /// <summary>The check in Compose's form.</summary>
    public static JsonObject Of(JsonNode value, ComposePlace at)
    {
        if (value is not JsonObject check)
            throw at.Wrong("must be a mapping");
        var result = new JsonObject();
        foreach (var (key, item) in check.Where(e => e.Value is not null))
        {
            result[key] = key switch
            {
                "test" when item is JsonArray => ListShape.Texts(item, at.At(key)),
                "test" => new JsonArray("CMD-SHELL", ComposeScalar.Text(item, at.At(key))),
                "retries" => ComposeScalar.Number(item, at.At(key)),
                "disable" => ComposeScalar.Truth(item, at.At(key)),
                "interval" or "timeout" or "start_period" or "start_interval" => Duration(item, at.At(key)),
                _ when key.StartsWith("x-", StringComparison.Ordinal) => item!.DeepClone(),
                _ => throw at.Unknown($"has the unknown key {key}"),
            };
        }

        return result;
    }

    private static string Duration(JsonNode? node, ComposePlace at)
    {
        var text = ComposeScalar.Text(node, at) ?? "";
        try
        {
            GoDuration.Parse(text == "0" ? "0s" : text);
        }
        catch (FormatException)
        {
            throw at.Wrong($"is '{text}', which is not a duration, such as 1m30s");
        }

        return text == "0" ? "0s" : text;
    }
}
