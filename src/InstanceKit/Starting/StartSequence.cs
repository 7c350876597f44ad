using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Observing;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Reconcile;

namespace InstanceKit.Starting;

/// <summary>
/// Carries out the starts of an Up: Compose starts the services, and each app is started as soon as the services that
/// its own variables address are ready; ends when everything is ready, or reports what blocks.
/// </summary>
/// <param name="services">The starts of services.</param>
/// <param name="processors">How many processors the machine has: what nothing waits for starts when they have less to do.</param>
/// <param name="actions">What it does to the world.</param>
internal sealed class StartSequence(
    InstancePlan plan, OperationPlan operations, ObservedState before, StagedStart services, IStartActions actions,
    InstanceProgress progress, ManagerOptions options, int processors, TimeProvider clock)
{
    /// <summary>How long without any progress until everything is started that may be.</summary>
    private static readonly TimeSpan LongestLull = TimeSpan.FromSeconds(3);

    /// <summary>How long PM2 may continue a start after the instance has failed.</summary>
    private static readonly TimeSpan EndOfPm2 = TimeSpan.FromSeconds(10);

    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);
    private readonly HashSet<int> _answering = [];
    private readonly List<AppPlan> _pending =
        [.. plan.Apps.Where(a => operations.Operations.Any(o => o.Kind is OperationKind.StartApp or OperationKind.RestartApp && o.Target == a.ProcessName))];

    private readonly List<AppPlan> _beingStarted = [];
    private readonly Dictionary<string, TimeSpan> _proofs = ProofsOf(operations, before, options.Timeout);
    private Task _starting = Task.CompletedTask;
    private Task _provisioning = Task.CompletedTask;
    private readonly DateTimeOffset _begun = clock.GetUtcNow();
    private long _lastMove = clock.GetTimestamp();

    /// <summary>Starts and waits.</summary>
    /// <returns>The last observation: everything is ready.</returns>
    /// <exception cref="InstanceKitException">A service or app failed, or was not ready in time.</exception>
    public async Task<ObservedState> RunAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var stopApps = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        await using var both = cancellation.Register(stopApps.Cancel);
        try
        {
            return await AwaitReadyAsync(stop.Token, stopApps.Token, cancellation);
        }
        finally
        {
            // After a failure, neither may keep running in the background of the next command. Compose stops cleanly,
            // PM2 would leave its daemon in the middle of a start.
            await stop.CancelAsync();
            stopApps.CancelAfter(EndOfPm2);
            await services.EndAsync();
            await Task.WhenAny(_starting);
            await Task.WhenAny(_provisioning);
        }
    }

    // A restart resets PM2's restart counter. Spend at most half of the time limit on proving that a crash loop is over.
    private static Dictionary<string, TimeSpan> ProofsOf(OperationPlan operations, ObservedState before, TimeSpan patience) =>
        operations.TargetsOf(OperationKind.RestartApp).Select(before.ProcessOf).OfType<ObservedProcess>()
            .Where(p => p.Restarts >= Readiness.CrashLoopRestarts)
            .Select(p => (p.Name, Proof: Readiness.ProofOf(p))).Where(p => p.Proof is not null)
            .ToDictionary(p => p.Name, p => p.Proof!.Value < patience / 2 ? p.Proof.Value : patience / 2, StringComparer.Ordinal);

    /// <summary>How long each service that was started took to become ready after its container had started.</summary>
    public Dictionary<string, TimeSpan> Times { get; } = new(StringComparer.Ordinal);

    /// <summary>Counts as progress: Compose may pull an image for a long time.</summary>
    public void Touch() => _lastMove = clock.GetTimestamp();

    /// <summary>Whether one of the apps that were started is not ready yet, or all were.</summary>
    private bool AwaitsApps => _pending.Count == 0 || plan.Apps.Any(a => !_pending.Contains(a) && !_reported.Contains(a.Definition.Name));

    private async Task<ObservedState> AwaitReadyAsync(
        CancellationToken stop, CancellationToken stopApps, CancellationToken cancellation)
    {
        var ended = 0;
        _provisioning = plan.Spec.Shared?.Provision?.Invoke(stop) ?? Task.CompletedTask;
        services.Advance(before, services.Unsettled, withLater: _pending.Count == 0, stop);
        var isFresh = operations.IsEmpty; // nothing was started since the observation
        while (true)
        {
            // Before the observation, which must not include the state of an app before its start.
            if (_starting.IsCompleted && _beingStarted.Count > 0)
            {
                await EndOfStartAsync(cancellation);
                _pending.RemoveAll(_beingStarted.Contains);
                _beingStarted.Clear();
                _lastMove = clock.GetTimestamp();
            }

            // All before the observation: what a start replaced must not be mistaken for its replacement.
            var (isDone, unsettled) = (services.IsDone, services.Unsettled);
            if (services.Ended != ended)
                actions.Renew();
            ended = services.Ended;
            var observed = (isFresh ? before : await actions.ObserveAsync(AwaitsApps, cancellation)).Since(before);
            isFresh = false;
            if (await services.FindFailureAsync() is { } failure)
                throw await actions.ExplainAsync(failure, cancellation);
            var isProvisioned = _provisioning.IsCompleted;
            if (isProvisioned)
                await _provisioning;
            else
                _lastMove = clock.GetTimestamp(); // it has time limits of its own

            var blocking = new Blockers(
                options.Next, clock.GetUtcNow(), (service, c) => actions.TailAsync(observed, service, c), plan.Spec,
                [.. plan.Model.Services.Select(s => s.Name)], plan.Apps, observed, unsettled,
                new AppStarts { AwaitsTenants = !isProvisioned, Pending = _pending, BeingStarted = _beingStarted, Answering = _answering, Proofs = _proofs });
            if (await blocking.FindFailureAsync(cancellation) is { } hopeless && !services.Advance(observed, unsettled, withLater: false, stop))
                throw hopeless;
            ReportReady(blocking, observed);
            services.Advance(observed, unsettled, IsTimeForLater(blocking), stop);
            await StartAppsAsync(blocking, observed, stopApps, cancellation);
            if (_pending.Count == 0 && isDone && isProvisioned && blocking.IsEmpty)
                return observed;
            if (clock.GetElapsedTime(_lastMove) > options.Timeout)
                throw await blocking.TimedOutAsync($"no progress for {options.Timeout.TotalSeconds:0} s", cancellation);
            await actions.PauseAsync(blocking, services.NextEnd() is var end && isProvisioned ? end : end.IsCompleted ? _provisioning : Task.WhenAny(end, _provisioning), cancellation);
        }
    }

    /// <summary>Whether enough processors are free for services that nothing waits for.</summary>
    private bool IsTimeForLater(Blockers blocking) =>
        blocking.Services.Count(s => !s.Readiness.IsSettled && !services.Later.Contains(s.Service)) + blocking.Apps.Count(a => !a.Readiness.IsReady)
            < Math.Max(1, processors / 2)
        || clock.GetElapsedTime(_lastMove) > LongestLull;

    /// <summary>Whether an app that needs no service may start: not before most containers, of whose start others wait for the end.</summary>
    private bool IsTimeForOthers(ObservedState observed) =>
        plan.Model.Services.Count(s => !services.Later.Contains(s.Name) && observed.ContainerOf(s.Name) is null or { State: ContainerState.Created }) < processors
        || clock.GetElapsedTime(_lastMove) > LongestLull;

    /// <summary>Starts all apps whose needs are met with one call of PM2, without waiting for it.</summary>
    private async Task StartAppsAsync(
        Blockers blocking, ObservedState observed, CancellationToken stopApps, CancellationToken cancellation)
    {
        if (_beingStarted.Count > 0 || !_provisioning.IsCompletedSuccessfully)
            return; // a start that has finished meanwhile is recorded before the next observation
        await AskPortsAsync(blocking, cancellation);
        _beingStarted.AddRange(_pending.Where(a => a.Needs.Count > 0 && a.Needs.All(n => IsMet(n, blocking))));
        if (_beingStarted.Count > 0 || IsTimeForOthers(observed))
            _beingStarted.AddRange(_pending.Where(a => a.Needs.Count == 0));
        if (_beingStarted.Count > 0)
        {
            foreach (var app in _beingStarted)
                progress.Step(app.Definition.Name, "starting");
            _lastMove = clock.GetTimestamp();
            _starting = actions.StartAppsAsync(
                [.. _beingStarted], [.. _beingStarted.Select(a => a.ProcessName).Where(n => observed.ProcessOf(n) is not null)], stopApps);
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
            await Task.Delay(TimeSpan.FromSeconds(1), clock, cancellation);
            throw;
        }
    }

    /// <summary>Asks all ports at once that are ready and that apps need: each takes a tenth of a second.</summary>
    private async Task AskPortsAsync(Blockers blocking, CancellationToken cancellation)
    {
        var open = _pending.SelectMany(a => a.Needs).Where(n => !_answering.Contains(n.Port) && ReadinessOf(n, blocking) is { IsReady: true })
            .Select(n => n.Port).Distinct().ToList();
        // PostgreSQL is "healthy" over its own socket while its init scripts still run and TCP is closed.
        var answers = await Task.WhenAll(open.Select(p => actions.AnswersAsync(p, cancellation)));
        _answering.UnionWith(open.Where((_, i) => answers[i]));
    }

    /// <summary>Whether a service is there, or never will be: the app then starts without it.</summary>
    private bool IsMet(AppNeed need, Blockers blocking) =>
        ReadinessOf(need, blocking) is not { } readiness || (readiness.IsReady ? _answering.Contains(need.Port) : readiness.IsSettled);

    private static Readiness? ReadinessOf(AppNeed need, Blockers blocking) => blocking.Services.FirstOrDefault(s => s.Service == need.Service).Readiness;

    private void ReportReady(Blockers blocking, ObservedState observed)
    {
        foreach (var (service, readiness) in blocking.Services)
        {
            if (readiness.IsReady && !_reported.Contains(service) && observed.ContainerOf(service)?.StartedAt is { } start && start >= _begun)
                Times[service] = clock.GetUtcNow() - start;
            ReportReady(service, readiness);
        }

        foreach (var (app, readiness) in blocking.Apps)
            ReportReady(app.Definition.Name, readiness);
    }

    private void ReportReady(string subject, Readiness readiness)
    {
        if (!readiness.IsReady && !_reported.Contains(subject))
            progress.Waiting(subject, readiness.Reason);
        if (!readiness.IsReady || !_reported.Add(subject))
            return;
        _lastMove = clock.GetTimestamp();
        progress.Done(subject, readiness.Reason);
    }
}

