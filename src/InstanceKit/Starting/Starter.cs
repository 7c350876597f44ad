using InstanceKit.Compose;
using InstanceKit.Engine;
using InstanceKit.Infra;
using InstanceKit.Instances;
using InstanceKit.Logs;
using InstanceKit.Models;
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
        StartSequence? sequence = null;
        var times = new StartTimeStore(plan.Spec.Paths);
        var containers = new ServiceStarter(
            new ServiceActions(engine, compose, plan.Spec, OnLine), programs, starts, plan, operations, before, keepsContainers, times.Read(), progress);
        var services = embedded is null
            ? new StagedStart(
                ServiceStage.Of(plan.Model.Services, wanted, ServiceStage.FindLater(plan.Model.Services, ToStart(plan, operations))), replaced, containers.RunAsync)
            : new StagedStart(
                wanted.Count == 0 ? [] : [new ServiceStage(wanted, [])], replaced,
                (s, _, c) => servers.StartAsync(plan.Spec, embedded, s, progress, c));
        sequence = new StartSequence(plan, operations, before, services, new Actions(this, plan, observer.Follow(plan.Spec, events), events), progress, options, Environment.ProcessorCount, clock);
        var ready = await sequence.RunAsync(cancellation);
        new HealthCheckCache(clock, plan.Spec.Paths).Keep(ready.Containers);
        times.Keep(sequence.Times);
        return ready;

        void OnLine(string line)
        {
            sequence!.Touch();
            ComposeProgress.Report(progress, plan.Spec.Project, line);
        }
    }

    /// <summary>All apps, if any is started.</summary>
    private static IReadOnlyList<AppPlan> ToStart(InstancePlan plan, OperationPlan operations) =>
        operations.Operations.Any(o => o.Kind is OperationKind.StartApp or OperationKind.RestartApp) ? plan.Apps : [];

    /// <summary>The last lines that a service wrote.</summary>
    public async Task<IReadOnlyList<string>> TailAsync(
        InstanceSpec spec, ObservedState observed, string service, CancellationToken cancellation) =>
        await infra.IsEmbeddedAsync(spec, cancellation)
            ? await EmbeddedServices.TailAsync(spec, service, LastLines.Count, cancellation)
            : await engine.Value.TailAsync(observed.ContainerOf(service)!.Id, LastLines.Count, cancellation);

    private sealed class Actions(Starter starter, InstancePlan plan, Watch watch, EngineEvents? events) : IStartActions
    {
        public Task<ObservedState> ObserveAsync(bool awaitsApps, CancellationToken cancellation) => watch.ObserveAsync(awaitsApps, cancellation);

        public void Renew() => watch.Renew();

        public Task StartAppsAsync(IReadOnlyList<AppPlan> started, IReadOnlyList<string> listed, CancellationToken cancellation) =>
            starter.StartAppsAsync(plan.Spec, started, listed, cancellation);

        public Task<bool> AnswersAsync(int port, CancellationToken cancellation) => PortProbe.AnswersAsync(port, cancellation);

        public Task<IReadOnlyList<string>> TailAsync(ObservedState observed, string service, CancellationToken cancellation) =>
            starter.TailAsync(plan.Spec, observed, service, cancellation);

        public Task<InstanceKitException> ExplainAsync(ProcessResult failure, CancellationToken cancellation) =>
            starter.ExplainAsync(plan, failure, cancellation);

        public Task PauseAsync(Blockers blocking, Task other, CancellationToken cancellation) =>
            ObservationTimer.WaitAsync(events, blocking, starter.NextOf(other), starter.Clock, cancellation);
    }

    public TimeProvider Clock => clock;

    /// <summary>Completes with a task, or with a health check; completed if there is neither.</summary>
    private Task NextOf(Task other) => observer.NextCheck() is var check && other.IsCompleted ? check : check.IsCompleted ? other : Task.WhenAny(other, check);

    private Task StartAppsAsync(InstanceSpec spec, IReadOnlyList<AppPlan> started, IReadOnlyList<string> listed, CancellationToken cancellation) =>
        apps.StartAsync(spec, started, listed, cancellation);

    private Task<InstanceKitException> ExplainAsync(InstancePlan plan, ProcessResult failure, CancellationToken cancellation) =>
        new ComposeFailure(options.Next, new FailureFacts(engine.Value, guard, plan.Spec), plan).ExplainAsync(failure, cancellation);
}

/// <summary>What <see cref="ServiceStarter"/> has Compose and the engine do with the services of one instance.</summary>
internal interface IServiceActions
{
    /// <inheritdoc cref="ComposeClient.CreateAsync"/>
    Task<ProcessResult> CreateAsync(IReadOnlyList<string> services, ContainerRenewal renewal, CancellationToken cancellation);

