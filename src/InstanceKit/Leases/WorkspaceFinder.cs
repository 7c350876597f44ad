using InstanceKit.Instances;
using InstanceKit.Platform;

namespace InstanceKit.Leases;

/// <summary>Finds a workspace that is no longer at the path in its lease: it may have been moved.</summary>
internal static class WorkspaceFinder
{
    /// <summary>Where the workspace of a lease is now; <see langword="null"/> when it is found nowhere else.</summary>
    /// <param name="candidates">Known workspaces; directories next to the old location and the working directories of its processes are also searched.</param>
    public static string? Find(Lease lease, IEnumerable<string> candidates) =>
        candidates.Where(c => c != lease.Workspace).Distinct().FirstOrDefault(c => IsIt(c, lease))
        ?? (lease.Identity is { } identity ? WorkspaceFolder.FindRenamed(lease.Workspace, identity) : null)
        ?? OwnedProcesses.Find(lease.OwnerMarker).SelectMany(p => FoldersAbove(ProcFolder.WorkingDirectory(p.Pid)))
            .FirstOrDefault(f => f != lease.Workspace && IsIt(f, lease));

    /// <summary>Whether a folder is the very one that the lease was claimed for, under another name.</summary>
    public static bool IsSame(string folder, Lease lease) =>
        lease.Identity is { } identity && WorkspaceFolder.IdentityOf(folder) == identity;

    private static bool IsIt(string folder, Lease lease) =>
        Directory.Exists(folder)
        && (IsSame(folder, lease) || InstanceStore.FindRecord(new InstancePaths(folder, lease.Number))?.Project == lease.Project);

    private static IEnumerable<string> FoldersAbove(string? folder)
    {
        for (; folder is not null; folder = Path.GetDirectoryName(folder))
            yield return folder;
    }
}
