using System.Globalization;
using System.Net;

namespace InstanceKit.Platform;

/// <summary>Finds the listening TCP ports of this host and their processes.</summary>
/// <remarks>
/// Linux: sock_diag, or <c>/proc/net/tcp</c> and <c>/proc/net/tcp6</c> where the kernel can't be queried, and the
/// descriptors of every readable process; other Unix: <c>lsof</c>; Windows: <c>netstat</c>. Sockets of other users' processes have no <see cref="ListeningSocket.Pid"/>.
/// </remarks>
internal static class ListeningSockets
{
    private static readonly TimeSpan ToolTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Every listening TCP socket of this host.</summary>
    /// <exception cref="InstanceKitException"><c>lsof</c> or <c>netstat</c> is missing (never on Linux).</exception>
    public static IReadOnlyList<ListeningSocket> Snapshot() => Read(null);

    /// <summary>The listening sockets of the given ports only: faster, as it stops once their owners are found.</summary>
    /// <param name="ports">Ports, 1 to 65535.</param>
    /// <exception cref="InstanceKitException"><c>lsof</c> or <c>netstat</c> is missing (never on Linux).</exception>
    public static IReadOnlyList<ListeningSocket> Snapshot(IEnumerable<int> ports) => Read(ports.ToHashSet());

    /// <summary>The listening sockets of the given processes only; other descriptors are not read.</summary>
    /// <param name="processes">Process ids.</param>
    /// <returns>Each socket once for each process that holds it.</returns>
    /// <exception cref="InstanceKitException"><c>lsof</c> or <c>netstat</c> is missing (never on Linux).</exception>
    public static IReadOnlyList<ListeningSocket> OfProcesses(IReadOnlyCollection<int> processes) => ListenerTable.Snapshot().Of(processes);

    private static List<ListeningSocket> Read(HashSet<int>? ports)
    {
        if (OperatingSystem.IsLinux())
            return ReadLinux(ports);
        var all = OperatingSystem.IsWindows() ? NetstatListing.Parse(NetstatOutput()) : LsofListing.Parse(Output(LsofListing.Command));
        return [.. all.Where(s => ports is null || ports.Contains(s.Port))];
    }

    /// <summary>The listeners and connections as <c>lsof</c> or <c>netstat</c> lists them, where the kernel has no table to read.</summary>
    /// <exception cref="InstanceKitException"><c>lsof</c> or <c>netstat</c> is missing.</exception>
    internal static IReadOnlyList<KernelSocket> ListAll() =>
        OperatingSystem.IsWindows() ? NetstatListing.ParseAll(NetstatOutput()) : LsofListing.ParseAll(Output(LsofListing.CommandForAll));

    private static string NetstatOutput() => Output(NetstatListing.Command("TCP")) + Output(NetstatListing.Command("TCPv6"));

    private static List<ListeningSocket> ReadLinux(HashSet<int>? ports)
    {
        var sockets = Listeners().Where(s => ports is null || ports.Contains(s.Port)).ToList();
        var owners = ProcSocketOwners.Find(sockets.Select(s => s.Inode).ToHashSet());
        return [.. sockets.Select(s => new ListeningSocket(
            s.Port, s.Address, owners.TryGetValue(s.Inode, out var pid) ? pid : null))];
    }

    internal static IReadOnlyList<KernelSocket> Listeners() =>
        InetDiag.TryReadListeners() ?? [.. ConnectionTable.ReadTables(Environment.ProcessId).Where(s => s.Remote is null)];

    // lsof exits with 1 when nothing listens, so ignore the exit code.
    private static string Output(ProcessSpec command) =>
        ProcessRunner.RunAsync(command with { Timeout = ToolTimeout }).GetAwaiter().GetResult().StandardOutput;
}

/// <summary>Reads the output of Windows' <c>netstat -ano</c>.</summary>
/// <remarks>
/// The state column is localized on Windows, so a listener is identified by its foreign address, whose port is 0 for
/// listeners alone.
/// </remarks>
internal static class NetstatListing
{
    /// <summary>The command whose output is read.</summary>
    /// <param name="protocol"><c>TCP</c>, or <c>TCPv6</c> for the other half.</param>
    public static ProcessSpec Command(string protocol) => new() { Program = "netstat", Arguments = ["-ano", "-p", protocol] };

    /// <summary>The listening sockets; lines of another form are passed over.</summary>
    /// <param name="output">The whole output.</param>
    public static IReadOnlyList<ListeningSocket> Parse(string output) =>
        [.. ParseAll(output).Where(s => s.Remote is null).Select(s => new ListeningSocket(s.Port, s.Address, s.Pid))];

    /// <summary>The same with the connections; a closed one has no process any more.</summary>
    internal static IReadOnlyList<KernelSocket> ParseAll(string output)
    {
        var sockets = new List<KernelSocket>();
        foreach (var line in output.Split('\n'))
        {
            var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 5 || fields[0] != "TCP" || SocketName.TryParse(fields[1]) is not { } local)
                continue;
            int? pid = int.TryParse(fields[^1], NumberStyles.None, null, out var id) ? id : null;
            if (fields[2].EndsWith(":0", StringComparison.Ordinal))
                sockets.Add(new KernelSocket(local, null, 0) { Pid = pid });
            else if (pid > 0 && SocketName.TryParse(fields[2]) is { } remote)
                sockets.Add(new KernelSocket(local, remote, 0) { Pid = pid });
        }

