using System.Diagnostics;
using System.Runtime.CompilerServices;
using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Leases;
using InstanceKit.Models;
using InstanceKit.Observing;
using InstanceKit.Platform;
using InstanceKit.Ports;
using InstanceKit.Reconcile;
using InstanceKit.Stacks;
using InstanceKit.Verbs;

namespace InstanceKit;

/// <summary>The verbs on the instances of one workspace: initialize, up, down, clean, status, logs and more.</summary>
public sealed partial class InstanceManager : ISharedWorkspace
{
    private readonly Dictionary<int, string> _choices = [];

    /// <summary>The workspace's absolute path.</summary>
    public string Workspace { get; }

    /// <summary>
    /// The PM2 config, relative to the workspace, whose apps are unknown because no command has been allowed to evaluate it;
    /// otherwise <see langword="null"/>.
    /// </summary>
    public string? UnevaluatedConfig => _stack.HasUnknownApps ? _stack.Pm2Config : null;

    /// <summary>Opens a workspace; nothing is written or started.</summary>
    /// <exception cref="InstanceKitException">It can't be read, has no compose file, or the stack name is invalid.</exception>
    public static async Task<InstanceManager> OpenAsync(ManagerOptions options, CancellationToken cancellation)
    {
        var path = RealPath.Of(options.Workspace);
        var docker = new Lazy<EngineClient>(() => new EngineClient());
        var head = options.LooksAt is { IsAuto: false } selector && Directory.Exists(path)
            ? new EarlyObservation(path, selector, Measure.AtHand, docker)
            : null;
        var (workspace, stack) = await StackReader.LoadAsync(
            path, options.StackName, options.Next, options.Evaluation, cancellation,
            options.Evaluation == ConfigEvaluation.Remembered ? options.OnWait : null);
        return new InstanceManager(options, workspace, stack, docker, head);
    }

    /// <summary>The manager of the infrastructure that the stack's instances share on this machine: a workspace with one instance.</summary>
    /// <exception cref="InstanceKitException">There is none.</exception>
    public InstanceManager OpenShared() => _shared.Find() as InstanceManager ?? throw SharedInfrastructure.Missing(_stack, _options.Next);

    /// <summary>The shared infrastructure as an instance; <see langword="null"/> where there is none.</summary>
    public InstanceSpec? FindShared() => _shared.FindSpec();

    /// <summary>The instances of other checkouts that use the shared infrastructure: "instance 2 of /src/studio".</summary>
    public IReadOnlyList<string> SharedUsersElsewhere() => _shared.Users(except: Workspace);

    /// <summary>Takes the shared infrastructure down; no instance of any checkout should use it any more.</summary>
    /// <param name="isCleaned">Whether its data and files are removed too.</param>
    public async Task<IReadOnlyList<OperationReport>> DownSharedAsync(bool isCleaned, IProgress<InstanceEvent> progress, CancellationToken cancellation)
    {
        if (_shared.Find() is not InstanceManager manager || _shared.FindSpec() is not { } spec)
            return [];
        var reports = await (isCleaned ? manager.CleanAsync([spec], progress, cancellation) : manager.DownAsync([spec], progress, cancellation));
        if (isCleaned && !_options.DryRun && reports[0].Error is null)
            _shared.Delete();
        return reports;
    }

    /// <inheritdoc />
    InstanceSpec? ISharedWorkspace.FindOwn() => _leases.FindOwnNumber() is { } number ? Spec(number) : null;

    /// <summary>The active instance of a workspace as <c>UseInstance</c> stored it; <see langword="null"/> for none.</summary>
    public static string? ReadActiveInstance(string workspace) => new InstanceStore(workspace).ReadActiveInstance();

