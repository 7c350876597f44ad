using InstanceKit.Instances;
using InstanceKit.Planning;

namespace InstanceKit.Lifecycle;

/// <summary>Refuses to touch what another checkout of the same stack runs under the same names.</summary>
internal static class Ownership
{
    /// <summary>Checks everything that was observed.</summary>
    /// <exception cref="InstanceKitException">Something belongs to another workspace that still exists.</exception>
    public static void Require(InstanceSpec spec, IReadOnlyList<ObservedContainer> containers)
    {
        foreach (var container in containers)
        {
            if (container.Workspace is { } other && !IsWithin(other, spec.Workspace) && Directory.Exists(other))
                throw LeaseRefusal.Foreign(spec, $"container {container.Name} was made from {other}");
        }
    }

    /// <inheritdoc cref="Require(InstanceSpec, IReadOnlyList{ObservedContainer})"/>
    /// <param name="spec">The instance.</param>
    /// <param name="processes">What PM2 lists.</param>
    /// <param name="leases">Knows where the workspace was before it was moved.</param>
    public static void Require(InstanceSpec spec, IReadOnlyList<ObservedProcess> processes, LeaseKeeper leases)
    {
        var foreign = processes.Where(p => p.Owner is { } owner && owner != spec.OwnerMarker).ToList();
        if (foreign.Count == 0)
            return;
        var own = leases.OwnerMarkers(spec);
        if (foreign.Find(p => !own.Contains(p.Owner!)) is { } process)
            throw LeaseRefusal.Foreign(spec, $"PM2 app {process.Name} was started from another workspace");
    }

    private static bool IsWithin(string path, string folder) =>
        path == folder || path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
