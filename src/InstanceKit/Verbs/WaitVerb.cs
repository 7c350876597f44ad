using InstanceKit.Engine;
using InstanceKit.Infra;
using InstanceKit.Instances;
using InstanceKit.Observing;
using InstanceKit.Ports;
using InstanceKit.Reconcile;
using InstanceKit.Starting;

namespace InstanceKit.Verbs;

/// <summary>Waits until an instance is ready; starts and changes nothing.</summary>
/// <param name="open">Begins to observe an instance.</param>
/// <param name="only">The services and apps to wait for; all of them when empty.</param>
internal sealed class WaitVerb(
    ManagerOptions options, Func<InstanceSpec, CancellationToken, Task<IWaitActions>> open, TimeProvider clock, IReadOnlyList<string> only, TimeSpan timeout)
{
    private static readonly HashSet<string> None = [];

    /// <summary>Waits.</summary>
    /// <exception cref="InstanceKitException">It is not running, something in it failed permanently, or the wait timed out.</exception>
    public async Task<VerbResult> RunAsync(InstanceSpec spec, InstanceProgress progress, CancellationToken cancellation)
    {
        var begin = clock.GetTimestamp();
        var told = new Dictionary<string, string>(StringComparer.Ordinal);
        var actions = await open(spec, cancellation);
        using var end = actions as IDisposable;
        ObservedState? first = null;
        while (true)
        {
            // Before the observation, so that the result of a command that finishes meanwhile is observed.
            var isWorkedOn = InstanceLock.IsHeld(spec.Paths);
            var observed = await actions.ObserveAsync(awaitsApps: true, cancellation);
            first ??= observed;
            if (!isWorkedOn && observed is { Containers: [], Processes: [] })
                throw ComponentNames.NotRunning(spec, options.Next);
            ComponentNames.RequireKnownApps(spec, options.Next);
            var record = InstanceStore.ReadRecord(spec.Paths);
            var ports = PortPlanner.Known(spec.Stack, spec.Number, record?.Ports);
            var services = record?.Services ?? [];
            var blockers = new Blockers(
                options.Next, clock.GetUtcNow(), (service, c) => actions.TailAsync(observed, service, c), spec, [.. services.Where(IsWanted)], AppsOf(spec, ports), observed.Since(first), unsettled: None, AppStarts.None);

            // What fails while Up or Restart is running may be about to be restarted; that command waits itself, and ends.
            if (!isWorkedOn && await blockers.FindFailureAsync(cancellation) is { } failure)
                throw failure;
            Report(blockers, told, progress);
            if (blockers.IsEmpty)
            {
                return new VerbResult(Outcome.Done, new OperationPlan([]), InstanceStatus.Create(
                    spec, record is not null, services, ports, observed, clock.GetUtcNow()));
            }

            if (clock.GetElapsedTime(begin) > timeout)
                throw await blockers.TimedOutAsync($"timed out after {timeout.TotalSeconds:0} s", cancellation);
            await actions.PauseAsync(blockers, Task.CompletedTask, cancellation);
        }
    }

    private bool IsWanted(string name) => only.Count == 0 || only.Contains(name);

    private List<AppPlan> AppsOf(InstanceSpec spec, PortPlan ports) =>
    [
        .. spec.Stack.Apps.Where(a => IsWanted(a.Name)).Select(a => new AppPlan
        {
            Definition = a,
            ProcessName = spec.ProcessNameOf(a),
            Port = a.PortName is { } name ? ports.PortOf(name) : null,
            Needs = [],
        }),
    ];

    private static void Report(Blockers blockers, Dictionary<string, string> told, InstanceProgress progress)
    {
        foreach (var (name, readiness) in blockers.Services.Concat(blockers.Apps.Select(a => (a.App.Definition.Name, a.Readiness))))
        {
            if (told.GetValueOrDefault(name) == readiness.Reason)
                continue;
            told[name] = readiness.Reason;
            if (readiness.IsSettled)
                progress.Done(name, readiness.Reason);
            else
                progress.Step(name, readiness.Reason);
        }
    }
}

/// <summary>Observes an instance for <see cref="WaitVerb"/>, from the engine's events on.</summary>
internal sealed class WaitActions(InstanceSpec spec, Watch watch, Starter starter, EngineEvents? events) : IWaitActions, IDisposable
{
    /// <summary>Begins to observe an instance.</summary>
    public static async Task<IWaitActions> OpenAsync(
        InstanceSpec spec, Lazy<EngineClient> engine, Infrastructure infra, Observer observer, Starter starter, CancellationToken cancellation)
    {
        var events = await infra.IsEmbeddedAsync(spec, cancellation) ? null : engine.Value.Listen(spec.Project);
        return new WaitActions(spec, observer.Follow(spec, events), starter, events);
    }

    /// <inheritdoc />
    public void Dispose() => events?.Dispose();

    public Task<ObservedState> ObserveAsync(bool awaitsApps, CancellationToken cancellation) => watch.ObserveAsync(awaitsApps, cancellation);

    public Task<IReadOnlyList<string>> TailAsync(ObservedState observed, string service, CancellationToken cancellation) =>
        starter.TailAsync(spec, observed, service, cancellation);

    public Task PauseAsync(Blockers blocking, Task other, CancellationToken cancellation) =>
        ObservationTimer.WaitAsync(events, blocking, other, starter.Clock, cancellation);
}
