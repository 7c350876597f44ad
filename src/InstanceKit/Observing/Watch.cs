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
/// <param name="events">The engine's events; <see langword="null"/> where services are not containers.</param>
internal sealed class Watch(
    Lazy<EngineClient> engine, Infrastructure infra, SharedSnapshots snapshots, HealthCheckRunner health, TimeProvider clock, InstanceSpec spec, EngineEvents? events)
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
    public async Task<ObservedState> LookAsync(bool awaitsApps, CancellationToken cancellation)
    {
        var isEmbedded = await infra.IsEmbeddedAsync(spec, cancellation);
        var containers = isEmbedded ? Task.FromResult<IReadOnlyList<ObservedContainer>>([]) : ContainersAsync(cancellation);
        var look = await ProcessesAsync(awaitsApps || isEmbedded, cancellation);
        var record = InstanceStore.ReadRecord(spec.Paths);
        return new ObservedState(
            isEmbedded
                ? await EmbeddedServices.ObserveAsync(spec, look, Measure.Nothing, cancellation)
                : health.Advance(Observer.Check(record, _passed.Recall(await containers)), cancellation),
            look.Describe(Observer.IsApp(spec), Measure.Nothing),
            record?.AppliedModel);
    }

    private async Task<ProcessSnapshot> ProcessesAsync(bool isAwaited, CancellationToken cancellation)
    {
        if (!isAwaited && _processes.Look is { } last && clock.GetElapsedTime(_processes.At) < LookAnyway)
            return last;
        var look = await snapshots.NextAsync(spec, cancellation);
        _processes = (look, clock.GetTimestamp());
        return look;
    }

    private async Task<IReadOnlyList<ObservedContainer>> ContainersAsync(CancellationToken cancellation)
    {
        var count = events?.Count;
        if (_containers is not null && count is not null && count == _asked.Count && clock.GetElapsedTime(_asked.At) < LookAnyway)
            return _containers;
        _asked = (count, clock.GetTimestamp());
        return _containers = await engine.Value.ListStartingAsync(spec.Project, cancellation);
    }
}