    /// <summary>The instances that a selector means; all that exist for <c>all</c>, which may be none.</summary>
    /// <exception cref="InstanceKitException">A number is too high, or the ports of two of them would meet.</exception>
    public IReadOnlyList<InstanceSpec> Select(InstanceSelector selector)
    {
        var specs = (selector.IsAll ? _leases.ListNumbers() : selector.Numbers).Select(Spec).ToList();
        if (!selector.IsAll)
            RefuseClashes([.. specs.Select(s => PortsOf(s, InstanceStore.ReadRecord(s.Paths)))]);
        return specs;
    }

    /// <summary>As <see cref="Select"/>, also for <c>auto</c>: the number that the checkout has.</summary>
    /// <param name="selector">The requested instances.</param>
    /// <param name="mayTake">Whether a free number is assigned and stored when the checkout has none.</param>
    /// <exception cref="InstanceKitException">The checkout has none and none may be assigned, or none is free.</exception>
    public async Task<IReadOnlyList<InstanceSpec>> ChooseAsync(
        InstanceSelector selector, bool mayTake, CancellationToken cancellation)
    {
        if (!selector.IsAuto)
        {
            var selected = Select(selector);
            return selector.IsAll && selected.Count == 0 ? await FindInEngineAsync(cancellation) : selected;
        }

        if (!mayTake)
        {
            return [Spec(_leases.FindOwnNumber() ?? throw InstanceKitException.Usage(
                $"No instance is assigned to the checkout {Workspace} yet.", $"Start one: {_options.Next.For("Up", "auto")}"))];
        }

        await _infra.RequireModelsAsync(Spec(0), progress: null, cancellation);
        var (number, note) = await _leases.TakeNumberAsync(cancellation);
        // The infrastructure's number stands for its ports alone.
        if (note is not null && !_stack.IsShared)
            _choices[number] = note;
        return [Spec(number)];
    }

    /// <summary>The instances that labels in the engine name, if neither files nor leases of the workspace are left.</summary>
    private async Task<IReadOnlyList<InstanceSpec>> FindInEngineAsync(CancellationToken cancellation) =>
    [
        .. (await MachineObserver.AskEngineAsync(() => _engine.Value, cancellation) ?? [])
            .Where(e => e.Workspace == Workspace && e.Project == _stack.ProjectOf(e.Number))
            .Select(e => Spec(e.Number)),
    ];

    /// <summary>Writes the files of instances.</summary>
    public Task<IReadOnlyList<OperationReport>> InitializeAsync(
        IReadOnlyList<InstanceSpec> specs, IProgress<InstanceEvent> progress, CancellationToken cancellation) =>
        ForEachAsync(
            specs, progress,
            async (spec, own, c) => await new InitVerb(_options, _infra, _leases, _setup).RunAsync(await _shared.PrepareAsync(spec, isStarted: false, own, c), own, c), cancellation);

    /// <summary>Brings instances up, side by side; one that fails does not stop the others.</summary>
    public Task<IReadOnlyList<OperationReport>> UpAsync(
        IReadOnlyList<InstanceSpec> specs, IProgress<InstanceEvent> progress, CancellationToken cancellation) =>
        ForEachAsync(
            specs, progress,
            async (spec, own, c) =>
            {
                var prepared = await _shared.PrepareAsync(spec, isStarted: true, own, c);
                VerbResult result;
                try
                {
                    result = await Up().RunAsync(prepared, own, c);
                }
                finally
                {
                    await _shared.SettleAsync();
                }

                return prepared.Shared is { } part && _shared.Status is { } infrastructure ? result with { Status = result.Status?.WithShared(infrastructure, part.Services) } : result;
            },
            cancellation, _options.Parallelism * 2);

    /// <summary>Takes instances down; keeps their data.</summary>
    public Task<IReadOnlyList<OperationReport>> DownAsync(
        IReadOnlyList<InstanceSpec> specs, IProgress<InstanceEvent> progress, CancellationToken cancellation) =>
        ForEachAsync(
            specs, progress,
            async (spec, own, c) =>
            {
                var result = await Down().DownAsync(spec, own, c);
                _shared.NoteAfterDown(spec, own);
                return result;
            },
            cancellation);

