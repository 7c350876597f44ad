using InstanceKit.Planning;
using InstanceKit.Processes;

namespace InstanceKit.Lifecycle;

/// <summary>Starts services stage by stage, each stage as soon as what it waits for is there.</summary>
/// <param name="stages">The stages.</param>
/// <param name="replaced">Services whose old container may still be replaced by their start.</param>
/// <param name="start">Starts services; the flag says whether what they depend on is left alone.</param>
internal sealed class StagedStart(
    IReadOnlyList<ServiceStage> stages, IReadOnlySet<string> replaced,
    Func<IReadOnlyList<string>, bool, CancellationToken, Task<ProcessResult>> start)
{
    private readonly List<ServiceStage> _pending = [.. stages];
    private readonly List<(ServiceStage Stage, Task<ProcessResult> Task)> _begun = [];

    /// <summary>Whether what services wait for is waited for here, and not by Compose.</summary>
    private bool HasGates { get; } = stages.Any(s => s.Gates.Count > 0);

    /// <summary>Whether every stage has been carried out.</summary>
    public bool IsDone => _pending.Count == 0 && _begun.TrueForAll(b => b.Task.IsCompleted);

    /// <summary>How many stages have been carried out.</summary>
    public int Ended => _begun.Count(b => b.Task.IsCompleted);

    /// <summary>Services of which the container that is seen may still be the old one.</summary>
    public IReadOnlySet<string> Unsettled =>
        _pending.Concat(_begun.Where(b => !b.Task.IsCompleted).Select(b => b.Stage)).SelectMany(s => s.Services)
            .Where(replaced.Contains).ToHashSet(StringComparer.Ordinal);

    /// <summary>Begins every stage whose gates are open.</summary>
    /// <param name="observed">The present state.</param>
    /// <param name="unsettled">What was <see cref="Unsettled"/> before it was looked at.</param>
    /// <param name="cancellation">Interrupts the starts.</param>
    /// <returns>Whether one was begun.</returns>
    public bool Advance(ObservedState observed, IReadOnlySet<string> unsettled, CancellationToken cancellation)
    {
        var next = _pending.FindAll(s => s.Gates.All(g => IsOpen(g, observed, unsettled)));

        // Where waiting is vain, Compose is asked to start them all the same: it says why it does not.
        var vain = _pending.FindAll(s => s.Gates.Any(g => !unsettled.Contains(g.Service) && g.IsHopeless(observed.ContainerOf(g.Service))));
        foreach (var stage in next.Union(vain).ToList())
        {
            _pending.Remove(stage);
            _begun.Add((stage, start(stage.Services, HasGates && !vain.Contains(stage), cancellation)));
        }

        return next.Count + vain.Count > 0;
    }

    /// <summary>The end of the first stage that failed; <see langword="null"/> while none has.</summary>
    public async Task<ProcessResult?> FindFailureAsync()
    {
        foreach (var (_, task) in _begun.Where(b => b.Task.IsCompleted))
        {
            if (await task is { Succeeded: false } failure)
                return failure;
        }

        return null;
    }

    /// <summary>Completes when something that was begun ends, or at once where nothing is under way.</summary>
    public Task NextEnd() => Task.WhenAny(_begun.Where(b => !b.Task.IsCompleted).Select(b => (Task)b.Task).DefaultIfEmpty(Task.CompletedTask));

    /// <summary>Waits until nothing of it goes on.</summary>
    public async Task EndAsync()
    {
        foreach (var (_, task) in _begun)
            await Task.WhenAny(task);
    }

    private static bool IsOpen(ServiceGate gate, ObservedState observed, IReadOnlySet<string> unsettled) =>
        !unsettled.Contains(gate.Service) && gate.IsMet(observed.ContainerOf(gate.Service));
}
