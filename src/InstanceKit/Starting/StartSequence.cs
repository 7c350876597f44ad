using InstanceKit.Compose;
using InstanceKit.Engine;
using InstanceKit.Infra;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Observing;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Reconcile;

namespace InstanceKit.Starting;

/// <summary>
/// Carries out the starts of an Up: Compose starts the services, and each app is started as soon as the services that
/// its own variables address are ready; ends when everything is ready, or reports what blocks.
/// </summary>
internal sealed class StartSequence(
    ManagerContext context, InstancePlan plan, IReadOnlyList<EmbeddedChoice>? embedded, OperationPlan operations,
    ObservedState before, InstanceProgress progress, bool keepsContainers = false)
{
    /// <summary>How long PM2 may continue a start after the instance has failed.</summary>
    private static readonly TimeSpan EndOfPm2 = TimeSpan.FromSeconds(10);

    private readonly AppRunner _apps = new(context);
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);
    private readonly HashSet<int> _answering = [];
    private readonly List<AppPlan> _pending =
        [.. plan.Apps.Where(a => operations.Operations.Any(o => o.Kind is OperationKind.StartApp or OperationKind.RestartApp && o.Target == a.ProcessName))];

    private readonly List<AppPlan> _inHand = [];
    private readonly Dictionary<string, TimeSpan> _proofs = ProofsOf(operations, before, context.Options.Timeout);
    private Task _starting = Task.CompletedTask;
    private long _lastMove = context.Clock.GetTimestamp();

    /// <summary>Starts and waits.</summary>
    /// <returns>The last observation: everything is ready.</returns>
    /// <exception cref="InstanceKitException">A service or app failed, or was not ready in time.</exception>
    public async Task<ObservedState> RunAsync(CancellationToken cancellation)
    {
        var services = CreateStart();
        using var events = embedded is null && !operations.IsEmpty ? context.Docker.Listen(plan.Spec.Project) : null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var stopApps = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            var ready = await AwaitReadyAsync(services, events, stop.Token, stopApps.Token, cancellation);
            new HealthCheckCache(context.Clock, plan.Spec.Paths).Keep(ready.Containers);
            return ready;
        }
        finally
        {
            // After a failure, neither may keep running in the background of the next command. Compose stops cleanly,
            // PM2 would leave its daemon in the middle of a start.
            await stop.CancelAsync();
            stopApps.CancelAfter(EndOfPm2);
            await services.EndAsync();
            await Task.WhenAny(_starting);
        }
    }

    // A restart resets PM2's restart counter. Spend at most half of the time limit on proving that a crash loop is over.
    private static Dictionary<string, TimeSpan> ProofsOf(OperationPlan operations, ObservedState before, TimeSpan patience) =>
        operations.TargetsOf(OperationKind.RestartApp).Select(before.ProcessOf).OfType<ObservedProcess>()
            .Where(p => p.Restarts >= Readiness.HopelessRestarts)
            .Select(p => (p.Name, Proof: Readiness.ProofOf(p))).Where(p => p.Proof is not null)
            .ToDictionary(p => p.Name, p => p.Proof!.Value < patience / 2 ? p.Proof.Value : patience / 2, StringComparer.Ordinal);

    /// <summary>Whether one of the apps that were started is not ready yet, or all were.</summary>
    private bool AwaitsApps => _pending.Count == 0 || plan.Apps.Any(a => !_pending.Contains(a) && !_reported.Contains(a.Definition.Name));

    private StagedStart CreateStart()
    {
        var wanted = operations.TargetsOf(OperationKind.StartService);
        var replaced = wanted.Where(s => before.ContainerOf(s) is not null).ToHashSet(StringComparer.Ordinal);
        return embedded is null
            ? new StagedStart(ServiceStage.Of(plan.Model.Services, wanted), replaced,
                new ServiceStarter(context, plan, operations, before, keepsContainers, progress, OnComposeLine).RunAsync)
            : new StagedStart(wanted.Count == 0 ? [] : [new ServiceStage(wanted, [])], replaced,
                (services, _, c) => new EmbeddedServices(context).StartAsync(plan.Spec, embedded, services, progress, c));
    }

    private async Task<ObservedState> AwaitReadyAsync(
        StagedStart services, EngineEvents? events, CancellationToken stop, CancellationToken stopApps, CancellationToken cancellation)
    {
        var watch = new Watch(context, plan.Spec, events);
        var ended = 0;
        services.Advance(before, services.Unsettled, stop);
        var isFresh = operations.IsEmpty; // nothing was started since the observation
        while (true)
        {
            // Before the observation, which must not include the state of an app before its start.
            if (_starting.IsCompleted && _inHand.Count > 0)
            {
                await EndOfStartAsync(cancellation);
                _pending.RemoveAll(_inHand.Contains);
                _inHand.Clear();
                _lastMove = context.Clock.GetTimestamp();
            }

            // All before the observation: what a start replaced must not be mistaken for its replacement.
            var (isDone, unsettled) = (services.IsDone, services.Unsettled);
            if (services.Ended != ended)
                watch.Renew();
            ended = services.Ended;
            var observed = (isFresh ? before : await watch.LookAsync(AwaitsApps, cancellation)).Since(before);
            isFresh = false;
            if (await services.FindFailureAsync() is { } failure)
                throw await new ComposeFailure(context, plan).ExplainAsync(failure, cancellation);

            var blocking = new Blockers(
                context, plan.Spec, [.. plan.Model.Services.Select(s => s.Name)], plan.Apps, observed, unsettled,
                new AppStarts { Pending = _pending, InHand = _inHand, Answering = _answering, Proofs = _proofs });
            if (await blocking.FindFailureAsync(cancellation) is { } hopeless && !services.Advance(observed, unsettled, stop))
                throw hopeless;
            ReportReady(blocking);
            services.Advance(observed, unsettled, stop);
            await StartAppsAsync(blocking, observed, stopApps, cancellation);
            if (_pending.Count == 0 && isDone && blocking.IsEmpty)
                return observed;
            if (context.Clock.GetElapsedTime(_lastMove) > context.Options.Timeout)
                throw await blocking.TimedOutAsync($"no progress for {context.Options.Timeout.TotalSeconds:0} s", cancellation);
            await ObservationTimer.WaitAsync(events, blocking, services.NextEnd(), cancellation);
        }
    }

    /// <summary>Starts all apps whose needs are met with one call of PM2, without waiting for it.</summary>
    private async Task StartAppsAsync(
        Blockers blocking, ObservedState observed, CancellationToken stopApps, CancellationToken cancellation)
    {
        if (_inHand.Count > 0)
            return; // a start that has finished meanwhile is recorded before the next observation
        foreach (var app in _pending)
        {
            if (!await NeedsAreMetAsync(app, blocking, cancellation))
                continue;
            progress.Step(app.Definition.Name, "starting");
            _inHand.Add(app);
        }

        if (_inHand.Count > 0)
        {
            _lastMove = context.Clock.GetTimestamp();
            _starting = _apps.StartAsync(
                plan.Spec, [.. _inHand], [.. _inHand.Select(a => a.ProcessName).Where(n => observed.ProcessOf(n) is not null)], stopApps);
        }
    }

    private async Task EndOfStartAsync(CancellationToken cancellation)
    {
        try
        {
            await _starting;
        }
        catch (CommandFailedException e) when (e.Result.ExitCode == (int)ExitCode.Interrupted)
        {
            // Ctrl-C also reaches PM2, which may exit before this process handles it.
            await Task.Delay(TimeSpan.FromSeconds(1), context.Clock, cancellation);
            throw;
        }
    }

    private async Task<bool> NeedsAreMetAsync(AppPlan app, Blockers blocking, CancellationToken cancellation)
    {
        foreach (var need in app.Needs)
        {
            var readiness = blocking.Services.FirstOrDefault(s => s.Service == need.Service).Readiness;
            if (readiness is { IsSettled: false })
                return false;
            if (readiness is not { IsReady: true })
                continue; // it will never be there: the app starts without it

            // PostgreSQL is "healthy" over its own socket while its init scripts still run and TCP is closed.
            if (!_answering.Contains(need.Port) && !await PortProbe.AnswersAsync(need.Port, cancellation))
                return false;
            _answering.Add(need.Port);
        }

        return true;
    }

    private void ReportReady(Blockers blocking)
    {
        foreach (var (service, readiness) in blocking.Services)
            ReportReady(service, readiness);
        foreach (var (app, readiness) in blocking.Apps)
            ReportReady(app.Definition.Name, readiness);
    }

    private void ReportReady(string subject, Readiness readiness)
    {
        if (!readiness.IsReady && !_reported.Contains(subject))
            progress.Waiting(subject, readiness.Reason);
        if (!readiness.IsReady || !_reported.Add(subject))
            return;
        _lastMove = context.Clock.GetTimestamp();
        progress.Done(subject, readiness.Reason);
    }

    private void OnComposeLine(string line)
    {
        // A pull may take long; any output counts as progress.
        _lastMove = context.Clock.GetTimestamp();
        ComposeProgress.Report(progress, plan.Spec.Project, line);
    }
}

