using InstanceKit.Apps;
using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Logs;
using InstanceKit.Observing;
using InstanceKit.Reconcile;

namespace InstanceKit.Starting;

/// <summary>What is not ready in one observation, and the errors that report it.</summary>
internal sealed class Blockers
{
    private const int ShownInFull = 3;

    private readonly NextCommand _next;
    private readonly Func<string, CancellationToken, Task<IReadOnlyList<string>>> _tail;
    private readonly InstanceSpec _spec;
    private readonly ObservedState _observed;
    private readonly IReadOnlySet<string> _unsettled;
    private readonly AppStarts _starts;

    /// <param name="now">When the observation was made.</param>
    /// <param name="tail">Reads the last lines that a service wrote.</param>
    /// <param name="services">The services that must be ready.</param>
    /// <param name="apps">The apps that must be.</param>
    /// <param name="observed">The observation.</param>
    /// <param name="unsettled">Services whose old container Compose may still replace; its state does not count.</param>
    /// <param name="starts">What is known of apps that are being started.</param>
    public Blockers(
        NextCommand next, DateTimeOffset now, Func<string, CancellationToken, Task<IReadOnlyList<string>>> tail, InstanceSpec spec,
        IReadOnlyList<string> services, IReadOnlyList<AppPlan> apps, ObservedState observed, IReadOnlySet<string> unsettled, AppStarts starts)
    {
        _next = next;
        _tail = tail;
        _spec = spec;
        _observed = observed;
        _unsettled = unsettled;
        _starts = starts;
        Services =
        [
            .. services.Select(s => (s, unsettled.Contains(s)
                ? new Readiness(ReadyState.Waiting, Unsettled(Readiness.OfService(observed.ContainerOf(s), now)))
                : Readiness.OfService(observed.ContainerOf(s), now))),
        ];
        Apps =
        [
            .. apps.Select(a => (a, starts.Pending.Contains(a)
                ? new Readiness(ReadyState.Waiting, WhyPending(a))
                : Readiness.OfApp(observed.ProcessOf(a.ProcessName), a.Port, now, starts.Proofs.GetValueOrDefault(a.ProcessName)))),
        ];
    }

    /// <summary>Every service with its readiness.</summary>
    public IReadOnlyList<(string Service, Readiness Readiness)> Services { get; }

    /// <summary>Every app with its readiness.</summary>
    public IReadOnlyList<(AppPlan App, Readiness Readiness)> Apps { get; }

    /// <summary>Whether health checks are running on demand, which no event reports.</summary>
    public bool IsChecking => _observed.Containers.Any(
        c => c is { State: ContainerState.Running, Health: ContainerHealth.Starting, PassesHealthTest: false });

    /// <summary>Whether everything is ready.</summary>
    public bool IsEmpty => Services.All(s => s.Readiness.IsSettled) && Apps.All(a => a.Readiness.IsReady);

    /// <summary>The error for a failure that waiting can't fix, or <see langword="null"/>.</summary>
    public async Task<InstanceKitException?> FindFailureAsync(CancellationToken cancellation)
    {
        var (service, serviceReadiness) = Services.FirstOrDefault(s => s.Readiness.State == ReadyState.Failed);
        if (service is not null)
        {
            return Error(
                $"service {service}: {serviceReadiness.Reason}.", [await DescribeServiceAsync(service, cancellation)], service,
                _observed.ContainerOf(service) is { Lacks: not null } ? ReplaceIt : "");
        }

        if (Services.FirstOrDefault(s => IsEnded(s.Service)).Service is { } ended)
        {
            return Error(
                $"service {ended} exited with code 0, but {_observed.ContainerOf(ended)!.MustRun}.",
                [await DescribeServiceAsync(ended, cancellation)], ended, StartIt);
        }

        var (app, appReadiness) = Apps.FirstOrDefault(a => a.Readiness.State == ReadyState.Failed);
        return app is null
            ? null
            : Error($"app {app.Definition.Name}: {appReadiness.Reason}.", [await DescribeAppAsync(app, cancellation)], app.Definition.Name);
    }

