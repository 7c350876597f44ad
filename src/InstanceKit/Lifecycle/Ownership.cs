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
                throw Foreign(spec, $"container {container.Name} was made from {other}");
        }
    }

    /// <inheritdoc cref="Require(InstanceSpec, IReadOnlyList{ObservedContainer})"/>
    public static void Require(InstanceSpec spec, IReadOnlyList<ObservedProcess> processes)
    {
        foreach (var process in processes)
        {
            if (process.Owner is { } owner && owner != spec.OwnerMarker)
                throw Foreign(spec, $"PM2 app {process.Name} was started from another workspace");
        }
    }

    private static InstanceKitException Foreign(InstanceSpec spec, string fact) => new(
        ExitCode.Failed,
        $"Instance {spec.Number} (project {spec.Project}) is in use by another checkout: {fact}.",
        "Use another instance number here, or another --stack-name.");

    private static bool IsWithin(string path, string folder) =>
        path == folder || path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
