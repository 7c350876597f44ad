using InstanceKit.Drivers;
using InstanceKit.Generation;
using InstanceKit.Instances;
using InstanceKit.Planning;
using InstanceKit.Processes;
using InstanceKit.Status;

namespace InstanceKit.Lifecycle;

/// <summary>
/// Carries out the starts of an Up: Compose starts the services, and each app is started as soon as the services that
/// its own variables address are ready; ends when everything is ready, or names what blocks.
/// </summary>
internal sealed class StartSequence(
    ManagerContext context, InstancePlan plan, IReadOnlyList<EmbeddedChoice>? embedded, OperationPlan operations,
    ObservedState before, InstanceProgress progress)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(150);

    private readonly Observer _observer = new(context);
    private readonly AppRunner _apps = new(context);
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);
    private readonly HashSet<int> _answering = [];
    private readonly HashSet<string> _replaced =
        [.. operations.TargetsOf(OperationKind.StartService).Where(s => before.ContainerOf(s) is not null)];

    private readonly HashSet<string> _none = [];
    private long _lastMove = context.Clock.GetTimestamp();

    /// <summary>Starts and waits.</summary>
    /// <returns>The last observation: everything is ready.</returns>
    /// <exception cref="InstanceKitException">A service or app failed, or was not ready in time.</exception>
    public async Task<ObservedState> RunAsync(CancellationToken cancellation)
    {
        var services = operations.TargetsOf(OperationKind.StartService);
        using var compose = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var composing = services.Count == 0
            ? Task.FromResult(new ProcessResult(0, "", ""))
            : embedded is null
                ? context.Compose.UpAsync(plan.Spec, services, OnComposeLine, compose.Token)
                : new EmbeddedServices(context).StartAsync(plan.Spec, embedded, services, progress, compose.Token);
        try
        {
            return await AwaitReadyAsync(composing, cancellation);
        }
        finally
        {
            // When something failed meanwhile, Compose must not go on behind the back of the next command.
            await compose.CancelAsync();
            await Task.WhenAny(composing);
        }
    }

    private async Task<ObservedState> AwaitReadyAsync(Task<ProcessResult> composing, CancellationToken cancellation)
    {
        var pending = plan.Apps.Where(a => IsToBeStarted(a.ProcessName)).ToList();
        using var timer = new PeriodicTimer(Tick, context.Clock);
        while (true)
        {
            var isComposed = composing.IsCompleted;
            var observed = await _observer.ObserveAsync(plan.Spec, cancellation);
            if (isComposed && await composing is { Succeeded: false } failure)
                throw await new ComposeFailure(context, plan).ExplainAsync(failure, cancellation);

            var blocking = new Blockers(
                context, plan.Spec, [.. plan.Model.Services.Select(s => s.Name)], plan.Apps, observed, isComposed ? _none : _replaced, pending);
            if (await blocking.FindHopelessAsync(cancellation) is { } hopeless)
                throw hopeless;
            ReportReady(blocking);
            if (await StartNextAsync(pending, blocking, observed, cancellation))
                continue;
            if (pending.Count == 0 && isComposed && blocking.IsEmpty)
                return observed;
            if (context.Clock.GetElapsedTime(_lastMove) > context.Options.Timeout)
                throw await blocking.TimedOutAsync($"nothing moved for {context.Options.Timeout.TotalSeconds:0} s", cancellation);
            await timer.WaitForNextTickAsync(cancellation);
        }
    }

    /// <summary>Starts the first app whose needs are met; one at a time, so that each start is seen.</summary>
    private async Task<bool> StartNextAsync(
        List<AppPlan> pending, Blockers blocking, ObservedState observed, CancellationToken cancellation)
    {
        foreach (var app in pending)
        {
            if (!await NeedsAreMetAsync(app, blocking, cancellation))
                continue;
            progress.Step(app.Definition.Name, "starting");
            await _apps.StartAsync(plan.Spec, app, observed.ProcessOf(app.ProcessName) is not null, cancellation);
            pending.Remove(app);
            _lastMove = context.Clock.GetTimestamp();
            return true;
        }

        return false;
    }

    private async Task<bool> NeedsAreMetAsync(AppPlan app, Blockers blocking, CancellationToken cancellation)
    {
        foreach (var need in app.Needs)
        {
            var readiness = blocking.Services.FirstOrDefault(s => s.Service == need.Service).Readiness;
            if (readiness is null or { IsSettled: false })
                return false;
            if (!readiness.IsReady)
                continue; // it will never be there: the app starts without it

            // PostgreSQL is "healthy" over its own socket while its init scripts still run and TCP is closed.
            if (!_answering.Contains(need.Port) && !await PortProbe.AnswersAsync(need.Port, cancellation))
                return false;
            _answering.Add(need.Port);
        }

        return true;
    }

    private bool IsToBeStarted(string process) => operations.Operations.Any(
        o => o.Kind is OperationKind.StartApp or OperationKind.RestartApp && o.Target == process);

    private void ReportReady(Blockers blocking)
    {
        foreach (var (service, readiness) in blocking.Services)
            ReportReady(service, readiness);
        foreach (var (app, readiness) in blocking.Apps)
            ReportReady(app.Definition.Name, readiness);
    }

    private void ReportReady(string subject, Readiness readiness)
    {
        if (!readiness.IsReady || !_reported.Add(subject))
            return;
        _lastMove = context.Clock.GetTimestamp();
        progress.Done(subject, readiness.Reason);
    }

    private void OnComposeLine(string line)
    {
        // A pull may take long; as long as it says something, it moves.
        _lastMove = context.Clock.GetTimestamp();
        ComposeProgress.Report(progress, plan.Spec.Project, line);
    }
}