    /// <summary>The error for everything that was not ready in time.</summary>
    /// <param name="what">What timed out: "no progress for 120 s".</param>
    public async Task<InstanceKitException> TimedOutAsync(string what, CancellationToken cancellation)
    {
        var reasons = new List<string>();
        var details = new List<string>();
        var toRestart = new List<string>();
        var first = "";
        foreach (var (service, readiness) in Services.Where(s => !s.Readiness.IsSettled))
        {
            reasons.Add($"service {service}: {readiness.Reason}");
            first = first.Length == 0 ? service : first;
            if (details.Count < ShownInFull && _observed.ContainerOf(service) is not null)
                details.Add(await DescribeServiceAsync(service, cancellation));
        }

        foreach (var (app, readiness) in Apps.Where(a => !a.Readiness.IsReady))
        {
            var name = app.Definition.Name;
            first = first.Length == 0 ? name : first;
            reasons.Add($"app {name}: {readiness.Reason}");
            if (!_starts.Pending.Contains(app) && _observed.ProcessOf(app.ProcessName) is { IsOnline: true })
                toRestart.Add(name);
            if (details.Count < ShownInFull && !_starts.Pending.Contains(app))
                details.Add(await DescribeAppAsync(app, cancellation));
        }

        return Error(
            $"{what}.\n" + string.Join('\n', reasons.Select(r => $"    {r}")), details, first,
            toRestart.Count == 0 ? "" : "Fix it and restart it: "
                + $"{_next.For("Restart", _spec.Number, $"--only {string.Join(',', toRestart)}")}\n");
    }

    private string StartIt => $"Start it: {_next.For("Up", _spec.Number)}\n";

    private string ReplaceIt => $"Replace it: {_next.For("Up", _spec.Number)}\n";

    /// <summary>Whether a server has exited and will not be restarted.</summary>
    private bool IsEnded(string service) => !_unsettled.Contains(service)
        && _observed.ContainerOf(service) is { State: ContainerState.Exited, ExitCode: 0, StaysEnded: true, MustRun: not null, Skipped: null };

    private InstanceKitException Error(string what, IEnumerable<string> details, string subject, string remedy = "") => new(
        ExitCode.NotReady,
        $"{_spec.Title} is not ready: {what}{string.Concat(details)}",
        $"{remedy}See the full log: {_next.For("Logs", _spec.Number, $"--only {subject}")}");

    private async Task<string> DescribeServiceAsync(string service, CancellationToken cancellation) => LastLines.Format(
        $"service {service}", await _tail(service, cancellation));

    /// <summary>The state of its container does not count yet, but shows what Compose may be waiting for.</summary>
    private static string Unsettled(Readiness now) => now.IsReady
        ? "Compose is still waiting for it"
        : $"Compose is still waiting for it ({now.Reason})";

    /// <summary>Why an app has not been started yet; PM2 starts one app after the other.</summary>
    private string WhyPending(AppPlan app)
    {
        if (_starts.BeingStarted.Contains(app))
            return "PM2 is starting it";
        if (_starts.AwaitsTenants)
            return "not started; waiting for its part of the shared services";
        return _starts.BeingStarted.Count > 0 && app.Needs.All(n => Services.Any(s => s.Service == n.Service && s.Readiness.IsSettled))
            ? $"not started; PM2 is still starting {string.Join(", ", _starts.BeingStarted.Select(a => a.Definition.Name))}"
            : $"not started; waiting for {Missing(app)}";
    }

    /// <summary>Its unmet needs: services that are not ready, else those whose port did not answer.</summary>
    private string Missing(AppPlan app)
    {
        var missing = app.Needs.Where(n => Services.Any(s => s.Service == n.Service && !s.Readiness.IsSettled)).ToList();
        if (missing.Count == 0)
            missing = [.. app.Needs.Where(n => Services.Any(s => s.Service == n.Service && s.Readiness.IsReady) && !_starts.Answering.Contains(n.Port))];
        return missing.Count == 0 ? "PM2" : string.Join(", ", missing.Select(n => $"{n.Service} on port {n.Port}"));
    }

    private async Task<string> DescribeAppAsync(AppPlan app, CancellationToken cancellation)
    {
        var lines = new List<string>();
        foreach (var path in AppLogs.PathsOf(_spec, app.Definition.Name))
            lines.AddRange(await AppLogs.TailAsync(path, LastLines.Count, cancellation));
        return LastLines.Format($"app {app.Definition.Name}", lines);
    }
}

/// <summary>What is known of apps that are being started.</summary>
internal sealed record AppStarts
{
    /// <summary>Nothing is being started.</summary>
    public static AppStarts None { get; } = new();

    /// <summary>Whether the instance's part of shared services is still being prepared.</summary>
    public bool AwaitsTenants { get; init; }

    /// <summary>Apps that are still to be started; the state of their old process does not count.</summary>
    public IReadOnlyCollection<AppPlan> Pending { get; init; } = [];

    /// <summary>Those of them that PM2 is starting.</summary>
    public IReadOnlyCollection<AppPlan> BeingStarted { get; init; } = [];

    /// <summary>Ports of services that have answered.</summary>
    public IReadOnlySet<int> Answering { get; init; } = new HashSet<int>();

    /// <summary>How long an app that was in a crash loop must run this time, by its PM2 name.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Proofs { get; init; } = new Dictionary<string, TimeSpan>();
}