    /// <inheritdoc cref="ComposeClient.UpAsync"/>
    Task<ProcessResult> UpAsync(IReadOnlyList<string> services, bool isAlone, ContainerRenewal renewal, CancellationToken cancellation);

    /// <inheritdoc cref="EngineClient.StartAsync(string, string, CancellationToken)"/>
    Task<string?> StartAsync(string service, CancellationToken cancellation);

    Task UnpauseAsync(string container, CancellationToken cancellation);

    Task StopAsync(string container, CancellationToken cancellation);

    Task RemoveAsync(string container, CancellationToken cancellation);
}

/// <param name="onLine">Called for each line of Compose's progress.</param>
internal sealed class ServiceActions(Lazy<EngineClient> engine, ComposeClient compose, InstanceSpec spec, Action<string> onLine) : IServiceActions
{
    public Task<ProcessResult> CreateAsync(IReadOnlyList<string> services, ContainerRenewal renewal, CancellationToken cancellation) =>
        compose.CreateAsync(spec, services, renewal, onLine, cancellation);

    public Task<ProcessResult> UpAsync(IReadOnlyList<string> services, bool isAlone, ContainerRenewal renewal, CancellationToken cancellation) =>
        compose.UpAsync(spec, services, isAlone, renewal, onLine, cancellation);

    public Task<string?> StartAsync(string service, CancellationToken cancellation) => engine.Value.StartAsync(spec.Project, service, cancellation);

    public Task UnpauseAsync(string container, CancellationToken cancellation) => engine.Value.UnpauseAsync(container, cancellation);

    public Task StopAsync(string container, CancellationToken cancellation) => engine.Value.StopAsync(container, grace: null, cancellation);

    public Task RemoveAsync(string container, CancellationToken cancellation) => engine.Value.RemoveAsync(container, withVolumes: false, cancellation);
}

