using System.Diagnostics;
using InstanceKit.Engine;
using InstanceKit.Infra;
using InstanceKit.Instances;
using InstanceKit.Leases;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Reconcile;
using InstanceKit.Stacks;
using InstanceKit.Starting;

namespace InstanceKit.Verbs;

/// <summary>The instances on this machine, of all workspaces: from the registry, the labels in the engine, and records.</summary>
public sealed class InstanceMachine : IDisposable
{
    private readonly Lazy<EngineClient> _docker = new(() => new EngineClient());
    private readonly LeaseStore _registry;
    private readonly string? _workspace;
    private readonly MachineApps _apps;

    /// <summary>Prepares the survey; queries nothing yet.</summary>
    /// <param name="toolsDirectory">Where downloaded tools are stored.</param>
    /// <param name="workspace">A workspace whose records count too; <see langword="null"/> for none.</param>
    /// <param name="onWait">Receives a line when the wait for a machine-wide lock exceeds two seconds.</param>
    public InstanceMachine(string toolsDirectory, string? workspace, Action<string>? onWait = null)
    {
        _registry = LeaseStore.OfUser(onWait);
        _workspace = workspace is null ? null : RealPath.Of(workspace);
        _apps = new MachineApps(toolsDirectory);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_docker.IsValueCreated)
            _docker.Value.Dispose();
    }

    /// <summary>All instances, by number; an engine that does not answer is a note.</summary>
    public async Task<MachineSurvey> ListAsync(CancellationToken cancellation)
    {
        var (book, facts, notes) = await ObserveAsync(cancellation);
        var result = new List<MachineInstance>();
        foreach (var lease in book.Leases)
            result.Add(Describe(lease, book, facts, await _apps.ListAsync(lease, cancellation)));
        var known = book.Leases.Select(l => l.Project).ToHashSet(StringComparer.Ordinal);
        result.AddRange((facts.Engine ?? []).Where(e => !known.Contains(e.Project)).Select(DescribeUnknown));
        return new MachineSurvey([.. result.OrderBy(i => i.Number).ThenBy(i => i.Project, StringComparer.Ordinal)], notes);
    }

    /// <summary>The instances whose workspace is gone.</summary>
    /// <exception cref="InstanceKitException">The engine does not answer, and one of them may have something in it.</exception>
    public async Task<IReadOnlyList<MachineInstance>> FindOrphansAsync(CancellationToken cancellation)
    {
        var orphans = (await ListAsync(cancellation)).Instances.Where(i => i.IsOrphaned).ToList();
        if (orphans.Any(o => o.MayBeInEngine))
            await _docker.Value.RequireEngineAsync(cancellation);
        return orphans;
    }

    /// <summary>Removes what orphans left behind: apps, processes, containers, networks, volumes, and their leases.</summary>
    /// <param name="orphans">What <see cref="FindOrphansAsync"/> has found.</param>
    /// <param name="dryRun">Whether to plan only, without changing anything.</param>
    /// <param name="cancellation">Ends after the current step.</param>
    public async Task<IReadOnlyList<OrphanReport>> RemoveAsync(
        IReadOnlyList<MachineInstance> orphans, bool dryRun, CancellationToken cancellation)
    {
        var (book, facts, _) = await ObserveAsync(cancellation);
        var removal = new OrphanRemoval(_docker.Value, _apps, _registry);
        var reports = new List<OrphanReport>();
        foreach (var orphan in orphans)
        {
            if (book.Leases.FirstOrDefault(l => l.Project == orphan.Project && l.Workspace == orphan.Workspace) is { } lease && facts.IsGone(lease.Workspace))
                reports.Add(new OrphanReport(orphan, await removal.RunAsync(lease, facts, dryRun, cancellation)));
        }

        return reports;
    }

    private async Task<(LeaseBook Book, MachineFacts Facts, IReadOnlyList<string> Notes)> ObserveAsync(CancellationToken cancellation)
    {
        var notes = new List<string>();
        var book = _registry.Read(out var isDamaged) ?? LeaseBook.Empty;
        if (isDamaged)
            notes.Add($"The registry {_registry.FilePath} is damaged; the next InitInstance or Up rebuilds it.");
        var engine = await MachineObserver.AskEngineAsync(() => _docker.Value, cancellation);
        if (engine is null)
            notes.Add("The Docker engine does not answer: the state of containers is unknown.");
        var facts = MachineObserver.Gather(book, engine, _workspace, TimeProvider.System.GetUtcNow());
        return (book.Heal(facts), facts, notes);
    }

    private MachineInstance Describe(Lease lease, LeaseBook book, MachineFacts facts, IReadOnlyList<Pm2Process>? apps)
    {
        var isGone = facts.IsGone(lease.Workspace);
        var movedTo = isGone
            ? WorkspaceFinder.Find(lease, book.Leases.Select(l => l.Workspace).Append(_workspace).OfType<string>().Where(w => !facts.IsGone(w)))
            : null;
        var workspace = movedTo ?? lease.Workspace;
        var inEngine = facts.InEngine(lease.Project);
        var isService = (Pm2Process p) => p.Name.StartsWith(EmbeddedService.ProcessPrefixOf(lease.Stack), StringComparison.Ordinal);
        var online = apps?.Count(a => a.Status == ProcessState.Online);
        var services = lease.Infra is InfraMode.Embedded ? apps?.Count(a => a.Status == ProcessState.Online && isService(a)) : null;
        return new MachineInstance
        {
            Number = lease.Number,
            Project = lease.Project,
            Workspace = workspace,
            Branch = isGone && movedTo is null ? null : GitHead.Read(workspace),
            State = StateOf(
                facts, inEngine, online ?? 0, lease.Infra is InfraMode.Compose, Directory.Exists(new InstancePaths(workspace, lease.Number).Directory)),
            Running = facts.Engine is null ? null : inEngine?.Running ?? 0,
            Containers = facts.Engine is null ? null : inEngine?.Containers.Count ?? 0,
            AppsOnline = online - (services ?? 0),
            MayBeInEngine = lease.Infra is InfraMode.Compose || inEngine is not null,
            ServicesOnline = services,
            Created = lease.Created,
            Mode = StackDefinition.IsSharedProject(lease.Project) ? null : lease.IsShared ? InfraMode.Shared : InfraMode.Own,
            IsAuto = lease.IsAuto,
            IsOrphaned = isGone && movedTo is null,
            Remark = facts.IsAway(lease.Workspace) ? "its workspace can't be reached (not mounted, or not readable)"
                : !isGone ? null
                : movedTo is null ? "its workspace no longer exists"
                : $"moved from {lease.Workspace}; run InitInstance or Up there to keep it",
        };
    }

    private static MachineInstance DescribeUnknown(EngineInstance instance) => new()
    {
        Number = instance.Number,
        Project = instance.Project,
        Workspace = instance.Workspace,
        State = instance.Running > 0 ? MachineState.Running : MachineState.Stopped,
        Running = instance.Running,
        Containers = instance.Containers.Count,
        Created = instance.Created,
        Remark = "its workspace is unknown",
    };

    private static MachineState StateOf(MachineFacts facts, EngineInstance? inEngine, int online, bool isOfCompose, bool hasFiles) =>
        inEngine?.Running > 0 || online > 0 ? MachineState.Running
        : facts.Engine is null && isOfCompose ? MachineState.Unknown
        : inEngine is not null ? MachineState.Stopped
        : hasFiles ? MachineState.FilesOnly
        : MachineState.Claimed;
}

