using System.Text.Json.Nodes;

namespace InstanceKit.Stacks;

/// <summary>The services that a service depends on without saying so: those whose network, volumes or names it uses.</summary>
internal static class ImpliedDependencies
{
    private static readonly string[] SharedModes = ["network_mode", "ipc", "pid", "uts", "cgroup"];

    /// <summary>Adds them to what it says itself, which wins.</summary>
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
