using System.Text.Json.Nodes;
using InstanceKit.Platform;

namespace InstanceKit.Infra;

/// <summary>The PM2 entry of a service that runs as a process: as an app's, with the same marks, logs and fingerprint.</summary>
public static class EmbeddedEntry
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