/// <summary>Removes what an orphaned instance left behind; only things with this tool's labels and marks.</summary>
internal sealed class OrphanRemoval(EngineClient docker, MachineApps apps, LeaseStore registry)
{
    private const string Cause = "its workspace no longer exists";

    /// <summary>Removes one, or only plans it.</summary>
    public async Task<OperationReport> RunAsync(Lease lease, MachineFacts facts, bool dryRun, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var progress = new InstanceProgress(lease.Number, new Silence());
        var report = OperationReport.Begin(lease.Number, lease.Project);
        try
        {
            cancellation.ThrowIfCancellationRequested();
            if (facts.Engine is null && lease.Infra is InfraMode.Compose)
                await docker.RequireEngineAsync(cancellation);
            // Another workspace, of another user or with another registry, may have the project by now.
            var inEngine = facts.InEngine(lease.Project)?.Of([lease.Workspace, lease.MovedFrom ?? lease.Workspace]);
            var listed = await apps.ListAsync(lease, cancellation) ?? [];
            var sizes = dryRun && inEngine is { Volumes.Count: > 0 } ? await docker.VolumeSizesAsync(cancellation) : new Dictionary<string, long>();
            report = report with { Plan = Plan(lease, inEngine, listed, sizes) };
            if (!dryRun)
                await RemoveAsync(lease, inEngine, listed, progress, cancellation);
            report = report with { Outcome = dryRun ? Outcome.Planned : Outcome.Done };
        }
        catch (Exception e) when (report.EndedBy(e, cancellation) is var ended)
        {
            report = ended;
        }

        return report with { Notes = progress.Notes, Elapsed = Stopwatch.GetElapsedTime(start) };
    }