/// <summary>
/// Starts the services of one instance. Compose creates all containers in one call; the engine starts each as soon as possible,
/// starting with those for which apps, and other services, have to wait longest. Calling Compose for each stage would read and inspect everything again.
/// </summary>
/// <param name="programs">Limits the programs that use a whole processor.</param>
/// <param name="starts">Limits the starts of containers.</param>
/// <param name="operations">What is done, in whatever stage.</param>
/// <param name="before">What was observed before.</param>
/// <param name="keepsContainers">Whether Compose leaves containers as they are whose image was rebuilt.</param>
/// <param name="times">How long services took to become ready, in milliseconds.</param>
/// <param name="progress">Receives notes on them.</param>
internal sealed class ServiceStarter(
    IServiceActions act, StartQueue programs, StartQueue starts, InstancePlan plan, OperationPlan operations, ObservedState before, bool keepsContainers,
    IReadOnlyDictionary<string, int> times, InstanceProgress progress)
{
    private const int OfApps = 100_000_000; // more than any path

    private readonly IReadOnlyList<string> _wanted = operations.TargetsOf(OperationKind.StartService);
    private readonly ContainerRenewal _renewal = keepsContainers ? ContainerRenewal.Never : ContainerRenewal.WhenChanged;
    private readonly Dictionary<string, ComposeService> _services = plan.Model.Services.ToDictionary(s => s.Name, StringComparer.Ordinal);
    private Task<ProcessResult>? _prepared;
    private Task<ProcessResult>? _made;

    /// <summary>Starts some of the services.</summary>
    /// <param name="services">Those that may be started now.</param>
    /// <param name="isAlone">Whether their dependencies are neither started nor waited for; otherwise Compose does both.</param>
    /// <param name="cancellation">Interrupts it; what is running stays.</param>
    /// <returns>The result, in the form of Compose; a failure is not thrown.</returns>
    /// <exception cref="InstanceKitException">The engine does not answer.</exception>
    public async Task<ProcessResult> RunAsync(IReadOnlyList<string> services, bool isAlone, CancellationToken cancellation)
    {
        if (await (_prepared ??= PrepareAsync(cancellation)) is { Succeeded: false } refusal)
            return refusal;
        if (isAlone)
        {
            _made ??= programs.RunAsync(1, () => act.CreateAsync(_wanted, _renewal, cancellation), cancellation);
        }

        if (_made is not null && await _made is { Succeeded: false } failure)
            return failure;
        return isAlone && !services.Any(s => _services[s].IsStartedByCompose)
            ? await StartAsync(services, cancellation)
            : await act.UpAsync(services, isAlone, _renewal, cancellation);
    }

    /// <summary>
    /// Brings containers into a state from which they can be started: the engine does not start what is paused nor, from the
    /// beginning, what it is restarting; and Compose replaces only what differs from its files.
    /// </summary>
    private async Task<ProcessResult> PrepareAsync(CancellationToken cancellation)
    {
        await Task.WhenAll(before.Containers.Where(c => _wanted.Contains(c.Service)).Select(c => c.State switch
        {
            ContainerState.Paused => act.UnpauseAsync(c.Id, cancellation),
            ContainerState.Restarting => act.StopAsync(c.Id, cancellation),
            _ => Task.CompletedTask,
        }));
        List<string> replaced =
            [.. operations.Operations.Where(o => o is { Kind: OperationKind.StartService, Replaces: true }).Select(o => o.Target)];
        // Compose does not list these, and their names conflict.
        foreach (var container in before.Containers.Where(c => !c.IsKnownToCompose && replaced.Contains(c.Service)))
        {
            await act.StopAsync(container.Id, cancellation);
            await act.RemoveAsync(container.Id, cancellation);
        }

        return replaced.Count == 0
            ? new ProcessResult(0, "", "")
            : await programs.RunAsync(1, () => act.CreateAsync(replaced, ContainerRenewal.Always, cancellation), cancellation);
    }

    private async Task<ProcessResult> StartAsync(IReadOnlyList<string> services, CancellationToken cancellation)
    {
        var begun = new Dictionary<string, Task<string?>>(StringComparer.Ordinal);
        foreach (var service in services.OrderByDescending(Weight))
            _ = Begin(service);
        var refusals = await Task.WhenAll(begun.Values);
        return refusals.FirstOrDefault(r => r is not null) is { } refusal
            ? new ProcessResult(1, "", $"Error response from daemon: {refusal}\n")
            : new ProcessResult(0, "", "");

        Task<string?> Begin(string service) =>
            begun.TryGetValue(service, out var start) ? start : begun[service] = StartAsync(service, Before(service), cancellation);

        // What must merely have been started before it; stages have no circles.
        IReadOnlyList<Task<string?>> Before(string service) =>
            [.. _services[service].DependsOn.Keys.Where(services.Contains).Select(Begin)];
    }

    private async Task<string?> StartAsync(string service, IReadOnlyList<Task<string?>> before, CancellationToken cancellation)
    {
        foreach (var task in before)
        {
            if (await task is { } refusal)
                return refusal;
        }

        return await starts.RunAsync(Weight(service), () => StartNowAsync(service, cancellation), cancellation);
    }

    private async Task<string?> StartNowAsync(string service, CancellationToken cancellation)
    {
        progress.Step(service, "starting");
        var refusal = await act.StartAsync(service, cancellation);
        if (refusal is null)
            progress.Step(service, "started");
        return refusal;
    }

    /// <summary>What apps wait for, also through others, comes first; then, what takes longest until the last that waits for it is ready.</summary>
    private int Weight(string service) => PathOf(service, [])
        + (plan.Apps.Any(a => a.Needs.Any(n => n.Service == service || (_services.ContainsKey(n.Service) && DependsOn(n.Service, service, [])))) ? OfApps : 0);

    private int PathOf(string service, HashSet<string> seen) => !seen.Add(service) ? 0
        : (times.TryGetValue(service, out var time) ? time : StartTimeStore.Usual(_services[service].Image))
            + _wanted.Where(w => _services.TryGetValue(w, out var other) && other.DependsOn.ContainsKey(service)).Select(w => PathOf(w, [.. seen])).DefaultIfEmpty(0).Max();

    private bool DependsOn(string service, string other, HashSet<string> seen) =>
        seen.Add(service) && _services.TryGetValue(service, out var definition)
        && definition.DependsOn.Keys.Any(d => d == other || DependsOn(d, other, seen));
}

/// <summary>When to observe an instance again: after an event of the engine, or by time.</summary>
internal static class ObservationTimer
{
    // No event reports that a process starts to listen, or that a check on demand would pass.
    private static readonly TimeSpan OfProcesses = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan OfContainers = TimeSpan.FromSeconds(1);

    /// <summary>Waits until something may have changed.</summary>
    /// <param name="events">The engine's events; <see langword="null"/> where services are not containers.</param>
    /// <param name="blockers">What was not ready at the last observation.</param>
    /// <param name="other">Something else that is waited for; completed when there is nothing else.</param>
    public static async Task WaitAsync(EngineEvents? events, Blockers blockers, Task other, TimeProvider clock, CancellationToken cancellation)
    {
        var isQuiet = events is not null && !blockers.IsChecking && blockers.Apps.All(a => a.Readiness.IsReady);
        var limit = isQuiet ? OfContainers : OfProcesses;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var something = events is null ? Task.Delay(limit, clock, over.Token) : events.WaitAsync(limit, over.Token);
        if (other.IsCompleted)
            await Task.WhenAny(something);
        else
            await Task.WhenAny(something, other);
        await over.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }
}
