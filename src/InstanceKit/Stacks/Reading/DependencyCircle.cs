using System.Text.Json.Nodes;

namespace InstanceKit.Stacks;

/// <summary>Services that wait for each other, and so for ever.</summary>
internal static class DependencyCircle
{
    private const int LongestChain = 1000;

    /// <summary>Refuses them.</summary>
    /// <exception cref="InstanceKitException">There is a circle; its services are named.</exception>
    public static void Refuse(JsonObject services, ComposePlace place)
    {
        var open = new List<string>();
        var done = new HashSet<string>(StringComparer.Ordinal);
        void Visit(string name)
        {
            if (open.Contains(name))
                throw place.Wrong($"depend on each other in a circle: {string.Join(" -> ", open.SkipWhile(n => n != name).Append(name))}");
            if (!done.Add(name))
                return;
            open.Add(name);
            if (open.Count > LongestChain)
                throw place.Wrong($"depend on each other in a chain of more than {LongestChain}");
            foreach (var (other, _) in services[name]?["depends_on"] as JsonObject ?? [])
                Visit(other);
            open.RemoveAt(open.Count - 1);
        }

        foreach (var (name, _) in services)
            Visit(name);
    }
}
