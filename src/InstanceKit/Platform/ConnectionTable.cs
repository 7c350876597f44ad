namespace InstanceKit.Platform;

/// <summary>The listening and connected TCP sockets of this host, or of a container's network namespace, at one time.</summary>
internal sealed class ConnectionTable
{
    private readonly HashSet<int> _listened;
    private readonly Dictionary<long, int> _holders = [];

    /// <summary>Makes a table of sockets.</summary>
    /// <param name="sockets">The sockets.</param>
    public ConnectionTable(IEnumerable<KernelSocket> sockets)
    {
        Sockets = [.. sockets];
        _listened = [.. Sockets.Where(s => s.Remote is null).Select(s => s.Port)];
    }

    /// <summary>All of them; a listener has no remote end.</summary>
    public IReadOnlyList<KernelSocket> Sockets { get; }

    /// <summary>Reads the sockets of this host.</summary>
    /// <exception cref="InstanceKitException"><c>lsof</c> or <c>netstat</c> is missing (never on Linux).</exception>
    public static ConnectionTable OfHost() => new(
        !OperatingSystem.IsLinux() ? ListeningSockets.ListAll() : InetDiag.TryRead() ?? ReadTables(Environment.ProcessId));

    /// <summary>Reads the sockets of the network namespace of a container; <see langword="null"/> where that is not permitted or possible.</summary>
    /// <param name="container">The container's whole id.</param>
    /// <param name="pid">Its first process. Where the engine runs on another machine, it is another process here, or none.</param>
    /// <remarks>
    /// The kernel walks through its table of all connections for each file: a millisecond. Its counters, which take
    /// a hundredth of that, show whether there is anything to be found.
    /// </remarks>
    public static ConnectionTable? OfContainer(string container, int pid)
    {
        if (!OperatingSystem.IsLinux() || !new ControlGroup().IsOf(container, pid))
            return null;
        if (ProcFolder.Read(pid, "net/snmp") is not { } counters)
            return null;
        return new ConnectionTable(TcpCounters.HasConnections(counters) ? ReadTables(pid) : []);
    }

    /// <summary>The sockets in the tables of the network namespace of a process; a kernel without IPv6 has no tcp6 table.</summary>
    /// <param name="pid">The process.</param>
    public static IEnumerable<KernelSocket> ReadTables(int pid) =>
        new[] { "net/tcp", "net/tcp6" }.SelectMany(table => ProcNetTcp.Parse(ProcFolder.Read(pid, table) ?? ""));

    /// <summary>Whether something listens on a port.</summary>
    /// <param name="port">The port.</param>
    public bool IsListenedTo(int port) => _listened.Contains(port);

    /// <summary>Finds out which sockets some processes hold.</summary>
    /// <param name="processes">Process ids.</param>
    public void Attribute(IEnumerable<int> processes)
    {
        foreach (var pid in OperatingSystem.IsLinux() ? processes : [])
        {
            foreach (var inode in ProcDescriptors.SocketsOf(pid))
                _holders.TryAdd(inode, pid);
        }
    }

    /// <summary>Finds out which processes hold sockets, whosever they are.</summary>
    /// <param name="sockets">The sockets.</param>
    public void Attribute(IEnumerable<KernelSocket> sockets)
    {
        foreach (var (inode, pid) in ProcSocketOwners.Find(sockets.Where(s => s.Inode > 0 && HolderOf(s) is null).Select(s => s.Inode).ToHashSet()))
            _holders.TryAdd(inode, pid);
    }

    /// <summary>The process that holds a socket; <see langword="null"/> if that is not known.</summary>
    /// <param name="socket">The socket.</param>
    public int? HolderOf(KernelSocket socket) => socket.Pid ?? (_holders.TryGetValue(socket.Inode, out var pid) ? pid : null);
}

/// <summary>Reads the counters of a network namespace in <c>/proc/PID/net/snmp</c>.</summary>
internal static class TcpCounters
{
    /// <summary>Whether there are connections, also where the counters are of an unknown form.</summary>
    /// <param name="text">The text: a line of names and a line of numbers for each protocol.</param>
    public static bool HasConnections(string text)
    {
        var lines = text.Split('\n').Where(l => l.StartsWith("Tcp:", StringComparison.Ordinal)).Select(l => l.Split(' ')).ToList();
        return lines is not [var names, var numbers] || Array.IndexOf(names, "CurrEstab") is not (> 0 and var at)
            || at >= numbers.Length || numbers[at] != "0";
    }
}
