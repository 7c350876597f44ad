using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;

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
        var all = OperatingSystem.IsWindows()
            ? NetstatListing.Parse(Output(NetstatListing.Command("TCP")) + Output(NetstatListing.Command("TCPv6")))
            : LsofListing.Parse(Output(LsofListing.Command));
        return [.. all.Where(s => ports is null || ports.Contains(s.Port))];
    }

    private static List<ListeningSocket> ReadLinux(HashSet<int>? ports)
    {
        var sockets = Listeners().Where(s => ports is null || ports.Contains(s.Port)).ToList();
        var owners = ProcSocketOwners.Find(sockets.Select(s => s.Inode).ToHashSet());
        return [.. sockets.Select(s => new ListeningSocket(
            s.Port, s.Address, owners.TryGetValue(s.Inode, out var pid) ? pid : null))];
    }

    internal static IReadOnlyList<ProcNetTcp.Listener> Listeners() =>
        InetDiag.TryRead() ?? [.. ProcNetTcp.ParseListeners(ReadTable("/proc/net/tcp")), .. ProcNetTcp.ParseListeners(ReadTable("/proc/net/tcp6"))];

    // A kernel without IPv6 has no tcp6 table.
    private static string ReadTable(string path) => File.Exists(path) ? File.ReadAllText(path) : "";

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
    public static IReadOnlyList<ListeningSocket> Parse(string output)
    {
        var sockets = new List<ListeningSocket>();
        foreach (var line in output.Split('\n'))
        {
            var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 5 || fields[0] != "TCP" || !fields[2].EndsWith(":0", StringComparison.Ordinal))
                continue;
            if (LocalName.TryParse(fields[1], out var address, out var port))
            {
                int? pid = int.TryParse(fields[^1], NumberStyles.None, null, out var id) ? id : null;
                sockets.Add(new ListeningSocket(port, address, pid));
            }
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
/// <remarks>Each line is a field: <c>p</c> the process id, <c>f</c> a descriptor, <c>n</c> the socket's name.</remarks>
internal static class LsofListing
{
    /// <summary>The command whose output is read.</summary>
    public static ProcessSpec Command { get; } = new()
    {
        Program = "lsof",
        Arguments = ["-nP", "-iTCP", "-sTCP:LISTEN", "-F", "pn"],
        InstallHint = "Install lsof, which shows which process listens on a port.",
    };

    /// <summary>The listening sockets; lines of another form are passed over.</summary>
    /// <param name="output">The whole output.</param>
    public static IReadOnlyList<ListeningSocket> Parse(string output)
    {
        var sockets = new Dictionary<(int, IPAddress), ListeningSocket>();
        int? pid = null;
        foreach (var line in output.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 1))
        {
            if (line[0] == 'p')
                pid = int.TryParse(line.AsSpan(1), NumberStyles.None, null, out var id) ? id : null;
            else if (line[0] == 'n' && LocalName.TryParse(line[1..], out var address, out var port))
                Add(new ListeningSocket(port, address, pid));
        }

        return [.. sockets.Values];

        void Add(ListeningSocket socket)
        {
            var key = (socket.Port, socket.Address);
            if (!sockets.TryGetValue(key, out var known) || socket.Pid < known.Pid)
                sockets[key] = socket;
        }
    }
}

/// <summary>One TCP socket of this host that accepts connections.</summary>
/// <param name="Port">The port, 1 to 65535.</param>
/// <param name="Address">The local address; 0.0.0.0 or :: for all.</param>
/// <param name="Pid">The process that holds it, the parent if a child shares it; <see langword="null"/> when unknown.</param>
internal sealed record ListeningSocket(int Port, IPAddress Address, int? Pid);

/// <summary>Reads a local socket name as lsof and netstat print it: <c>127.0.0.1:80</c>, <c>[::1]:80</c>, <c>*:80</c>.</summary>
internal static class LocalName
{
    /// <summary>Splits a name into address and port; false when it is not valid.</summary>
    public static bool TryParse(string name, out IPAddress address, out int port)
    {
        address = IPAddress.Any;
        port = 0;
        var colon = name.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(name.AsSpan(colon + 1), NumberStyles.None, null, out port))
            return false;
        var host = name[..colon];
        return host == "*" || IPAddress.TryParse(host.Trim('[', ']'), out address!);
    }
}

