using System.Text.Json.Nodes;
using InstanceKit.Instances;

namespace InstanceKit.Generation;

/// <summary>The PM2 entry of a service that runs as a process: as an app's, with the same marks, logs and fingerprint.</summary>
public static class EmbeddedEntry
{
    /// <summary>The variable by which a launcher is told its settings.</summary>
    public const string SettingsVariable = "INSTANCEKIT_SERVICE";

    /// <summary>What the names of a service's log files begin with; an app of the same name has others.</summary>
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
            // Only the launcher is told to end: it knows how its server wants to be told.
            ["treekill"] = false,
            // By a message: on Windows a signal would end it at once, and leave its server behind.
            ["shutdown_with_message"] = process.IsNodeScript,
            ["kill_timeout"] = process.StopTimeout,
            // A server that heals itself does so at once; one that can't must not be tried for ever.
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
