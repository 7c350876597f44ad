using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace InstanceKit.Drivers;

/// <summary>Finds which process holds a socket, through the descriptors in <c>/proc/PID/fd</c> (Linux).</summary>
internal static class ProcSocketOwners
{
    private const int LongestLink = 64;

    /// <summary>The holder of each inode that was found, the lowest process id when several share the socket.</summary>
    /// <param name="inodes">The sockets' inodes; the search ends early once each has its holder.</param>
    public static IReadOnlyDictionary<long, int> Find(IReadOnlySet<long> inodes)
    {
        var owners = new Dictionary<long, int>();
        foreach (var pid in ProcFolder.Pids().Order())
        {
            if (owners.Count == inodes.Count)
                break;
            foreach (var inode in SocketsOf(pid).Where(inodes.Contains))
                owners.TryAdd(inode, pid);
        }

        return owners;
    }

    private static IEnumerable<long> SocketsOf(int pid)
    {
        var folder = $"/proc/{pid}/fd";
        string[] descriptors;
        try
        {
            descriptors = Directory.GetFileSystemEntries(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            yield break; // ended meanwhile, or another user's
        }

        var buffer = new byte[LongestLink];
        foreach (var descriptor in descriptors)
        {
            var length = (int)ReadLink(descriptor, buffer, buffer.Length);
            if (TryParse(buffer.AsSpan(0, Math.Max(length, 0)), out var inode))
                yield return inode;
        }
    }

    // "socket:[12345]"
    private static bool TryParse(ReadOnlySpan<byte> link, out long inode)
    {
        inode = 0;
        return link.StartsWith("socket:["u8) && link[^1] == (byte)']'
            && long.TryParse(link[8..^1], NumberStyles.None, CultureInfo.InvariantCulture, out inode);
    }

    // .NET's own ResolveLinkTarget costs ten times as much here, and a host has thousands of descriptors.
    [DllImport("libc", EntryPoint = "readlink", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint ReadLink(string path, byte[] buffer, nint size);
}
