using System.Text.Json.Nodes;

namespace InstanceKit.Stacks;

/// <summary>Brings the extra hosts of a service into one form.</summary>
internal static class HostShape
{
    /// <summary>Addresses by host, from a mapping or a list of <c>host=address</c> or <c>host:address</c>.</summary>
    public static JsonObject Of(JsonNode? node, ComposePlace place)
    {
        var result = new JsonObject();
        if (node is JsonObject mapping)
        {
            foreach (var (host, value) in mapping)
                result[host] = new JsonArray([.. ListShape.Items(value).Select(a => Address(ComposeScalar.Text(a, place.At(host))))]);
            return result;
        }

        foreach (var text in ListShape.Items(node).Select(i => ComposeScalar.Text(i, place) ?? ""))
        {
            var at = text.IndexOf('=') is > 0 and var equals ? equals : text.IndexOf(':');
            if (at <= 0)
                throw place.Wrong($"has '{text}', which is no host and address");
            if (result[text[..at]] is not JsonArray known)
                result[text[..at]] = known = [];
            known.Add((JsonNode?)Address(text[(at + 1)..]));
        }

        return result;
    }

    private static JsonValue Address(string? text) => JsonValue.Create((text ?? "").Trim('[', ']'));
}