/// <summary>
/// Starts the services of one instance. Compose creates all containers in one call; the engine starts each as soon as possible,
/// starting with those that most others depend on. Calling Compose for each stage would read and inspect everything again.
/// </summary>
/// <param name="operations">What is done, in whatever stage.</param>
/// <param name="before">What was observed before.</param>
/// <param name="keepsContainers">Whether Compose leaves containers as they are whose image was rebuilt.</param>
/// <param name="progress">Receives notes on them.</param>
/// <param name="onLine">Called for each line of Compose's progress.</param>
internal sealed class ServiceStarter(
    ManagerContext context, InstancePlan plan, OperationPlan operations, ObservedState before, bool keepsContainers,
    InstanceProgress progress, Action<string> onLine)
{
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
            _made ??= context.Programs.RunAsync(
                1, () => context.Compose.CreateAsync(plan.Spec, _wanted, _renewal, onLine, cancellation), cancellation);
        }

        if (_made is not null && await _made is { Succeeded: false } failure)
            return failure;
        return isAlone && !services.Any(s => _services[s].IsStartedByCompose)
            ? await StartAsync(services, cancellation)
            : await context.Compose.UpAsync(plan.Spec, services, isAlone, _renewal, onLine, cancellation);
    }

    /// <summary>
    /// Brings containers into a state from which they can be started: the engine does not start what is paused nor, from the
    /// beginning, what it is restarting; and Compose replaces only what differs from its files.
    /// </summary>
    private async Task<ProcessResult> PrepareAsync(CancellationToken cancellation)
    {
        await Task.WhenAll(before.Containers.Where(c => _wanted.Contains(c.Service)).Select(c => c.State switch
        {
            ContainerState.Paused => context.Docker.UnpauseAsync(c.Id, cancellation),
            ContainerState.Restarting => context.Docker.StopAsync(c.Id, grace: null, cancellation),
            _ => Task.CompletedTask,
        }));
        List<string> replaced =
            [.. operations.Operations.Where(o => o is { Kind: OperationKind.StartService, Replaces: true }).Select(o => o.Target)];
        // Compose does not list these, and their names conflict.
        foreach (var container in before.Containers.Where(c => !c.IsKnownToCompose && replaced.Contains(c.Service)))
        {
            await context.Docker.StopAsync(container.Id, grace: null, cancellation);
            await context.Docker.RemoveAsync(container.Id, withVolumes: false, cancellation);
        }

        return replaced.Count == 0
            ? new ProcessResult(0, "", "")
            : await context.Programs.RunAsync(
                1, () => context.Compose.CreateAsync(plan.Spec, replaced, ContainerRenewal.Always, onLine, cancellation), cancellation);
    }

    private async Task<ProcessResult> StartAsync(IReadOnlyList<string> services, CancellationToken cancellation)
    {
        var starts = new Dictionary<string, Task<string?>>(StringComparer.Ordinal);
        foreach (var service in services.OrderByDescending(Dependents))
            _ = Begin(service);
        var refusals = await Task.WhenAll(starts.Values);
        return refusals.FirstOrDefault(r => r is not null) is { } refusal
            ? new ProcessResult(1, "", $"Error response from daemon: {refusal}\n")
            : new ProcessResult(0, "", "");

        Task<string?> Begin(string service) =>
            starts.TryGetValue(service, out var start) ? start : starts[service] = StartAsync(service, Before(service), cancellation);

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

        return await context.Starts.RunAsync(Dependents(service), () => StartNowAsync(service, cancellation), cancellation);
    }

    private async Task<string?> StartNowAsync(string service, CancellationToken cancellation)
    {
        progress.Step(service, "starting");
        var refusal = await context.Docker.StartAsync(plan.Spec.Project, service, cancellation);
        if (refusal is null)
            progress.Step(service, "started");
        return refusal;
    }

    /// <summary>How many services and apps wait for a service, also through others.</summary>
    private int Dependents(string service) =>
        _wanted.Count(w => w != service && DependsOn(w, service, []))
        + plan.Apps.Count(a => a.Needs.Any(n => n.Service == service || (_services.ContainsKey(n.Service) && DependsOn(n.Service, service, []))));

    private bool DependsOn(string service, string other, HashSet<string> seen) =>
        seen.Add(service) && _services.TryGetValue(service, out var definition)
        && definition.DependsOn.Keys.Any(d => d == other || DependsOn(d, other, seen));
}
