using System.Text.Json.Nodes;
using InstanceKit.Compose;
using InstanceKit.Env;
using InstanceKit.Infra;
using InstanceKit.Instances;
using InstanceKit.Platform;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Verbs;

/// <summary>Finds the variables of an instance, or of one of its services or apps. Nothing has to run for it.</summary>
internal sealed class EnvironmentReader(Infrastructure infra, ComposeModels models)
{
    /// <summary>The variable that names an instance to this program.</summary>
    private const string InstanceVariable = "SHIPSEC_INSTANCE";

    /// <summary>What all apps share: the instance number, its Compose project, every port, and common variables.</summary>
    public static InstanceEnvironment OfInstance(InstanceSpec spec, PortPlan ports)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [InstanceVariable] = $"{spec.Number}",
            ["COMPOSE_PROJECT_NAME"] = spec.Project,
        };
        foreach (var port in ports.Assignments)
            values[$"{port.Name}_PORT"] = $"{port.Port}";
        var ofApps = spec.Stack.Apps.Select(a => spec.WithTenants(InstanceVariables.For(spec, ports, a), ports).AsEnumerable()).ToList();
        foreach (var (name, value) in ofApps.Count == 0 ? [] : ofApps.Aggregate((all, next) => all.Intersect(next)))
            values[name] = value;
        return new InstanceEnvironment(spec, null, [.. values]);
    }

    /// <summary>The variables of an app, or those with which a client on this machine finds a service.</summary>
    /// <exception cref="InstanceKitException">The compose files can't be read.</exception>
    public async Task<InstanceEnvironment> OfComponentAsync(
        InstanceSpec spec, PortPlan ports, string name, CancellationToken cancellation) => new(
        spec, name, ComponentNames.FindApp(spec, name) is { } app
            ? AppEnvironment.Of(spec, ports, app)
            : spec.WithTenants(ClientVariables.Of(await ServiceAsync(spec, ports, name, cancellation)), ports));

    private async Task<EmbeddedService> ServiceAsync(InstanceSpec spec, PortPlan ports, string name, CancellationToken cancellation)
    {
        await infra.RequireModelsAsync(spec, progress: null, cancellation);
        var model = (await models.ReadAsync(spec, withOverride: false, cancellation)).Model;
        var service = model.Services.FirstOrDefault(s => s.Name == name)
            ?? throw InstanceKitException.Usage($"The compose files no longer contain service '{name}'.");
        return new EmbeddedService(spec, service, ports) { Siblings = model.Services };
    }
}

/// <summary>The variables of an instance, or of one of its services or apps.</summary>
/// <param name="Spec">The instance.</param>
/// <param name="Component">The service or app; <see langword="null"/> for the variables that all apps share.</param>
/// <param name="Variables">The variables, by name, including secrets from the workspace's files.</param>
public sealed record InstanceEnvironment(
    InstanceSpec Spec, string? Component, IReadOnlyList<KeyValuePair<string, string>> Variables);

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
        foreach (var (name, value) in OfEntry(spec, app).Concat(spec.WithTenants(InstanceVariables.For(spec, ports, app), ports)))
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