/// <summary>What a start observes and does.</summary>
internal interface IStartActions : IWaitActions
{
    /// <summary>Makes the next snapshot a new one: a change may not have been reported by the engine yet.</summary>
    void Renew();

    /// <summary>Starts apps with one call of PM2.</summary>
    /// <param name="listed">The PM2 names of those that PM2 lists already.</param>
    Task StartAppsAsync(IReadOnlyList<AppPlan> apps, IReadOnlyList<string> listed, CancellationToken cancellation);

    /// <summary>Whether something accepts connections on a port of this machine.</summary>
    Task<bool> AnswersAsync(int port, CancellationToken cancellation);

    /// <summary>Explains why services could not be started.</summary>
    Task<InstanceKitException> ExplainAsync(ProcessResult failure, CancellationToken cancellation);
}

/// <summary>What a wait observes and does.</summary>
internal interface IWaitActions
{
    /// <summary>One snapshot of the instance.</summary>
    /// <param name="awaitsApps">Whether an app is waited for; if not, an older observation of processes is sufficient.</param>
    Task<ObservedState> ObserveAsync(bool awaitsApps, CancellationToken cancellation);

    /// <summary>The last lines that a service wrote.</summary>
    Task<IReadOnlyList<string>> TailAsync(ObservedState observed, string service, CancellationToken cancellation);

    /// <summary>Waits until something may have changed.</summary>
    /// <param name="other">Something else that is waited for; completed when there is nothing else.</param>
    Task PauseAsync(Blockers blocking, Task other, CancellationToken cancellation);
}
