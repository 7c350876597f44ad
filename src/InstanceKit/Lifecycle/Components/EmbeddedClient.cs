using System.Text.Json.Nodes;
using InstanceKit.Drivers;
using InstanceKit.Generation;
using InstanceKit.Instances;
using InstanceKit.Processes;

namespace InstanceKit.Lifecycle;

/// <summary>The small <c>psql</c> that comes with the fetched PostgreSQL, for machines without the real one.</summary>
internal static class EmbeddedClient
{
    private const string Psql = "psql";

    /// <summary>The process to run; <see langword="null"/> where the command is another one, or nothing was fetched.</summary>
    public static ProcessSpec? TryCreate(
        InstanceSpec spec, string service, IReadOnlyList<string> command, IReadOnlyList<KeyValuePair<string, string>> variables)
    {
        if (command[0] != Psql || Entry(spec, service) is not { } entry)
            return null;
        var settings = (string?)entry["env"]?[EmbeddedEntry.SettingsVariable];
        if (settings is null || (string?)JsonNode.Parse(settings)?["package"] is not { } package)
            return null;
        var client = Path.Combine(Path.GetDirectoryName((string)entry["script"]!)!, "psql.cjs");
        return HostCommand.TryCreate(
            ["node", client, .. command.Skip(1)], folder: null, [.. variables, KeyValuePair.Create("INSTANCEKIT_PG_PACKAGE", package)]);
    }

    private static JsonNode? Entry(InstanceSpec spec, string service)
    {
        var process = InstanceDirectory.ReadRecord(spec.Paths)?.Embedded?.FirstOrDefault(s => s.Service == service)?.ProcessName;
        return process is not null && InstanceDirectory.ReadText(EmbeddedServices.EcosystemOf(spec)) is { } text
            ? JsonNode.Parse(text)?["apps"]?.AsArray().FirstOrDefault(a => (string?)a?["name"] == process)
            : null;
    }
}
