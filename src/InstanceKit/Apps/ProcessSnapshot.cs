using System.Net;
using InstanceKit.Platform;
using InstanceKit.Pm2;

namespace InstanceKit.Apps;

/// <summary>The processes of this machine at one time, from a PM2 daemon and the kernel, for any number of instances.</summary>
/// <param name="listed">What the daemon lists.</param>
internal sealed class ProcessSnapshot(IReadOnlyList<Pm2Process> listed)
{
    // After the list, so that every listed process is included.
    private readonly Lazy<ProcessTree> _tree = new(ProcessTree.Snapshot);
    private readonly Lazy<ListenerTable> _listeners = new(ListenerTable.Snapshot);

    /// <summary>Whether the daemon lists no process, or there is no daemon.</summary>
    public bool IsEmpty => listed.Count == 0;

    /// <summary>Looks at the kernel's side now, not when it is first needed.</summary>
    public void Prepare()
    {
        _ = _tree.Value;
        _ = _listeners.Value;
    }

    /// <summary>The processes that are wanted, with the ports that each one's tree listens on.</summary>
    /// <param name="isWanted">Which.</param>
    /// <param name="measure">Whether their resource usage is measured too.</param>
    public IReadOnlyList<ObservedProcess> Describe(Func<Pm2Process, bool> isWanted, Measure measure)
    {
        var found = new List<ObservedProcess>();
        foreach (var process in listed)
        {
            if (isWanted(process))
                found.Add(Describe(process, measure));
        }

        return found;
    }

    /// <summary>Whether a port is listened to, by whomever.</summary>
    public bool IsListenedTo(int port) => _listeners.Value.Has(port);

    private ObservedProcess Describe(Pm2Process process, Measure measure)
    {
        var within = process.Pid is > 0 and { } pid ? _tree.Value.Within(pid) : [];
        var ports = new List<int>();
        var openToAll = new Dictionary<int, string>();
        foreach (var socket in within.Count > 0 ? _listeners.Value.Of(within) : [])
        {
            if (!ports.Contains(socket.Port))
                ports.Add(socket.Port);
            if (socket.Address.Equals(IPAddress.Any) || socket.Address.Equals(IPAddress.IPv6Any))
                openToAll.TryAdd(socket.Port, $"{new IPEndPoint(socket.Address, socket.Port)}");
        }

        ports.Sort();
        return new ObservedProcess
        {
            Name = process.Name,
            Pid = process.Pid ?? 0,
            State = process.Status,
            Restarts = process.Restarts,
            StartedAt = process.StartedAt,
            ExitCode = process.ExitCode,
            RequestedAt = process.RequestedAt,
            EarlyEnds = process.EarlyEnds,
            Owner = process.Owner,
            Fingerprint = process.Fingerprint,
            Use = measure == Measure.Nothing
                ? null
                : TreeUse.Of(_tree.Value, within, isFull: measure == Measure.All || !OperatingSystem.IsLinux()),
            ListensOn = ports,
            OpenToAll = openToAll,
        };
    }
}
