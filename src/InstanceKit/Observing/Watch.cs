using InstanceKit.Apps;
using InstanceKit.Engine;
using InstanceKit.Infra;
using InstanceKit.Instances;
using InstanceKit.Platform;
using InstanceKit.Reconcile;

namespace InstanceKit.Observing;

/// <summary>
/// Observes one instance repeatedly while a command waits for it. The engine is queried again after one of its
/// events, and PM2 together with all other instances that are waited for.
/// </summary>
/// <param name="isEmbedded">Whether the services of an instance run as processes.</param>
/// <param name="list">Queries the engine for the containers of a project.</param>
/// <param name="look">Queries PM2.</param>
/// <param name="events">The number of the engine's events so far; <see langword="null"/> while it reports none.</param>
internal sealed class Watch(
    Func<InstanceSpec, CancellationToken, Task<bool>> isEmbedded, Func<string, CancellationToken, Task<IReadOnlyList<ObservedContainer>>> list,
    Func<InstanceSpec, CancellationToken, Task<ProcessSnapshot>> look, HealthCheckRunner health, TimeProvider clock, InstanceSpec spec, Func<int?> events)
{
    // The engine reports what happens; this is a fallback.
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(1);

    private readonly HealthCheckCache _passed = new(clock, spec.Paths);
    private IReadOnlyList<ObservedContainer>? _containers;
    private (int? Count, long At) _asked;
    private (ProcessSnapshot? Look, long At) _processes;

    /// <summary>Queries again at the next observation: a change may not have been reported by the engine yet.</summary>
    public void Renew() => _containers = null;

    /// <summary>One snapshot of the instance.</summary>
    /// <param name="awaitsApps">Whether an app is waited for; if not, an observation from the last second is sufficient.</param>
    public async Task<ObservedState> ObserveAsync(bool awaitsApps, CancellationToken cancellation)
    {
        var hasProcessesOnly = await isEmbedded(spec, cancellation);
        var containers = hasProcessesOnly ? Task.FromResult<IReadOnlyList<ObservedContainer>>([]) : ContainersAsync(cancellation);
        var processes = await ProcessesAsync(awaitsApps || hasProcessesOnly, cancellation);
        var record = InstanceStore.ReadRecord(spec.Paths);
        return new ObservedState(
            hasProcessesOnly
                ? await EmbeddedServices.ObserveAsync(spec, processes, Measure.Nothing, cancellation)
                : health.Advance(Observer.Check(record, _passed.Recall(await containers)), cancellation),
            processes.Describe(Observer.IsApp(spec), Measure.Nothing),
            record?.AppliedModel);
    }

    private async Task<ProcessSnapshot> ProcessesAsync(bool isAwaited, CancellationToken cancellation)
    {
        if (!isAwaited && _processes.Look is { } last && clock.GetElapsedTime(_processes.At) < LookAnyway)
            return last;
        var next = await look(spec, cancellation);
        _processes = (next, clock.GetTimestamp());
        return next;
    }

    private async Task<IReadOnlyList<ObservedContainer>> ContainersAsync(CancellationToken cancellation)
    {
        var count = events();
        if (_containers is not null && count is not null && count == _asked.Count && clock.GetElapsedTime(_asked.At) < LookAnyway)
            return _containers;
        var asked = (count, clock.GetTimestamp());
        _containers = null; // not an earlier answer, should this question fail
        _containers = await list(spec.Project, cancellation);
        _asked = asked;
        return _containers;
    }
}
