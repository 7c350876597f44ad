using InstanceKit.Apps;
using InstanceKit.Engine;
using InstanceKit.Infra;
using InstanceKit.Instances;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Reconcile;
using InstanceKit.Stacks;

namespace InstanceKit.Observing;

/// <summary>Queries the engine and PM2 concurrently for the state of instances.</summary>
/// <param name="listProcesses">Queries the PM2 daemon of an instance.</param>
/// <param name="isEmbedded">Whether the services of an instance run as processes.</param>
/// <param name="first">An observation that has already started; it serves the first query.</param>
internal sealed class Observer(
    NextCommand next, Lazy<EngineClient> engine, Func<InstanceSpec, CancellationToken, Task<IReadOnlyList<Pm2Process>>> listProcesses,
    Func<InstanceSpec, CancellationToken, Task<bool>> isEmbedded, SharedSnapshots snapshots, HealthCheckRunner health, TimeProvider clock, EarlyObservation? first = null)
{
    private EarlyObservation? _head = first;

    private static readonly TimeSpan QuickTimeout = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FullTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan PartialTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Observes one instance repeatedly while a command waits for it.</summary>
    /// <param name="events">The engine's events; <see langword="null"/> where services are not containers.</param>
    public Watch Follow(InstanceSpec spec, EngineEvents? events) => new(
        isEmbedded, (project, c) => engine.Value.ListStartingAsync(project, c), snapshots.NextAsync, health, clock, spec, () => events?.Count);

    /// <inheritdoc cref="HealthCheckRunner.NextEnd"/>
    public Task NextCheck() => health.NextEnd();

    /// <summary>One snapshot of an instance.</summary>
    public async Task<ObservedState> ObserveAsync(InstanceSpec spec, CancellationToken cancellation) =>
        (await ObserveAsync([spec], Measure.Nothing, cancellation))[0];

    /// <summary>One snapshot of several instances, with their resource usage; each source is queried once.</summary>
    /// <param name="isPartial">
    /// Whether to skip a source that does not answer within five seconds: the states then name what is unknown, and why.
    /// </param>
    /// <returns>As many as instances, in their order.</returns>
    public async Task<IReadOnlyList<ObservedState>> ObserveAsync(
        IReadOnlyList<InstanceSpec> specs, Measure measure, CancellationToken cancellation, bool isPartial = false)
    {
        var head = Interlocked.Exchange(ref _head, null);
        var containers = AskAsync(
            async limit => await ObserveContainersAsync(await InEngineAsync(specs, limit), measure, head, limit),
            isPartial, l => EngineFailure.Silent(engine.Value.Endpoint, l), cancellation);
        var (looks, appsFailure) = await AskAsync(
            limit => SnapshotAsync(specs, head, limit), isPartial, l => Pm2SocketClient.Silent(Pm2Access.HomeOf(specs[0]).Path, l), cancellation);
        var (byProject, engineFailure) = await containers;
        var states = new List<ObservedState>(specs.Count);
        for (var i = 0; i < specs.Count; i++)
        {
            var wasEmbedded = InstanceRecord.InfraOf(InstanceStore.ReadRecord(specs[i].Paths)) is InfraMode.Embedded;
            var own = byProject?.GetValueOrDefault(specs[i].Project);
            var pm2Failure = appsFailure ?? (isPartial && looks?[i] is { IsEmpty: true } ? FindAbandoned(specs[i]) : null);
            var servicesFailure = own is not null ? null : wasEmbedded ? pm2Failure : engineFailure;
            states.Add(new ObservedState(
                own ?? (servicesFailure is null && looks is not null ? await EmbeddedServices.ObserveAsync(specs[i], looks[i], measure, cancellation) : []),
                looks?[i].Describe(IsApp(specs[i]), measure) ?? [],
                InstanceStore.ReadRecord(specs[i].Paths)?.AppliedModel)
            {
                ServicesFailure = servicesFailure, AppsFailure = pm2Failure,
            });
        }

        return states;
    }

    /// <summary>Processes that a killed daemon left running; a daemon that exits normally removes its file.</summary>
    private InstanceKitException? FindAbandoned(InstanceSpec spec)
    {
        var home = Pm2Access.HomeOf(spec).Path;
        if (!File.Exists(Path.Combine(home, "pm2.pid")) || OwnedProcesses.Find(spec.OwnerMarker) is not { Count: > 0 } left)
            return null;
        return new InstanceKitException(
            ExitCode.Prerequisite,
            $"PM2's daemon (PM2_HOME={home}) is not running, but processes that it started still are: {string.Join(", ", left.Select(p => p.Pid).Order())}.",
            $"Replace them: {next.For("Up", spec.Number)}, or stop them: {next.For("Down", spec.Number)}");
    }

    private async Task<List<InstanceSpec>> InEngineAsync(IReadOnlyList<InstanceSpec> specs, CancellationToken cancellation)
    {
        var inEngine = new List<InstanceSpec>();
        foreach (var spec in specs)
        {
            if (!await isEmbedded(spec, cancellation))
                inEngine.Add(spec);
        }

        return inEngine;
    }

    /// <summary>The answer, or, in a partial observation, why there is none.</summary>
    private async Task<(T? Answer, InstanceKitException? Failure)> AskAsync<T>(
        Func<CancellationToken, Task<T>> question, bool isPartial, Func<TimeSpan, InstanceKitException> silent, CancellationToken cancellation)
        where T : class
    {
        if (!isPartial)
            return (await question(cancellation), null);
        using var timer = new CancellationTokenSource(PartialTimeout, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timer.Token);
        try
        {
            return (await question(limit.Token).WaitAsync(limit.Token), null);
        }
        catch (InstanceKitException e) when (e.ExitCode == ExitCode.Prerequisite)
        {
            return (null, e);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, silent(PartialTimeout));
        }
    }

    /// <summary>
    /// The processes of the instance's apps, with the ports that each one's tree listens on; also those of apps that the
    /// stack had before its stack file or PM2 config changed.
    /// </summary>
    public async Task<IReadOnlyList<ObservedProcess>> ObserveProcessesAsync(InstanceSpec spec, CancellationToken cancellation) =>
        (await SnapshotAsync([spec], head: null, cancellation))[0].Describe(IsApp(spec), Measure.Nothing);

    /// <summary>Which processes are apps of an instance.</summary>
    public static Func<Pm2Process, bool> IsApp(InstanceSpec spec)
    {
        var names = spec.Stack.Apps.Select(spec.ProcessNameOf).ToHashSet(StringComparer.Ordinal);
        var isService = ServiceProcesses.IsService(spec);
        return p => names.Contains(p.Name) || (p.Owner == spec.OwnerMarker && !isService(p));
    }

    private async Task<IReadOnlyDictionary<string, IReadOnlyList<ObservedContainer>>> ObserveContainersAsync(
        List<InstanceSpec> specs, Measure measure, EarlyObservation? head, CancellationToken cancellation)
    {
        if (specs.Count == 0)
            return new Dictionary<string, IReadOnlyList<ObservedContainer>>();
        var projects = specs.ConvertAll(s => s.Project);
        var listed = (head is null ? null : await head.ContainersOfAsync(projects, measure).WaitAsync(cancellation))
            ?? await ListAsync(engine.Value, projects, measure, cancellation);
        var observed = new Dictionary<string, IReadOnlyList<ObservedContainer>>(StringComparer.Ordinal);
        foreach (var spec in specs)
        {
            var known = new HealthCheckCache(clock, spec.Paths).Recall(listed[spec.Project]);
            observed[spec.Project] = await CompleteAsync(Check(InstanceStore.ReadRecord(spec.Paths), known), cancellation);
        }

        return observed;
    }

    /// <summary>The containers, each with its deviation from what the last Up expects.</summary>
    public static IReadOnlyList<ObservedContainer> Check(InstanceRecord? record, IReadOnlyList<ObservedContainer> containers) =>
        ContainerCheck.Apply(
            containers, record?.Containers,
            [.. (record?.Ports.Assignments ?? []).Where(a => a.Owner.Kind == OwnerKind.Service).Select(a => a.Owner.Name).Distinct()]);

    /// <summary>The containers of projects, with their resource usage.</summary>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<ObservedContainer>>> ListAsync(
        EngineClient docker, IReadOnlyCollection<string> projects, Measure measure, CancellationToken cancellation)
    {
        var listed = await docker.ListAsync(projects, cancellation);
        if (measure == Measure.Nothing)
            return listed;
        var patience = measure == Measure.All ? FullTimeout : QuickTimeout;
        var measured = await Task.WhenAll(listed.Values.Select(l => docker.MeasureAsync(l, patience, cancellation)));
        return listed.Keys.Zip(measured).ToDictionary(m => m.First, m => m.Second, StringComparer.Ordinal);
    }

    private async Task<IReadOnlyList<ObservedContainer>> CompleteAsync(
        IReadOnlyList<ObservedContainer> containers, CancellationToken cancellation) =>
        containers.Any(HealthCheckRunner.IsDue)
            ? await Task.WhenAll(containers.Select(c => health.CompleteAsync(c, cancellation)))
            : containers;

    /// <summary>An observation of the processes of each instance, shared by all under one daemon.</summary>
    private async Task<IReadOnlyList<ProcessSnapshot>> SnapshotAsync(IReadOnlyList<InstanceSpec> specs, EarlyObservation? head, CancellationToken cancellation)
    {
        var byHome = new Dictionary<string, ProcessSnapshot>(StringComparer.Ordinal);
        var looks = new List<ProcessSnapshot>(specs.Count);
        foreach (var spec in specs)
        {
            var home = Pm2Access.HomeOf(spec).Path;
            if (!byHome.TryGetValue(home, out var look))
            {
                look = (head is null ? null : await head.ProcessesOfAsync(home).WaitAsync(cancellation)) ?? new ProcessSnapshot(await listProcesses(spec, cancellation));
                byHome[home] = look;
            }

            looks.Add(look);
        }

        return looks;
    }
}
