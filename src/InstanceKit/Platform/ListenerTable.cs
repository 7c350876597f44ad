namespace InstanceKit.Platform;

/// <summary>The listening TCP sockets of this host at one time, by process.</summary>
public sealed class ListenerTable
{
    private readonly Dictionary<long, ProcNetTcp.Listener> _byInode = [];
    private readonly IReadOnlyList<ListeningSocket> _listed = [];

    private ListenerTable()
    {
        if (!OperatingSystem.IsLinux())
        {
            _listed = ListeningSockets.Snapshot();
            return;
        }

        foreach (var listener in ListeningSockets.Listeners())
            _byInode[listener.Inode] = listener;
    }

    /// <summary>Reads the sockets that listen now.</summary>
    /// <exception cref="InstanceKitException"><c>lsof</c> or <c>netstat</c> is missing (never on Linux).</exception>
    public static ListenerTable Snapshot() => new();

    /// <summary>Whether anything listens on a port.</summary>
    public bool Has(int port) =>
        OperatingSystem.IsLinux() ? _byInode.Values.Any(l => l.Port == port) : _listed.Any(s => s.Port == port);

    /// <summary>Only those of the given processes; other descriptors are not read.</summary>
    /// <param name="processes">Process ids.</param>
    /// <returns>Each socket once for each process that holds it.</returns>
    public IReadOnlyList<ListeningSocket> Of(IReadOnlyCollection<int> processes)
    {
        if (!OperatingSystem.IsLinux())
            return [.. _listed.Where(s => s.Pid is { } pid && processes.Contains(pid))];
        var found = new List<ListeningSocket>();
        foreach (var pid in processes)
        {
            foreach (var inode in ProcDescriptors.SocketsOf(pid))
            {
                if (_byInode.TryGetValue(inode, out var listener))
                    found.Add(new ListeningSocket(listener.Port, listener.Address, pid));
            }
        }

        return found;
    }
}
