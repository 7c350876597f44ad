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
        await AppRunner.EndLeftoversAsync(lease.OwnerMarker, lease.Number, home: null, listed: [], progress, cancellation);
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
