using System.Text.Json.Nodes;
using InstanceKit.Env;
using InstanceKit.Instances;
using InstanceKit.Platform;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Verbs;

/// <summary>The variables that an app of an instance runs with.</summary>
internal static class AppEnvironment
{
    /// <summary>
    /// Its env file as it is now, over the variables of the instance, over its PM2 entry at the last <c>Up</c>. The marks
    /// that identify an instance's processes are not included: what a user starts does not belong to the instance.
    /// </summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(InstanceSpec spec, PortPlan ports, AppDefinition app)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in OfEntry(spec, app).Concat(InstanceVariables.For(spec, ports, app)))
            values[name] = value;
        foreach (var (name, value) in DotEnvDocument.Parse(FileStore.ReadText(spec.Paths.EnvFile(app.Name)) ?? "").EffectiveValues())
            values[name] = value;
        values.Remove(ProcessMarks.Owner);
        values.Remove(ProcessMarks.Fingerprint);
        return [.. values];
    }

    private static IEnumerable<KeyValuePair<string, string>> OfEntry(InstanceSpec spec, AppDefinition app)
    {
        if (FileStore.ReadText(spec.Paths.Ecosystem) is not { } text)
            return [];
        var entry = JsonNode.Parse(text)?["apps"]?.AsArray().FirstOrDefault(a => (string?)a?["name"] == spec.ProcessNameOf(app));
        return (entry?["env"] as JsonObject ?? []).Select(v => KeyValuePair.Create(v.Key, v.Value?.ToString() ?? ""));
    }
}
