using InstanceKit.Apps;
using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Pm2;
using InstanceKit.Stacks;

namespace InstanceKit.Leases;

/// <summary>Refuses to touch what belongs to someone else under the names of an instance: another checkout, user or tool.</summary>
internal static class Ownership
{
    /// <summary>Checks an instance's resources in the engine, before any of them is read, changed or removed.</summary>
    /// <param name="containers">The containers of its project.</param>
    /// <param name="resources">The networks and volumes of its project, and those that have its names.</param>
    /// <param name="leases">Knows earlier locations of the workspace, and what was run.</param>
    /// <exception cref="InstanceKitException">Something belongs to someone else, or its owner is unknown.</exception>
    public static void Require(
        InstanceSpec spec, IReadOnlyList<ObservedContainer> containers, IReadOnlyList<EngineResource> resources, LeaseKeeper leases)
    {
        foreach (var container in containers)
        {
            if (container.Workspace is { } workspace && !(container.IsByHand ? IsWithin(workspace, spec.Workspace) : workspace == spec.Workspace))
                RequireFormer(spec, $"container {container.Name}", workspace, leases);
        }

        foreach (var resource in resources)
        {
            if (resource.Workspace is { } workspace && workspace != spec.Workspace)
                RequireFormer(spec, $"{resource.Kind} {resource.Name}", workspace, leases);
            else if (resource.Workspace is null && !WasMadeHere(spec, resource, containers, leases))
                throw LeaseRefusal.Unknown(spec, resource);
        }
    }

    /// <summary>Checks the PM2 entries under the names of an instance.</summary>
    /// <param name="processes">What PM2 lists.</param>
    /// <param name="leases">Knows where the workspace was before it was moved.</param>
    /// <exception cref="InstanceKitException">An app was started from another workspace, or not by this tool.</exception>
    public static void Require(InstanceSpec spec, IReadOnlyList<ObservedProcess> processes, LeaseKeeper leases)
    {
        if (processes.FirstOrDefault(p => p.Owner is null) is { } unmarked)
            throw LeaseRefusal.Unmarked(spec, unmarked.Name, Pm2Access.HomeOf(spec).Path);
        var foreign = processes.Where(p => p.Owner != spec.OwnerMarker).ToList();
        if (foreign.Count == 0)
            return;
        var own = leases.OwnerMarkers(spec);
        if (foreign.Find(p => !own.Contains(p.Owner!)) is { } process)
            throw LeaseRefusal.Foreign(spec, $"PM2 app {process.Name} was started from another workspace");
    }

    /// <summary>Accepts the label of a place that the workspace was moved from.</summary>
    private static void RequireFormer(InstanceSpec spec, string thing, string workspace, LeaseKeeper leases)
    {
        var own = leases.FindOwn(spec);
        if (own?.MovedFrom == workspace)
            return;
        var state = leases.StateOf(workspace);
        if (state != FolderState.Gone || own?.Infra is not InfraMode.Compose)
            throw LeaseRefusal.Foreign(spec, $"{thing} was created from {workspace}", state);
    }

    /// <summary>
    /// Whether a resource without a workspace label can only belong to the instance: created by an earlier version, or by Compose, or with
    /// an edited override.
    /// </summary>
    private static bool WasMadeHere(
        InstanceSpec spec, EngineResource resource, IReadOnlyList<ObservedContainer> containers, LeaseKeeper leases)
    {
        if (containers.Any(c => c.IsByHand && c.Workspace is { } folder && IsWithin(folder, spec.Workspace)))
            return true;
        var record = InstanceStore.ReadRecord(spec.Paths);
        var own = leases.FindOwn(spec);
        var hasRun = own?.Infra is InfraMode.Compose || InstanceRecord.InfraOf(record) is InfraMode.Compose;
        return hasRun && (resource.IsLabelled
            || (record?.Footprint ?? own?.Footprint)?.Names.Contains($"{resource.Kind} {resource.Name}") == true);
    }

    private static bool IsWithin(string path, string folder) =>
        path == folder || path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}

/// <summary>Whether the folder of a workspace is there.</summary>
internal enum FolderState
{
    /// <summary>It is there.</summary>
    Present,

    /// <summary>
    /// It is unreachable and may come back: its disk is not mounted, another one is, or a parent directory can't be
    /// read. In doubt, a folder counts as away.
    /// </summary>
    Away,

    /// <summary>It was deleted or renamed: its disk is there, and the folder is not.</summary>
    Gone,
}
