using System.Collections;
using InstanceKit.Instances;
using InstanceKit.Processes;

namespace InstanceKit.Drivers;

/// <summary>The environment that PM2 and a workspace's own PM2 file run in: the current one, scrubbed.</summary>
internal static class Pm2Environment
{
    /// <summary>What to change of the current environment.</summary>
    /// <param name="home">The PM2_HOME.</param>
    /// <param name="added">Variables to set.</param>
    public static IReadOnlyDictionary<string, string?> Changes(
        string home, IEnumerable<KeyValuePair<string, string>>? added = null)
    {
        var current = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(v => KeyValuePair.Create((string)v.Key, (string?)v.Value ?? ""));
        var changes = new Dictionary<string, string?>(AmbientEnvironment.Scrub(current), StringComparer.Ordinal)
        {
            // A command that runs inside an app of another instance must not pass that one's marks on.
            [ProcessMarks.Owner] = null,
            [ProcessMarks.Fingerprint] = null,
            ["PM2_HOME"] = home,
        };
        foreach (var (name, value) in added ?? [])
            changes[name] = value;
        return changes;
    }
}