    /// <summary>Takes instances down and removes their data and files.</summary>
    public Task<IReadOnlyList<OperationReport>> CleanAsync(
        IReadOnlyList<InstanceSpec> specs, IProgress<InstanceEvent> progress, CancellationToken cancellation) =>
        ForEachAsync(
            specs, progress,
            async (spec, own, c) =>
            {
                var tenants = SharedInfrastructure.TenantsOf(spec);
                var result = await Down().CleanAsync(spec, own, c);
                if (!_options.DryRun)
                    await _shared.ReleaseAsync(tenants, own, c);
                return result;
            },
            cancellation);

    /// <summary>The status of instances.</summary>
    /// <exception cref="InstanceKitException">The engine or PM2 does not answer.</exception>
    public Task<IReadOnlyList<InstanceStatus>> StatusAsync(IReadOnlyList<InstanceSpec> specs, CancellationToken cancellation) =>
        StatusAsync(specs, Measure.Nothing, cancellation);

    /// <summary>The status of instances, with their resource usage.</summary>
    /// <exception cref="InstanceKitException">The engine or PM2 does not answer.</exception>
    /// <param name="isPartial">
    /// Whether to tolerate an engine or PM2 that does not answer: after five seconds, the status shows what is known without it.
    /// </param>
    /// <param name="withCrossTalk">Whether to look for connections with other instances.</param>
    public async Task<IReadOnlyList<InstanceStatus>> StatusAsync(
        IReadOnlyList<InstanceSpec> specs, Measure measure, CancellationToken cancellation, bool isPartial = false,
        bool withCrossTalk = false)
    {
        var shared = FindSharedOf(specs);
        var observing = _observer.ObserveAsync(shared is null ? specs : [.. specs, shared], measure, cancellation, isPartial);
        var looking = withCrossTalk ? _connections.TryObserveAsync(specs, ContainersAsync(), cancellation) : null;
        var observed = await observing;
        // An engine that does not answer has used up the patience for both.
        var looks = looking is not null && observed.All(o => o is { ServicesFailure: null, AppsFailure: null }) ? await looking : null;
        var branch = GitHead.Read(Workspace);
        var now = _clock.GetUtcNow();
        InstanceStatus? infrastructure = null;
        infrastructure = shared is null ? null : Describe(shared, observed[^1]);
        return [.. specs.Zip(observed, (s, o) => Describe(s, o) with { Branch = branch, CrossTalk = looks?.First(l => l.Instance == s.Number).CrossTalk })];

        async Task<IReadOnlyDictionary<string, IReadOnlyList<ObservedContainer>>> ContainersAsync() =>
            specs.Zip(await observing).ToDictionary(o => o.First.Project, o => o.Second.Containers, StringComparer.Ordinal);

        InstanceStatus Describe(InstanceSpec spec, ObservedState state)
        {
            var record = InstanceStore.ReadRecord(spec.Paths);
            var status = InstanceStatus.Create(spec, record is not null, record?.Services ?? [], PortsOf(spec, record), state, now) with { Untranslated = record?.Open ?? 0 };
            return record?.Shared is { } names && infrastructure is not null ? status.WithShared(infrastructure, names) : status;
        }
    }

    /// <summary>The log lines of instances: existing ones by time, then, when following, as they arrive.</summary>
    /// <exception cref="InstanceKitException">A requested source does not exist, or the engine does not answer.</exception>
    public async IAsyncEnumerable<InstanceLogLine> LogsAsync(
        IReadOnlyList<InstanceSpec> specs, LogRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var shared = FindSharedOf(specs);
        await foreach (var line in new LogCollector(_engine, _infra, _clock).ReadAsync(shared is null ? specs : [.. specs, shared], request, cancellation))
            yield return line;
    }

    /// <summary>The infrastructure, if one of the instances uses it.</summary>
    private InstanceSpec? FindSharedOf(IReadOnlyList<InstanceSpec> specs) =>
        specs.Any(s => InstanceStore.ReadRecord(s.Paths)?.Shared is not null) ? _shared.FindSpec() : null;

