using InstanceKit.Engine;
using InstanceKit.Models;

namespace InstanceKit.Starting;

/// <summary>Services that are started with one call of Compose because they wait for the same conditions.</summary>
/// <param name="Services">The services.</param>
/// <param name="Gates">What they wait for; empty for those that can be started immediately.</param>
public sealed record ServiceStage(IReadOnlyList<string> Services, IReadOnlyList<ServiceGate> Gates)
{
    /// <summary>
    /// Groups services by what they wait for. Compose would check a dependency's health only as often as its
    /// check runs, and start nothing after it: each stage can start as soon as its own gates are met.
    /// </summary>
    /// <param name="model">All services of the compose files.</param>
    /// <param name="wanted">The services to start.</param>
    /// <returns>
    /// The stages; those without gates first. One stage for all, which leaves the order to Compose, where a dependency is
    /// optional (<c>required: false</c>) or services depend on each other in a circle.
    /// </returns>
    public static IReadOnlyList<ServiceStage> Of(IReadOnlyList<ComposeService> model, IReadOnlyList<string> wanted)
    {
        if (wanted.Count == 0)
            return [];
        var services = model.ToDictionary(s => s.Name, StringComparer.Ordinal);
        var gates = new Dictionary<string, HashSet<ServiceGate>>(StringComparer.Ordinal);
        foreach (var name in wanted)
        {
            if (!services.TryGetValue(name, out var service) || service.HasOptionalDependency || !Collect(name, []))
                return [new ServiceStage(wanted, [])];
        }

        var groups = wanted.GroupBy(w => Key(gates[w]), StringComparer.Ordinal).Select(g => g.ToList()).ToList();
        return
        [
            .. groups.OrderBy(g => gates[g[0]].Count).Select(group => new ServiceStage(group,
            [
                .. gates[group[0]].Concat(group.SelectMany(LaterStarts)).Distinct().Where(g => !group.Contains(g.Service))
                    .OrderBy(g => g.Service, StringComparer.Ordinal).ThenBy(g => g.Condition, StringComparer.Ordinal),
            ])),
        ];

        // What a service waits for, including the gates of services that only have to be started before it.
        bool Collect(string name, HashSet<string> path)
        {
            if (gates.ContainsKey(name))
                return true;
            if (!path.Add(name))
                return false;
            var own = new HashSet<ServiceGate>();
            foreach (var (dependency, condition) in services[name].DependsOn)
            {
                if (!services.ContainsKey(dependency))
                    continue;
                if (condition != ServiceGate.Started)
                    own.Add(new ServiceGate(dependency, condition));
                if (!wanted.Contains(dependency))
                    continue;
                if (!Collect(dependency, path))
                    return false;
                own.UnionWith(gates[dependency]);
            }

            path.Remove(name);
            gates[name] = own;
            return true;
        }

        // A service of another stage that must have been started before this one.
        IEnumerable<ServiceGate> LaterStarts(string name) => services[name].DependsOn.Keys
            .Where(d => wanted.Contains(d) && Key(gates[d]) != Key(gates[name]))
            .Select(d => new ServiceGate(d, services[name].DependsOn[d]));
    }

    private static string Key(HashSet<ServiceGate> gates) =>
        string.Join(' ', gates.Select(g => $"{g.Service}:{g.Condition}").Order(StringComparer.Ordinal));
}