        return sockets;
    }
}

/// <summary>Finds which process holds a socket, through the descriptors in <c>/proc/PID/fd</c> (Linux).</summary>
internal sealed class ProcSocketOwners
{
    private readonly IReadOnlySet<long> _inodes;
    private readonly Dictionary<int, HashSet<long>> _held = [];

    private ProcSocketOwners(IReadOnlySet<long> inodes) => _inodes = inodes;

    /// <summary>The holder of each inode that was found; of parent and child that share the socket, the parent.</summary>
    /// <param name="inodes">The sockets' inodes; the search ends early once each is found.</param>
    public static IReadOnlyDictionary<long, int> Find(IReadOnlySet<long> inodes) =>
        inodes.Count == 0 ? new Dictionary<long, int>() : new ProcSocketOwners(inodes).Find();

    private Dictionary<long, int> Find()
    {
        // Newest first: the listeners on specific ports have most likely just been started.
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

/// <summary>Reads the output of <c>lsof -nP -iTCP -sTCP:LISTEN -F pn</c>.</summary>
/// <remarks>
/// Each line is a field: <c>p</c> the process id, <c>f</c> a descriptor, <c>n</c> the socket's name, which is
/// <c>127.0.0.1:50123->127.0.0.1:5433</c> for a connection.
/// </remarks>
internal static class LsofListing
{
    /// <summary>The command whose output is read.</summary>
    public static ProcessSpec Command { get; } = new()
    {
        Program = "lsof",
        Arguments = ["-nP", "-iTCP", "-sTCP:LISTEN", "-F", "pn"],
        InstallHint = "Install lsof, which shows which process listens on a port.",
    };

    /// <summary>The command that lists connections, too.</summary>
    public static ProcessSpec CommandForAll { get; } =
        Command with { Arguments = ["-nP", "-iTCP", "-sTCP:LISTEN,ESTABLISHED,CLOSE_WAIT", "-F", "pn"] };

    /// <summary>The listening sockets; lines of another form are passed over.</summary>
    /// <param name="output">The whole output.</param>
    public static IReadOnlyList<ListeningSocket> Parse(string output)
    {
        var sockets = new Dictionary<IPEndPoint, ListeningSocket>();
        foreach (var listener in ParseAll(output).Where(s => s.Remote is null))
        {
            if (!sockets.TryGetValue(listener.Local, out var known) || listener.Pid < known.Pid)
                sockets[listener.Local] = new ListeningSocket(listener.Port, listener.Address, listener.Pid);
        }

        return [.. sockets.Values];
    }

    /// <summary>The same with the connections, each once for each process that holds it.</summary>
    internal static IReadOnlyList<KernelSocket> ParseAll(string output)
    {
        const string arrow = "->";
        var sockets = new List<KernelSocket>();
        int? pid = null;
        foreach (var line in output.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 1))
        {
            if (line[0] == 'p')
                pid = int.TryParse(line.AsSpan(1), NumberStyles.None, null, out var id) ? id : null;
            else if (line[0] == 'n' && line[1..].Split(arrow) is var ends && SocketName.TryParse(ends[0]) is { } local)
                Add(local, ends);
        }

        return sockets;

        void Add(IPEndPoint local, string[] ends)
        {
            if (ends.Length == 1)
                sockets.Add(new KernelSocket(local, null, 0) { Pid = pid });
            else if (SocketName.TryParse(ends[1]) is { } remote)
                sockets.Add(new KernelSocket(local, remote, 0) { Pid = pid });
        }
    }
}

/// <summary>One TCP socket of this host that accepts connections.</summary>
/// <param name="Port">The port, 1 to 65535.</param>
/// <param name="Address">The local address; 0.0.0.0 or :: for all.</param>
/// <param name="Pid">The process that holds it, the parent if a child shares it; <see langword="null"/> when unknown.</param>
internal sealed record ListeningSocket(int Port, IPAddress Address, int? Pid);

/// <summary>Reads one end of a socket as lsof and netstat print it: <c>127.0.0.1:80</c>, <c>[::1]:80</c>, <c>*:80</c>.</summary>
internal static class SocketName
{
    /// <summary>The address and port; <see langword="null"/> when the text is not valid.</summary>
    public static IPEndPoint? TryParse(string name)
    {
        var colon = name.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(name.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return null;
        var host = name[..colon];
        return host == "*" ? new IPEndPoint(IPAddress.Any, port)
            : IPAddress.TryParse(host.Trim('[', ']'), out var address) ? KernelSocket.End(address, port)
            : null;
    }
}

/// <summary>The listening TCP sockets of this host at one time, by process.</summary>
internal sealed class ListenerTable
{
    private readonly Dictionary<long, KernelSocket> _byInode = [];
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
