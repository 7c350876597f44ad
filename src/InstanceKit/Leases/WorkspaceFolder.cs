using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using InstanceKit.Instances;
using InstanceKit.Platform;

namespace InstanceKit.Leases;

/// <summary>Tells a workspace that was deleted from one that is out of reach, and the same folder from a copy of it.</summary>
internal static class WorkspaceFolder
{
    private const int Here = -100; // AT_FDCWD
    private const uint WithInodeAndBirth = 0x100 | 0x800; // STATX_INO | STATX_BTIME

    /// <summary>
    /// The file system of a path: its mount point and, on Linux, its id. <see langword="null"/> where it can't be
    /// found out.
    /// </summary>
    /// <param name="path">An absolute path; of one that does not exist, the nearest folder above it counts.</param>
    public static string? DiskOf(string path) =>
        NearestExisting(path) is { } folder && MountPointOf(folder) is { } mount ? $"{mount} {FileSystemId(folder)}".TrimEnd() : null;

    /// <summary>
    /// What stays the same when a folder is renamed, and differs in every copy: its inode and the time of its birth.
    /// <see langword="null"/> if unknown (not Linux).
    /// </summary>
    public static string? IdentityOf(string folder)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            var status = new byte[256];
            if (Statx(Here, Bytes(folder), 0, WithInodeAndBirth, status) != 0)
                return null;
            var (inode, second, nanosecond) = (ReadLong(status, 32), ReadLong(status, 80), BinaryPrimitives.ReadUInt32LittleEndian(status.AsSpan(88)));
            return string.Create(CultureInfo.InvariantCulture, $"{inode} {second}.{nanosecond}");
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whether the workspace of a lease is there, out of reach or gone.</summary>
    public static FolderState StateOf(Lease lease) => StateOf(lease.Workspace, lease.Disk, lease.Identity);

    /// <summary>Whether a workspace is there, out of reach or gone.</summary>
    /// <param name="workspace">Its absolute path.</param>
    /// <param name="disk">The result of <see cref="DiskOf"/> while it existed; <see langword="null"/> if not recorded.</param>
    /// <param name="identity">The result of <see cref="IdentityOf"/> at that time.</param>
    public static FolderState StateOf(string workspace, string? disk = null, string? identity = null)
    {
        switch (Look(workspace))
        {
            case true when Directory.Exists(workspace):
                // A server that is still running recreates its data directory at the old path.
                if (identity is not null && IdentityOf(workspace) != identity && FindRenamed(workspace, identity) is not null)
                    return FolderState.Gone;
                // An unmounted disk leaves the empty folder that it was mounted on, and another disk may be mounted there.
                return disk is not null && (identity is null ? IsEmpty(workspace) : IdentityOf(workspace) != identity) && DiskOf(workspace) != disk
                    ? FolderState.Away
                    : FolderState.Present;
            case not false:
                return FolderState.Away;
        }

        if (NearestExisting(workspace) is not { } above)
            return FolderState.Away;
        if (disk is not null)
            return DiskOf(workspace) == disk ? FolderState.Gone : FolderState.Away;
        return above == Path.GetDirectoryName(workspace) && !IsEmpty(above) ? FolderState.Gone : FolderState.Away;
    }

    /// <summary>The directory with an identity after it or a parent was renamed; <see langword="null"/> when it is not found.</summary>
    /// <param name="path">Where the folder was.</param>
    /// <param name="identity">See <see cref="IdentityOf"/>.</param>
    public static string? FindRenamed(string path, string identity)
    {
        for (var above = Path.GetDirectoryName(path); above is not null; above = Path.GetDirectoryName(above))
        {
            var rest = Path.GetRelativePath(above, path).Split(Path.DirectorySeparatorChar)[1..];
            try
            {
                if (Directory.EnumerateDirectories(above).Select(f => Path.Combine([f, .. rest])).FirstOrDefault(f => IdentityOf(f) == identity) is { } found)
                    return found;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // not there, or not readable: then it is not found there
            }
        }

        return null;
    }

    /// <summary>Whether something is there; <see langword="null"/> when it can't be found out.</summary>
    private static bool? Look(string path)
    {
        try
        {
            _ = File.GetAttributes(path);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static string? NearestExisting(string path)
    {
        for (var folder = path; folder is { Length: > 0 }; folder = Path.GetDirectoryName(folder))
        {
            if (Look(folder) is not false and var found)
                return found is true && Directory.Exists(folder) ? folder : null;
        }

        return null;
    }

    private static bool IsEmpty(string folder)
    {
        try
        {
            return !Directory.EnumerateFileSystemEntries(folder).Any();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true; // counts as empty: it is not readable
        }
    }

    private static string? MountPointOf(string folder)
    {
        try
        {
            return DriveInfo.GetDrives().Select(d => d.Name).Where(m => IsWithin(folder, m)).MaxBy(m => m.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsWithin(string folder, string mount) =>
        folder == mount || folder.StartsWith(Path.TrimEndingDirectorySeparator(mount).TrimEnd('/') + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // f_fsid of struct statfs, which has the same layout on all 64-bit Linux systems. ext4, btrfs and overlays derive it from their UUID.
    private static string FileSystemId(string folder)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
            return "";
        var status = new byte[256];
        return Statfs(Bytes(folder), status) == 0 ? ReadLong(status, 56).ToString("x", CultureInfo.InvariantCulture) : "";
    }

    private static byte[] Bytes(string path) => Encoding.UTF8.GetBytes(path + '\0');

    private static long ReadLong(byte[] status, int offset) => BinaryPrimitives.ReadInt64LittleEndian(status.AsSpan(offset));

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int folder, byte[] path, int flags, uint mask, byte[] status);

    [DllImport("libc", EntryPoint = "statfs")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statfs(byte[] path, byte[] status);
}

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
