using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using InstanceKit.Platform;

namespace InstanceKit.Infra;

/// <summary>The PM2 ecosystem of the services that run as processes.</summary>
/// <param name="Json">The file's whole text; it contains passwords.</param>
/// <param name="Fingerprints">The fingerprint of each service's entry, by its PM2 name.</param>
internal sealed record EmbeddedEcosystem(string Json, IReadOnlyDictionary<string, string> Fingerprints)
{
    /// <summary>A fingerprint of the whole.</summary>
    public string Fingerprint => ContentHash.Of(Json);

    private static readonly JsonSerializerOptions Options =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Makes the ecosystem; skipped services are not in it.</summary>
    public static EmbeddedEcosystem Create(IReadOnlyList<EmbeddedChoice> choices)
    {
        var entries = new JsonArray();
        var fingerprints = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var choice in choices.Where(c => c.Process is not null))
        {
            var (entry, fingerprint) = EmbeddedEntry.Of(choice.Service, choice.Process!);
            entries.Add((JsonNode)entry);
            fingerprints[choice.Service.ProcessName] = fingerprint;
        }

        return new EmbeddedEcosystem(new JsonObject { ["apps"] = entries }.ToJsonString(Options) + "\n", fingerprints);
    }
}

/// <summary>The variables that tell an app what runs the services.</summary>
internal static class InfraVariables
{
    /// <summary><c>compose</c> or <c>embedded</c>.</summary>
    public const string Kind = "INSTANCEKIT_INFRA";

    /// <summary>The services that are skipped, parted by commas.</summary>
    public const string Skipped = "INSTANCEKIT_SKIPPED";

    /// <summary>An app's environment with them; does not override its env file.</summary>
    /// <param name="environment">The variables of the env file.</param>
    /// <param name="embedded">What replaces the services; <see langword="null"/> where Compose runs them.</param>
    public static IReadOnlyDictionary<string, string> AddTo(
        IReadOnlyDictionary<string, string> environment, IReadOnlyList<EmbeddedChoice>? embedded)
    {
        var result = new Dictionary<string, string>(environment, StringComparer.Ordinal);
        result.TryAdd(Kind, embedded is null ? "compose" : "embedded");
        var skipped = (embedded ?? []).Where(c => c.Skipped is not null).Select(c => c.Name).ToList();
        if (skipped.Count > 0)
            result.TryAdd(Skipped, string.Join(',', skipped));
        return result;
    }
}

/// <summary>What becomes of a service without Docker: a process, or nothing, with the reason.</summary>
/// <remarks>With neither, another service's process does its work; see <see cref="ServedBy"/>.</remarks>
/// <param name="Service">The service.</param>
/// <param name="Process">How it runs; <see langword="null"/> when it does not.</param>
/// <param name="Skipped">Why it is skipped: "needs Docker or 'temporal'"; <see langword="null"/> when it runs.</param>
internal sealed record EmbeddedChoice(EmbeddedService Service, EmbeddedProcess? Process, string? Skipped)
{
    /// <summary>
    /// The service whose process does the work of this one as long as it runs; <see langword="null"/> where the work is
    /// done when that process starts.
    /// </summary>
    public string? ServedBy { get; init; }

    /// <summary>The service's name.</summary>
    public string Name => Service.Service.Name;
}

/// <summary>The PM2 entry of a service that runs as a process: as an app's, with the same marks, logs and fingerprint.</summary>
internal static class EmbeddedEntry
{
    /// <summary>The variable with a launcher's settings.</summary>
    public const string SettingsVariable = "INSTANCEKIT_SERVICE";

    /// <summary>The prefix of a service's log files; an app with the same name has another.</summary>
    public static string LogStemOf(string service) => $"infra-{service}";

    /// <summary>Makes the entry.</summary>
    /// <returns>The entry and its fingerprint, which is also in its environment.</returns>
    public static (JsonObject Entry, string Fingerprint) Of(EmbeddedService service, EmbeddedProcess process)
    {
        var logs = Path.Combine(service.Spec.Paths.Logs, LogStemOf(service.Service.Name));
        var environment = new JsonObject { [ProcessMarks.Owner] = service.Spec.OwnerMarker };
        foreach (var (name, value) in process.Environment.OrderBy(v => v.Key, StringComparer.Ordinal))
            environment[name] = value;
        if (process.Settings is not null)
            environment[SettingsVariable] = process.Settings;
        var entry = new JsonObject
        {
            ["name"] = service.ProcessName,
            ["script"] = process.Script,
            ["args"] = new JsonArray([.. process.Arguments.Select(a => (JsonNode?)a)]),
            ["cwd"] = service.Spec.Paths.Directory,
            ["interpreter"] = process.IsNodeScript ? "node" : "none",
            // Only signal the launcher: it knows how to stop its server.
            ["treekill"] = false,
            // With a message: on Windows, a signal would kill it immediately, and leave its server behind.
            ["shutdown_with_message"] = process.IsNodeScript,
            ["kill_timeout"] = process.StopTimeout,
            // A server that can recover does so quickly; one that can't must not be retried for ever.
            ["restart_delay"] = 500,
            ["min_uptime"] = 5_000,
            ["max_restarts"] = 5,
            ["out_file"] = $"{logs}.out.log",
            ["error_file"] = $"{logs}.err.log",
            ["merge_logs"] = true,
            ["log_date_format"] = ProcessMarks.LogDateFormat,
            ["env"] = environment,
        };
        var fingerprint = ContentHash.Of(entry.ToJsonString());
        environment[ProcessMarks.Fingerprint] = fingerprint;
        return (entry, fingerprint);
    }
}
