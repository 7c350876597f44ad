using System.Net;
using InstanceKit.Instances;
using InstanceKit.Reconcile;

namespace InstanceKit.Verbs;

/// <summary>Reports apps that other machines can reach, although the instance is intended for this machine only.</summary>
public static class OpenApps
{
    /// <summary>A note for each app whose own port is open on all interfaces; none where the stack itself is bound to more.</summary>
    /// <param name="observed">The state from PM2.</param>
    public static IEnumerable<(string App, string Note)> Describe(
        InstanceSpec spec, IReadOnlyList<AppPlan> apps, ObservedState observed) =>
        from app in IsLoopback(spec.Stack.BindAddress) ? apps : []
        let endpoint = app.Port is { } port ? observed.ProcessOf(app.ProcessName)?.OpenToAll.GetValueOrDefault(port) : null
        where endpoint is not null
        let name = app.Definition.Name
        select (name, $"App {name} listens on all interfaces ({endpoint}): other machines can reach it. To restrict it to this machine, let "
            + "it listen on 127.0.0.1 (Vite: server.host; others often HOST in its .env), unless containers must reach it.");

    private static bool IsLoopback(string address) =>
        address == "localhost" || (IPAddress.TryParse(address, out var parsed) && IPAddress.IsLoopback(parsed));
}