    private static OperationPlan Plan(
        Lease lease, EngineInstance? inEngine, IReadOnlyList<Pm2Process> listed, IReadOnlyDictionary<string, long> sizes)
    {
        var tree = ProcessTree.Snapshot();
        var leftovers = OwnedProcesses.Find(lease.OwnerMarker)
            .Where(p => !listed.Any(l => l.Pid is > 0 and { } pid && tree.IsWithin(p.Pid, pid)));
        return new OperationPlan(
        [
            .. listed.Select(a => new Operation(OperationKind.RemoveApp, a.Name, Cause)),
            .. leftovers.Select(p => new Operation(OperationKind.RemoveApp, $"{p.Command} ({p.Pid})", "left behind by an app")),
            .. (inEngine?.Containers ?? []).Select(c => new Operation(OperationKind.RemoveContainer, c.Name, Cause)),
            .. (inEngine?.Networks ?? []).Select(n => new Operation(OperationKind.RemoveNetwork, n.Name, Cause)),
            .. (inEngine?.Volumes ?? []).Select(v => new Operation(
                OperationKind.RemoveVolume, v.Name, sizes.TryGetValue(v.Name, out var size) ? $"{ByteText.Of(size)} of data; {Cause}" : Cause)),
            new Operation(OperationKind.ReleaseNumber, $"{lease.Number}", Cause),
        ]);
    }

    private async Task RemoveAsync(
        Lease lease, EngineInstance? inEngine, IReadOnlyList<Pm2Process> listed, InstanceProgress progress, CancellationToken cancellation)
    {
        await apps.DeleteAsync(lease, listed, cancellation);
        await AppRunner.EndLeftoversAsync(lease.OwnerMarker, StackDefinition.NameOf(lease.Number, lease.Project), home: null, listed: [], progress, cancellation);
        if (inEngine is not null)
            await docker.RemoveAsync(inEngine, withVolumes: true, cancellation);
        AccountData.Remove(new InstancePaths(lease.Workspace, lease.Number));
        using var turn = await registry.TakeTurnAsync(cancellation);
        if (registry.Read(out _) is { } book && book.Of(lease.Workspace, lease.Number) is not null)
            registry.Write(book.Without(lease.Workspace, lease.Number));
    }

    private sealed class Silence : IProgress<InstanceEvent>
    {
        public void Report(InstanceEvent value)
        {
            // The report shows what happens.
        }
    }
}

/// <summary>The state of an instance on this machine.</summary>
public enum MachineState
{
    /// <summary>Containers or apps run.</summary>
    Running,

    /// <summary>It has resources in the engine, but nothing is running.</summary>
    Stopped,

    /// <summary>There are only its files.</summary>
    FilesOnly,

    /// <summary>Only its number is claimed.</summary>
    Claimed,

    /// <summary>The engine does not answer.</summary>
    Unknown,
}

/// <summary>One instance of this machine, of whatever workspace.</summary>
public sealed record MachineInstance
{
    /// <summary>Its number.</summary>
    public required int Number { get; init; }

    /// <summary>Its Compose project.</summary>
    public required string Project { get; init; }

    /// <summary>Its workspace's absolute path; <see langword="null"/> if it is unknown.</summary>
    public required string? Workspace { get; init; }

    /// <summary>The branch or short hash that the workspace is on; <see langword="null"/> outside of a repository.</summary>
    public string? Branch { get; init; }

    /// <summary>How much of it there is.</summary>
    public required MachineState State { get; init; }

    /// <summary>How many containers run; <see langword="null"/> when the engine does not answer.</summary>
    public int? Running { get; init; }

    /// <summary>How many containers there are; <see langword="null"/> when the engine does not answer.</summary>
    public int? Containers { get; init; }

    /// <summary>How many apps are online in PM2; <see langword="null"/> if unknown.</summary>
    public int? AppsOnline { get; init; }

    /// <summary>Whether it may have resources in an engine: Compose has run it.</summary>
    public bool MayBeInEngine { get; init; }

    /// <summary>How many services are online; <see langword="null"/> where Compose runs them, or if unknown.</summary>
    public int? ServicesOnline { get; init; }

    /// <summary>When it was created, in UTC; <see langword="null"/> if unknown.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Whether its services are its own or shared; <see langword="null"/> for the infrastructure itself, and if unknown.</summary>
    public InfraMode? Mode { get; init; }

    /// <summary>Whether <c>--instance auto</c> chose its number.</summary>
    public bool IsAuto { get; init; }

    /// <summary>Whether its workspace no longer exists, and it did not move.</summary>
    public bool IsOrphaned { get; init; }

    /// <summary>A remark on its state, as a phrase; <see langword="null"/> for none.</summary>
    public string? Remark { get; init; }
}

/// <summary>All instances of this machine.</summary>
/// <param name="Instances">The instances, by number.</param>
/// <param name="Notes">What could not be found out.</param>
public sealed record MachineSurvey(IReadOnlyList<MachineInstance> Instances, IReadOnlyList<string> Notes);

/// <summary>The result for an orphaned instance.</summary>
/// <param name="Orphan">The instance.</param>
/// <param name="Report">What was done, or would be.</param>
public sealed record OrphanReport(MachineInstance Orphan, OperationReport Report);
