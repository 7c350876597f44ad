using System.Text.RegularExpressions;

namespace InstanceKit.Platform;

/// <summary>Filters inherited variables that must not reach Compose, PM2 and the apps of an instance.</summary>
/// <remarks>
/// <c>COMPOSE_FILE</c>, <c>COMPOSE_PROJECT_NAME</c> and similar ones override generated files, and a
/// <c>DATABASE_URL</c> exported in the shell for one instance would lead another one's app to its database.
/// </remarks>
internal static partial class AmbientEnvironment
{
    private static readonly HashSet<string> StackVariables = new(StringComparer.Ordinal)
    {
        "SHIPSEC_INSTANCE", "SHIPSEC_ENV", "NODE_ENV", "PORT", "VITE_API_URL", "TEMPORAL_NAMESPACE",
        "TEMPORAL_TASK_QUEUE", "TERMINAL_REDIS_URL", "LOG_KAFKA_BROKERS", "NODE_APP_INSTANCE", "pm_id",
    };

    /// <summary>The changes that scrub an environment: each variable to remove, with a <see langword="null"/> value.</summary>
    /// <param name="ambient">The inherited variables.</param>
    /// <param name="keep">Names that are always kept.</param>
    public static IReadOnlyDictionary<string, string?> Scrub(
        IEnumerable<KeyValuePair<string, string>> ambient, IEnumerable<string>? keep = null)
    {
        var kept = new HashSet<string>(keep ?? [], StringComparer.Ordinal);
        return ambient.Where(v => !kept.Contains(v.Key) && MustGo(v.Key, v.Value))
            .ToDictionary(v => v.Key, _ => (string?)null, StringComparer.Ordinal);
    }

    private static bool MustGo(string name, string value) =>
        name.StartsWith("COMPOSE_", StringComparison.Ordinal)
        || name.StartsWith("NUKE_", StringComparison.Ordinal)
        || StackVariables.Contains(name)
        || name.EndsWith("_PORT", StringComparison.Ordinal)
        || (AddressesLocalPort().IsMatch(value) && name is not "DOCKER_HOST" && !IsProxy(name));

    private static bool IsProxy(string name) => name.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"(?:^|[/@,;=\s""'\[(])(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|host\.docker\.internal|\[::1?\]):\d+", RegexOptions.IgnoreCase)]
    private static partial Regex AddressesLocalPort();
}
