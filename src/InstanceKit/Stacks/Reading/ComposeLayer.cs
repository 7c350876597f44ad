using System.Text.Json.Nodes;

namespace InstanceKit.Stacks;

/// <summary>A document of a compose file: it is laid over the ones before it.</summary>
/// <param name="Root">What it says.</param>
/// <param name="Cleared">The paths that it takes away from the layers below, by <c>!reset</c> and <c>!override</c>.</param>
internal sealed record ComposeLayer(JsonObject Root, IReadOnlyList<IReadOnlyList<string>> Cleared)
{
    /// <summary>Takes away what lies below, in the whole or in the part that a path leads to.</summary>
    /// <param name="below">What this is laid over.</param>
    /// <param name="prefix">Where that lies: empty for all, else the path of one service.</param>
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