    /// <summary>What is known of an instance without asking the engine.</summary>
    public InstanceInfo Info(InstanceSpec spec)
    {
        var record = InstanceStore.ReadRecord(spec.Paths);
        var ports = PortsOf(spec, record);
        return new InstanceInfo(
            spec, record is not null, ports,
            spec.Stack.Apps.ToDictionary(a => a.Name, a => spec.WithoutPasswords().WithTenants(InstanceVariables.For(spec, ports, a), ports), StringComparer.Ordinal))
        {
            Embedded = record?.Embedded ?? [],
        };
    }

    /// <inheritdoc />
    async Task<ComposeModel> ISharedWorkspace.ModelAsync(InstanceSpec spec, CancellationToken cancellation) =>
        (await _models.ReadAsync(spec, withOverride: false, cancellation)).Model;

    /// <summary>The ports of an instance, including those that only its compose files name: as recorded, or as planned.</summary>
    /// <exception cref="InstanceKitException">Compose can't read the files, or the ports can't be assigned.</exception>
    public async Task<PortPlan> PlanPortsAsync(InstanceSpec spec, CancellationToken cancellation)
    {
        if (InstanceStore.ReadRecord(spec.Paths) is { Shared: not null } shared)
            return shared.Ports;
        await _infra.RequireModelsAsync(spec, progress: null, cancellation);
        var read = await _models.ReadAsync(spec, withOverride: false, cancellation);
        return PortPlanner.Plan(spec.Stack, read.Model.Ports, spec.Number, InstanceStore.ReadRecord(spec.Paths)?.Ports, _store.PortsOfOthers(spec));
    }

    /// <summary>Every place of the workspace's files and sources that names a part of the stack, and what becomes of it in an instance.</summary>
    /// <exception cref="InstanceKitException">The compose files or the PM2 config can't be read.</exception>
    public async Task<InstanceAudit> AuditAsync(InstanceSpec spec, CancellationToken cancellation) =>
        await new AuditVerb(_infra, _setup, _ecosystems).RunAsync(
            await _shared.PrepareAsync(spec, isStarted: false, new InstanceProgress(spec.Number, new Progress<InstanceEvent>()), cancellation, writes: false), cancellation);

    /// <summary>Remembers the workspace's active instance in <c>.shipsec-instance</c>, out of git's sight.</summary>
    public void UseInstance(int number)
    {
        _store.WriteActiveInstance(number);
        GitExcludeStore.Ensure(Workspace);
    }

    private static PortPlan PortsOf(InstanceSpec spec, InstanceRecord? record) =>
        PortPlanner.Known(spec.Stack, spec.Number, record?.Ports);

    private static void RefuseClashes(IReadOnlyList<PortPlan> plans)
    {
        for (var i = 0; i < plans.Count; i++)
        for (var j = i + 1; j < plans.Count; j++)
        {
            if (plans[i].FindClash(plans[j]) is var (mine, theirs))
            {
                throw InstanceKitException.Usage(
                    $"Instances {plans[i].Instance} and {plans[j].Instance} conflict: {mine.Name} of the first "
                    + $"and {theirs.Name} of the second would both use port {mine.Port}.", "Choose other numbers.");
            }
        }
    }

    private Task<IReadOnlyList<OperationReport>> ForEachAsync(
        IReadOnlyList<InstanceSpec> specs,
        IProgress<InstanceEvent> progress,
        Func<InstanceSpec, InstanceProgress, CancellationToken, Task<VerbResult>> verb,
        CancellationToken cancellation,
        int? atOnce = null) => ForEachInstance.RunAsync(
            specs, progress,
            (spec, own, c) =>
            {
                if (_choices.Remove(spec.Number, out var choice))
                    own.Note("instance", choice);
                return verb(spec, own, c);
            },
            atOnce ?? _options.Parallelism, cancellation);
}
