using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Leases;

/// <summary>Observes the instances on this machine.</summary>
internal static class MachineObserver
{
    private static readonly TimeSpan EngineTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The engine's resources; <see langword="null"/> when it does not answer, which is not an error here.</summary>
    public static async Task<IReadOnlyList<EngineInstance>?> AskEngineAsync(
        Func<EngineClient> docker, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(EngineTimeout);
        try
        {
            return await docker().ListInstancesAsync(limit.Token);
        }
        catch (InstanceKitException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Everything that decides about leases: labels, records, folders and processes.</summary>
    /// <param name="book">The registry.</param>
    /// <param name="engine">The engine's resources; <see langword="null"/> when it does not answer.</param>
    /// <param name="alsoIn">A workspace whose records count although no label names it, or <see langword="null"/>.</param>
    public static MachineFacts Gather(
        LeaseBook book, IReadOnlyList<EngineInstance>? engine, string? alsoIn, DateTimeOffset now)
    {
        var labelled = (engine ?? []).Where(e => e.Workspace is not null).ToList();
        var named = labelled.Select(e => e.Workspace!).Concat(alsoIn is null ? [] : [alsoIn]).Distinct().ToList();
        var found = labelled.Select(e => FromLabels(e, now))
            .Concat(named.Where(Directory.Exists).SelectMany(FromRecords))
            .DistinctBy(l => (l.Workspace, l.Number)).ToList();
        var all = book.Leases.Concat(found).ToList();
        var states = all.DistinctBy(l => l.Workspace).ToDictionary(l => l.Workspace, WorkspaceFolder.StateOf, StringComparer.Ordinal);
        var missing = states.Where(s => s.Value != FolderState.Present).Select(s => s.Key).ToHashSet();
        return new MachineFacts
        {
            Engine = engine,
            Found = found,
            GoneWorkspaces = missing.Where(w => states[w] == FolderState.Gone).ToHashSet(),
            AwayWorkspaces = missing.Where(w => states[w] == FolderState.Away).ToHashSet(),
            WithFiles = all.Where(l => Directory.Exists(l.Paths.Directory)).Select(l => (l.Workspace, l.Number)).ToHashSet(),
            LiveMarkers = all.Where(l => missing.Contains(l.Workspace)).Select(l => l.OwnerMarker).Distinct()
                .Where(m => OwnedProcesses.Find(m).Count > 0).ToHashSet(),
            Now = now,
        };
    }

    /// <summary>The lease that the record of an instance speaks of; <see langword="null"/> without a record that can be read.</summary>
    public static Lease? FromRecord(InstancePaths paths)
    {
        if (InstanceStore.FindRecord(paths) is not { } record)
            return null;
        var ending = $"-dev-{paths.Number}";
        return new Lease
        {
            Workspace = paths.Workspace,
            Project = record.Project,
            Stack = record.Project.EndsWith(ending, StringComparison.Ordinal) ? record.Project[..^ending.Length] : record.Project,
            Number = paths.Number,
            Footprint = record.Footprint ?? Ports(record.Ports),
            Pm2Home = record.Pm2Home,
            Infra = record.Infra,
            IsShared = record.Shared is not null,
            Created = new DateTimeOffset(Directory.GetCreationTimeUtc(paths.Directory)),
            Disk = WorkspaceFolder.DiskOf(paths.Workspace),
            Identity = WorkspaceFolder.IdentityOf(paths.Workspace),
        };
    }

    /// <summary>A footprint of which only the ports are known.</summary>
    public static InstanceFootprint Ports(PortPlan plan) => new()
    {
        Ports = [.. plan.Own.SelectMany(a => Enumerable.Range(a.Port, a.Count).Select(p => $"{a.Protocol}/{p}"))
            .Distinct().Order(StringComparer.Ordinal)],
    };

    private static IEnumerable<Lease> FromRecords(string workspace) =>
        new InstanceStore(workspace).FindInstances().Select(n => FromRecord(new InstancePaths(workspace, n))).OfType<Lease>();

    private static Lease FromLabels(EngineInstance instance, DateTimeOffset now)
    {
        var recorded = FromRecord(new InstancePaths(instance.Workspace!, instance.Number));
        return recorded?.Project == instance.Project
            ? recorded with { Stack = instance.Stack }
            : new Lease
            {
                Workspace = instance.Workspace!,
                Project = instance.Project,
                Stack = instance.Stack,
                Number = instance.Number,
                Footprint = new InstanceFootprint { Ports = instance.Ports },
                Infra = InfraMode.Compose,
                Created = instance.Created ?? now,
            };
    }
}
