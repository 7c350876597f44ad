using System.Text.Json.Nodes;

namespace InstanceKit.Models;

/// <summary>Adds to a service what Compose adds: the variables of its env files, the default network, dependencies.</summary>
/// <param name="files">Reads env files.</param>
internal sealed class ServiceCompletion(ComposeFileReading files)
{
    /// <summary>Completes one, which is changed.</summary>
    public void Complete(JsonObject service)
    {
        Environment(service);
        if (service["build"]?["args"] is JsonObject arguments)
            Resolve(arguments, dropsMissing: true);
        ImpliedDependencies.Add(service);
        if (service["networks"] is not JsonObject { Count: > 0 } && service["network_mode"] is null)
            service["networks"] = new JsonObject { ["default"] = null };
        if (service["extra_hosts"] is JsonObject hosts)
        {
            service["extra_hosts"] = new JsonArray([.. hosts.OrderBy(h => h.Key, StringComparer.Ordinal)
                .SelectMany(h => ((JsonArray)h.Value!).Select(a => (JsonNode?)JsonValue.Create($"{h.Key}={a}")))]);
        }

        foreach (var key in new[] { "command", "entrypoint" }.Where(k => !service.ContainsKey(k)))
            service[key] = null;
    }

    /// <summary>The texts of a list; none where there is no list.</summary>
    public static IEnumerable<string> Texts(JsonObject service, string key) =>
        (service[key] as JsonArray ?? []).Select(i => i?.ToString() ?? "");

    /// <summary>Env files first, in their order; the service's own variables win.</summary>
    private void Environment(JsonObject service)
    {
        var result = new JsonObject();
        foreach (var entry in service["env_file"] as JsonArray ?? [])
        {
            var values = files.ReadEnv(
                [entry!["path"]!.GetValue<string>()], entry["required"]!.GetValue<bool>(),
                n => files.Variables(n) ?? result[n]?.GetValue<string>());
            foreach (var (name, value) in values)
                result[name] = value;
        }

        service.Remove("env_file");
        foreach (var (name, value) in service["environment"] as JsonObject ?? [])
            result[name] = value?.DeepClone();
        Resolve(result, dropsMissing: false);
        if (result.Count > 0)
            service["environment"] = result;
    }

    private void Resolve(JsonObject values, bool dropsMissing)
    {
        foreach (var name in values.Where(v => v.Value is null).Select(v => v.Key).ToList())
        {
            if (files.Variables(name) is { } value)
                values[name] = value;
            else if (dropsMissing)
                values.Remove(name);
        }
    }
}

/// <summary>The implicit dependencies of a service: those whose network, volumes or names it uses.</summary>
internal static class ImpliedDependencies
{
    private static readonly string[] SharedModes = ["network_mode", "ipc", "pid", "uts", "cgroup"];

    /// <summary>Adds them to its explicit dependencies, which take precedence.</summary>
    public static void Add(JsonObject service)
    {
        foreach (var key in SharedModes)
        {
            if (service[key] is { } mode && $"{mode}".StartsWith("service:", StringComparison.Ordinal))
                Depend(service, $"{mode}"["service:".Length..], isRestarted: true);
        }

        foreach (var link in ServiceCompletion.Texts(service, "links"))
            Depend(service, link.Split(':')[0], isRestarted: true);
        foreach (var other in ServiceCompletion.Texts(service, "volumes_from").Where(v => !v.StartsWith("container:", StringComparison.Ordinal)))
            Depend(service, other.Split(':')[0], isRestarted: false);
    }

    private static void Depend(JsonObject service, string name, bool isRestarted)
    {
        if (service["depends_on"] is not JsonObject dependencies)
            service["depends_on"] = dependencies = [];
        if (dependencies.ContainsKey(name))
            return;
        dependencies[name] = isRestarted
            ? new JsonObject { ["condition"] = "service_started", ["restart"] = true, ["required"] = true }
            : new JsonObject { ["condition"] = "service_started", ["required"] = true };
    }
}
