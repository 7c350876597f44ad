using InstanceKit.Compose;
using InstanceKit.Engine;
using InstanceKit.Infra;
using InstanceKit.Instances;
using InstanceKit.Logs;
using InstanceKit.Observing;
using InstanceKit.Platform;
using InstanceKit.Reconcile;

namespace InstanceKit.Starting;

/// <summary>Starts what was planned for an instance, with Compose or PM2, and waits until it is ready.</summary>
/// <param name="programs">Limits the programs that use a whole processor, of all instances.</param>
/// <param name="starts">Limits the starts of containers, of all instances.</param>
internal sealed class Starter(
    ManagerOptions options, Lazy<EngineClient> engine, ComposeClient compose, Infrastructure infra, EmbeddedServices servers,
    Observer observer, AppRunner apps, PortGuard guard, StartQueue programs, StartQueue starts, TimeProvider clock)
{
    /// <summary>Starts and waits.</summary>
    /// <param name="embedded">What runs the services as processes; <see langword="null"/> where they are containers.</param>
    /// <param name="operations">What is started.</param>
    /// <param name="before">The observation that they were planned from.</param>
    /// <param name="keepsContainers">Whether containers stay whose image was rebuilt.</param>
    /// <returns>The last observation: everything is ready.</returns>
    /// <exception cref="InstanceKitException">A service or app failed, or was not ready in time.</exception>
    public async Task<ObservedState> RunAsync(
        InstancePlan plan, IReadOnlyList<EmbeddedChoice>? embedded, OperationPlan operations, ObservedState before, bool keepsContainers,
        InstanceProgress progress, CancellationToken cancellation)
    {
        using var events = embedded is null && !operations.IsEmpty ? engine.Value.Listen(plan.Spec.Project) : null;
        var wanted = operations.TargetsOf(OperationKind.StartService);
        var replaced = wanted.Where(s => before.ContainerOf(s) is not null).ToHashSet(StringComparer.Ordinal);
        var containers = new ServiceStarter(engine, compose, programs, starts, plan, operations, before, keepsContainers, progress);
        StartSequence? sequence = null;
        var services = embedded is null
            ? new StagedStart(ServiceStage.Of(plan.Model.Services, wanted), replaced, (s, isAlone, c) => containers.RunAsync(s, isAlone, OnLine, c))
            : new StagedStart(
                wanted.Count == 0 ? [] : [new ServiceStage(wanted, [])], replaced,
                (s, _, c) => servers.StartAsync(plan.Spec, embedded, s, progress, c));
        sequence = new StartSequence(plan, operations, before, services, new Actions(this, plan, observer.Follow(plan.Spec, events), events), progress, options, clock);
        var ready = await sequence.RunAsync(cancellation);
        new HealthCheckCache(clock, plan.Spec.Paths).Keep(ready.Containers);
        return ready;

        void OnLine(string line)
        {
            sequence!.Touch();
            ComposeProgress.Report(progress, plan.Spec.Project, line);
        }
    }

    /// <summary>The last lines that a service wrote.</summary>
    public async Task<IReadOnlyList<string>> TailAsync(
        InstanceSpec spec, ObservedState observed, string service, CancellationToken cancellation) =>
        await infra.IsEmbeddedAsync(spec, cancellation)
            ? await EmbeddedServices.TailAsync(spec, service, LastLines.Count, cancellation)
            : await engine.Value.TailAsync(observed.ContainerOf(service)!.Id, LastLines.Count, cancellation);

    private sealed class Actions(Starter starter, InstancePlan plan, Watch watch, EngineEvents? events) : IStartActions
    {
        public Task<ObservedState> ObserveAsync(bool awaitsApps, CancellationToken cancellation) => watch.LookAsync(awaitsApps, cancellation);

        public void Renew() => watch.Renew();

        public Task StartAppsAsync(IReadOnlyList<AppPlan> started, IReadOnlyList<string> listed, CancellationToken cancellation) =>
            starter.StartAppsAsync(plan.Spec, started, listed, cancellation);

        public Task<bool> AnswersAsync(int port, CancellationToken cancellation) => PortProbe.AnswersAsync(port, cancellation);

        public Task<IReadOnlyList<string>> TailAsync(ObservedState observed, string service, CancellationToken cancellation) =>
            starter.TailAsync(plan.Spec, observed, service, cancellation);

        public Task<InstanceKitException> ExplainAsync(ProcessResult failure, CancellationToken cancellation) =>
            starter.ExplainAsync(plan, failure, cancellation);

        public Task PauseAsync(Blockers blocking, Task other, CancellationToken cancellation) =>
            ObservationTimer.WaitAsync(events, blocking, other, cancellation);
    }

    private Task StartAppsAsync(InstanceSpec spec, IReadOnlyList<AppPlan> started, IReadOnlyList<string> listed, CancellationToken cancellation) =>
        apps.StartAsync(spec, started, listed, cancellation);

    private Task<InstanceKitException> ExplainAsync(InstancePlan plan, ProcessResult failure, CancellationToken cancellation) =>
        new ComposeFailure(options.Next, engine.Value, guard, plan).ExplainAsync(failure, cancellation);
}
