using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Platform;
using InstanceKit.Reconcile;

namespace InstanceKit.Starting;

/// <summary>Starts services stage by stage, each stage as soon as its dependencies are ready.</summary>
/// <param name="replaced">Services whose old container may still be replaced by their start.</param>
/// <param name="start">Starts services; the flag is whether to leave their dependencies alone.</param>
internal sealed class StagedStart(
    IReadOnlyList<ServiceStage> stages, IReadOnlySet<string> replaced,
    Func<IReadOnlyList<string>, bool, CancellationToken, Task<ProcessResult>> start)
{
    private readonly List<ServiceStage> _pending = [.. stages];
    private readonly List<(ServiceStage Stage, Task<ProcessResult> Task)> _begun = [];

    /// <summary>Whether this class waits for dependencies, instead of Compose.</summary>
    private bool HasGates { get; } = stages.Any(s => s.Gates.Count > 0);

    /// <summary>Services that start when there is little else to do.</summary>
    public IReadOnlySet<string> Later { get; } = stages.Where(s => s.IsLater).SelectMany(s => s.Services).ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether every stage has been carried out.</summary>
    public bool IsDone => _pending.Count == 0 && _begun.TrueForAll(b => b.Task.IsCompleted);

    /// <summary>How many stages have been carried out.</summary>
    public int Ended => _begun.Count(b => b.Task.IsCompleted);

    /// <summary>Services whose observed container may still be the old one.</summary>
    public IReadOnlySet<string> Unsettled =>
        _pending.Concat(_begun.Where(b => !b.Task.IsCompleted).Select(b => b.Stage)).SelectMany(s => s.Services)
            .Where(replaced.Contains).ToHashSet(StringComparer.Ordinal);

    /// <summary>Begins every stage whose gates are open.</summary>
    /// <param name="observed">The present state.</param>
    /// <param name="unsettled">What was <see cref="Unsettled"/> before the observation.</param>
    /// <param name="withLater">Whether it is time for those that nothing waits for.</param>
    /// <param name="cancellation">Interrupts the starts.</param>
    /// <returns>Whether one was started.</returns>
    public bool Advance(ObservedState observed, IReadOnlySet<string> unsettled, bool withLater, CancellationToken cancellation)
    {
        var next = _pending.FindAll(s => (withLater || !s.IsLater) && s.Gates.All(g => IsOpen(g, observed, unsettled)));

        // If waiting is pointless, let Compose start them anyway: it reports why it can't.
        var unreachable = _pending.FindAll(s => s.Gates.Any(g => !unsettled.Contains(g.Service) && g.CannotBeMet(observed.ContainerOf(g.Service))));
        foreach (var stage in next.Union(unreachable).ToList())
        {
            _pending.Remove(stage);
            _begun.Add((stage, start(stage.Services, HasGates && !unreachable.Contains(stage), cancellation)));
        }

        return next.Count + unreachable.Count > 0;
    }

    /// <summary>The result of the first stage that failed; <see langword="null"/> while none has.</summary>
    public async Task<ProcessResult?> FindFailureAsync()
    {
        foreach (var (_, task) in _begun.Where(b => b.Task.IsCompleted))
        {
            if (await task is { Succeeded: false } failure)
                return failure;
        }

        return null;
    }

    /// <summary>Completes when a started stage finishes, or immediately if none is in progress.</summary>
    public Task NextEnd() => Task.WhenAny(_begun.Where(b => !b.Task.IsCompleted).Select(b => (Task)b.Task).DefaultIfEmpty(Task.CompletedTask));

    /// <summary>Waits until all stages have finished.</summary>
    public async Task EndAsync()
    {
        foreach (var (_, task) in _begun)
            await Task.WhenAny(task);
    }

    private static bool IsOpen(ServiceGate gate, ObservedState observed, IReadOnlySet<string> unsettled) =>
        !unsettled.Contains(gate.Service) && gate.IsMet(observed.ContainerOf(gate.Service));
}

/// <summary>Services that are started with one call of Compose because they wait for the same conditions.</summary>
/// <param name="Services">The services.</param>
/// <param name="Gates">What they wait for; empty for those that can be started immediately.</param>
internal sealed record ServiceStage(IReadOnlyList<string> Services, IReadOnlyList<ServiceGate> Gates)
{
    /// <summary>Whether nothing waits for them.</summary>
    public bool IsLater { get; init; }

    /// <summary>
    /// Groups services by what they wait for. Compose would check a dependency's health only as often as its
    /// check runs, and start nothing after it: each stage can start as soon as its own gates are met.
    /// </summary>
    /// <param name="model">All services of the compose files.</param>
    /// <param name="wanted">The services to start.</param>
    /// <param name="later">Those of them that nothing waits for.</param>
    /// <returns>
    /// The stages; those without gates first. One stage for all, which leaves the order to Compose, where a dependency is
    /// optional (<c>required: false</c>) or services depend on each other in a circle.
    /// </returns>
    public static IReadOnlyList<ServiceStage> Of(IReadOnlyList<ComposeService> model, IReadOnlyList<string> wanted, IReadOnlySet<string>? later = null)
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

        if (gates.Values.All(g => g.Count == 0))
            later = null; // one call of Compose starts all
        var groups = wanted.GroupBy(KeyOf, StringComparer.Ordinal).Select(g => g.ToList()).ToList();
        return
        [
            .. groups.OrderBy(g => gates[g[0]].Count).ThenBy(IsLater).Select(group => new ServiceStage(group,
            [
                .. gates[group[0]].Concat(group.SelectMany(LaterStarts)).Distinct().Where(g => !group.Contains(g.Service))
                    .OrderBy(g => g.Service, StringComparer.Ordinal).ThenBy(g => g.Condition, StringComparer.Ordinal),
            ]) { IsLater = IsLater(group) }),
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
            .Where(d => wanted.Contains(d) && KeyOf(d) != KeyOf(name))
            .Select(d => new ServiceGate(d, services[name].DependsOn[d]));

        string KeyOf(string name) => (later?.Contains(name) == true ? "later " : "") + Key(gates[name]);

        bool IsLater(IReadOnlyList<string> group) => later?.Contains(group[0]) == true;
    }

    /// <summary>
    /// Consoles and the like: they publish a port, depend on another service, and neither an app nor a service depends on them.
    /// None where no app is started.
    /// </summary>
    public static IReadOnlySet<string> FindLater(IReadOnlyList<ComposeService> model, IReadOnlyList<AppPlan> apps) =>
        apps.Count == 0 ? new HashSet<string>() : model.Where(s => s.Ports.Count > 0 && s.DependsOn.Count > 0
            && !apps.Any(a => a.Needs.Any(n => n.Service == s.Name)) && !model.Any(o => o.DependsOn.ContainsKey(s.Name))).Select(s => s.Name).ToHashSet(StringComparer.Ordinal);

    private static string Key(HashSet<ServiceGate> gates) =>
        string.Join(' ', gates.Select(g => $"{g.Service}:{g.Condition}").Order(StringComparer.Ordinal));
}