/// <summary>Asks the Linux kernel for its listening TCP sockets through sock_diag(7).</summary>
/// <remarks>
/// The tables in <c>/proc/net</c> make the kernel scan the space of all possible connections: on
/// two cores and 24 GB reading one took 15 to 40 ms, this answer less than one.
/// </remarks>
internal static class InetDiag
{
    private const int NetlinkFamily = 16;
    private const int RawSocket = 3;
    private const int CloseOnExec = 0x80000;
    private const int DiagProtocol = 4;
    private const int TcpProtocol = 6;
    private const int TcpListen = 10;
    private const int Inet = 2;
    private const int Inet6 = 10;

    // nlmsghdr and inet_diag_req_v2, then the places in inet_diag_msg.
    private const int HeadLength = 16;
    private const int RequestLength = HeadLength + 56;
    private const int PortOffset = 4;
    private const int AddressOffset = 8;
    private const int InodeOffset = 68;
    private const int AnswerLength = 72;

    private const ushort DumpRequest = 20;
    private const ushort RequestAndDump = 0x301;
    private const ushort ErrorMessage = 2;
    private const ushort DoneMessage = 3;

    /// <summary>The listening sockets of both families; <see langword="null"/> where the kernel can't be queried.</summary>
    public static IReadOnlyList<ProcNetTcp.Listener>? TryRead()
    {
        var socket = OpenSocket(NetlinkFamily, RawSocket | CloseOnExec, DiagProtocol);
        if (socket < 0)
            return null;
        try
        {
            var found = new List<ProcNetTcp.Listener>();
            return TryRead(socket, Inet, found) && TryRead(socket, Inet6, found) ? found : null;
        }
        finally
        {
            _ = CloseSocket(socket);
        }
    }

    /// <summary>Reads one datagram of an answer.</summary>
    /// <param name="datagram">Messages, each at a multiple of four bytes.</param>
    /// <param name="found">Receives the sockets.</param>
    /// <returns>Whether the response is complete: <see langword="true"/> at its end, <see langword="null"/> on an error.</returns>
    public static bool? Parse(ReadOnlySpan<byte> datagram, List<ProcNetTcp.Listener> found)
    {
        while (datagram.Length >= HeadLength)
        {
            var length = MemoryMarshal.Read<int>(datagram);
            var type = MemoryMarshal.Read<ushort>(datagram[4..]);
            if (type == DoneMessage)
                return true;
            if (type == ErrorMessage || length < HeadLength || length > datagram.Length)
                return null;
            if (type == DumpRequest && length >= HeadLength + AnswerLength)
                found.Add(Listener(datagram[HeadLength..length]));
            datagram = datagram[Math.Min((length + 3) & ~3, datagram.Length)..];
        }

        return false;
    }

    private static bool TryRead(int socket, byte family, List<ProcNetTcp.Listener> found)
    {
        var request = new byte[RequestLength];
        MemoryMarshal.Write(request, RequestLength);
        MemoryMarshal.Write(request.AsSpan(4), DumpRequest);
        MemoryMarshal.Write(request.AsSpan(6), RequestAndDump);
        request[HeadLength] = family;
        request[HeadLength + 1] = TcpProtocol;
        MemoryMarshal.Write(request.AsSpan(HeadLength + 4), 1 << TcpListen);
        if (Send(socket, request, request.Length, 0) != request.Length)
            return false;

        var buffer = new byte[32 * 1024];
        bool? isEnd = false;
        while (isEnd == false)
        {
            var length = (int)Receive(socket, buffer, buffer.Length, 0);
            isEnd = length > 0 ? Parse(buffer.AsSpan(0, length), found) : null;
        }

        return isEnd == true;
    }

    private static ProcNetTcp.Listener Listener(ReadOnlySpan<byte> message) => new(
        BinaryPrimitives.ReadUInt16BigEndian(message[PortOffset..]),
        new IPAddress(message.Slice(AddressOffset, message[0] == Inet6 ? 16 : 4)),
        MemoryMarshal.Read<uint>(message[InodeOffset..]));

    [DllImport("libc", EntryPoint = "socket")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenSocket(int family, int type, int protocol);

    [DllImport("libc", EntryPoint = "send")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Send(int socket, byte[] buffer, nint length, int flags);

    [DllImport("libc", EntryPoint = "recv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Receive(int socket, byte[] buffer, nint length, int flags);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int CloseSocket(int socket);
}

/// <summary>The listening TCP sockets of this host at one time, by process.</summary>
internal sealed class ListenerTable
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
