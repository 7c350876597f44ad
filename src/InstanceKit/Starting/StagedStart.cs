using InstanceKit.Engine;
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
    /// <param name="cancellation">Interrupts the starts.</param>
    /// <returns>Whether one was started.</returns>
    public bool Advance(ObservedState observed, IReadOnlySet<string> unsettled, CancellationToken cancellation)
    {
        var next = _pending.FindAll(s => s.Gates.All(g => IsOpen(g, observed, unsettled)));

        // If waiting is pointless, let Compose start them anyway: it reports why it can't.
        var vain = _pending.FindAll(s => s.Gates.Any(g => !unsettled.Contains(g.Service) && g.IsHopeless(observed.ContainerOf(g.Service))));
        foreach (var stage in next.Union(vain).ToList())
        {
            _pending.Remove(stage);
            _begun.Add((stage, start(stage.Services, HasGates && !vain.Contains(stage), cancellation)));
        }

        return next.Count + vain.Count > 0;
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
