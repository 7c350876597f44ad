namespace InstanceKit.Drivers;

/// <summary>Finds which process holds a socket, through the descriptors in <c>/proc/PID/fd</c> (Linux).</summary>
internal sealed class ProcSocketOwners
{
    private readonly IReadOnlySet<long> _inodes;
    private readonly Dictionary<int, HashSet<long>> _held = [];

    private ProcSocketOwners(IReadOnlySet<long> inodes) => _inodes = inodes;

    /// <summary>The holder of each inode that was found; of parent and child that share the socket, the parent.</summary>
    /// <param name="inodes">The sockets' inodes; the search ends early once each has its holder.</param>
    public static IReadOnlyDictionary<long, int> Find(IReadOnlySet<long> inodes) =>
        inodes.Count == 0 ? new Dictionary<long, int>() : new ProcSocketOwners(inodes).Find();

    private Dictionary<long, int> Find()
    {
        // Newest first: who asks for some ports alone has most likely just started what listens on them.
        var holders = new Dictionary<long, int>();
        foreach (var pid in ProcFolder.Pids().OrderDescending())
        {
            foreach (var inode in HeldBy(pid))
                holders.TryAdd(inode, pid);
            if (holders.Count == _inodes.Count)
                break;
        }

        return holders.ToDictionary(h => h.Key, h => Topmost(h.Value, h.Key));
    }

    private int Topmost(int pid, long inode)
    {
        for (var parent = ParentOf(pid); parent > 1 && HeldBy(parent).Contains(inode); parent = ParentOf(pid))
            pid = parent;
        return pid;
    }

    private HashSet<long> HeldBy(int pid) =>
        _held.TryGetValue(pid, out var held) ? held : _held[pid] = [.. ProcDescriptors.SocketsOf(pid).Where(_inodes.Contains)];

    private static int ParentOf(int pid) => ProcessTree.ReadOne(pid)?.ParentPid ?? 0;
}
