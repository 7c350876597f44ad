using InstanceKit.Env;
using InstanceKit.Generation;
using InstanceKit.Models;
using InstanceKit.Stacks;

namespace InstanceKit.Setup;

/// <summary>
/// The env files that dev servers and loaders read next to an app's <c>.env</c>. The instance's variables override them, so
/// they must include what these files change; variables only in these files, and not about this stack, are left to the app.
/// </summary>
public static class EnvLayers
{
    /// <summary>What an instance sets because of them, in their order.</summary>
    /// <param name="source">The app's env file with its layers.</param>
    /// <param name="literals">Points values to the instance.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Decide(EnvSource source, AppLiterals literals)
    {
        if (source.Layers.Count == 0)
            return [];
        var own = DotEnvDocument.Parse(source.Text).Entries;
        var layers = source.Layers.SelectMany(l => DotEnvDocument.Parse(l.Text).Entries).ToList();
        var known = own.Select(e => e.Key).ToHashSet(StringComparer.Ordinal);
        var values = new DotEnvExpansion(own.Concat(layers)).All();
        return
        [
            .. from key in layers.Select(e => e.Key).Distinct(StringComparer.Ordinal)
               let value = values[key]
               let patched = literals.PortOf(key, value, values)?.ToString() ?? literals.Patch(key, value)
               where known.Contains(key) || patched != value
               select KeyValuePair.Create(key, patched),
        ];
    }
}
