using InstanceKit.Drivers;
using InstanceKit.Instances;
using InstanceKit.Planning;

namespace InstanceKit.Lifecycle;

/// <summary>
/// Observes one instance again and again while it is waited for. What the engine knows is asked for again when the engine
/// says that something happened, and what PM2 knows together with all other instances that are waited for.
/// </summary>
/// <param name="context">What every verb works with.</param>
/// <param name="spec">The instance.</param>
/// <param name="events">What the engine says; <see langword="null"/> where services are no containers.</param>
internal sealed class Watch(ManagerContext context, InstanceSpec spec, EngineEvents? events)
{
    // The engine tells what happens; this is for the case that it does not.
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(1);

    private readonly PassedTests _passed = new(context.Clock, spec.Paths);
    private IReadOnlyList<ObservedContainer>? _containers;
    private (int? Count, long At) _asked;
    private (ProcessLook? Look, long At) _processes;

    /// <summary>Asks anew at the next look: something was done that the engine may not have told of yet.</summary>
    public void Renew() => _containers = null;

    /// <summary>One snapshot of the instance.</summary>
    /// <param name="awaitsApps">Whether an app is waited for; if not, what was seen of them within the last second will do.</param>
    /// <param name="cancellation">Ends the look.</param>
    public async Task<ObservedState> LookAsync(bool awaitsApps, CancellationToken cancellation)
    {
        var isEmbedded = await context.Infra.IsEmbeddedAsync(spec, cancellation);
        var containers = isEmbedded ? Task.FromResult<IReadOnlyList<ObservedContainer>>([]) : ContainersAsync(cancellation);
        var look = await ProcessesAsync(awaitsApps || isEmbedded, cancellation);
        var record = InstanceDirectory.ReadRecord(spec.Paths);
        return new ObservedState(
            isEmbedded
                ? await EmbeddedServices.ObserveAsync(spec, look, Measure.Nothing, cancellation)
                : context.HealthTests.Advance(Observer.Check(record, _passed.Recall(await containers)), cancellation),
            look.Describe(Observer.IsApp(spec), Measure.Nothing),
            record?.AppliedModel);
    }

    private async Task<ProcessLook> ProcessesAsync(bool isAwaited, CancellationToken cancellation)
    {
        if (!isAwaited && _processes.Look is { } last && context.Clock.GetElapsedTime(_processes.At) < LookAnyway)
            return last;
        var look = await context.Looks.NextAsync(spec, cancellation);
        _processes = (look, context.Clock.GetTimestamp());
        return look;
    }

    private async Task<IReadOnlyList<ObservedContainer>> ContainersAsync(CancellationToken cancellation)
    {
        var count = events?.Count;
        if (_containers is not null && count is not null && count == _asked.Count && context.Clock.GetElapsedTime(_asked.At) < LookAnyway)
            return _containers;
        _asked = (count, context.Clock.GetTimestamp());
        return _containers = await context.Docker.ListStartingAsync(spec.Project, cancellation);
    }
}
