using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;

namespace InstanceKit.Platform;

/// <summary>A TCP socket of this host, or of a container's network namespace.</summary>
/// <param name="Local">Its own end; 0.0.0.0 or :: for all addresses of a listener.</param>
/// <param name="Remote">The other end; <see langword="null"/> for a listener.</param>
/// <param name="Inode">Its inode, which the descriptors of its holders name (Linux).</param>
internal sealed record KernelSocket(IPEndPoint Local, IPEndPoint? Remote, long Inode)
{
    /// <summary>Its own port.</summary>
    public int Port => Local.Port;

    /// <summary>Its own address.</summary>
    public IPAddress Address => Local.Address;

    /// <summary>The process that holds it; <see langword="null"/> where its descriptors have to be read.</summary>
    public int? Pid { get; init; }

    /// <summary>An end of a connection; an IPv4 address that an IPv6 socket uses is the IPv4 address.</summary>
    internal static IPEndPoint End(IPAddress address, int port) =>
        new(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port);
}

/// <summary>Reads the text of <c>/proc/net/tcp</c> and <c>/proc/net/tcp6</c>.</summary>
/// <remarks>The format is that of proc(5): addresses are hexadecimal, in 32-bit words of the host's byte order.</remarks>
internal static class ProcNetTcp
{
    private const string Established = "01";
    private const string CloseWait = "08"; // the other end is closed, this one is not
    private const string Listen = "0A";

    /// <summary>The listeners and connections of a table; lines of another form, and closed connections, are passed over.</summary>
    /// <param name="table">The whole text, with its heading.</param>
    public static IEnumerable<KernelSocket> Parse(string table)
    {
        foreach (var line in table.Split('\n'))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 10 || fields[3] is not (Listen or Established or CloseWait)
                || ParseEnd(fields[1]) is not { } local || ParseEnd(fields[2]) is not { } remote
                || !long.TryParse(fields[9], NumberStyles.None, CultureInfo.InvariantCulture, out var inode))
                continue;
            yield return new KernelSocket(local, fields[3] == Listen ? null : remote, inode);
        }
    }

    private static IPEndPoint? ParseEnd(string field)
    {
        const int digits = 8;
        var colon = field.IndexOf(':', StringComparison.Ordinal);
        if (colon is not (digits or 4 * digits)
            || !ushort.TryParse(field.AsSpan(colon + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var port))
            return null;
        var bytes = new byte[colon / 2];
        if (Convert.FromHexString(field.AsSpan(0, colon), bytes, out _, out _) != System.Buffers.OperationStatus.Done)
            return null;
        if (BitConverter.IsLittleEndian)
        {
            for (var word = 0; word < bytes.Length; word += 4)
                Array.Reverse(bytes, word, 4);
        }

        return KernelSocket.End(new IPAddress(bytes), port);
    }
}

/// <summary>Asks the Linux kernel for its TCP sockets through sock_diag(7).</summary>
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
    private const int TcpEstablished = 1;
    private const int TcpCloseWait = 8;
    private const int TcpListen = 10;
    private const int Inet = 2;
    private const int Inet6 = 10;

    // nlmsghdr and inet_diag_req_v2, then the places in inet_diag_msg.
    private const int HeadLength = 16;
    private const int RequestLength = HeadLength + 56;
    private const int StateOffset = 1;
    private const int PortOffset = 4;
    private const int RemotePortOffset = 6;
    private const int AddressOffset = 8;
    private const int RemoteAddressOffset = 24;
    private const int InodeOffset = 68;
    private const int AnswerLength = 72;

    private const ushort DumpRequest = 20;
    private const ushort RequestAndDump = 0x301;
    private const ushort ErrorMessage = 2;
    private const ushort DoneMessage = 3;

    /// <summary>The listening sockets of both families; <see langword="null"/> where the kernel can't be queried.</summary>
    public static IReadOnlyList<KernelSocket>? TryReadListeners() => TryRead(1 << TcpListen);

    /// <summary>The same with the connections. The kernel walks through its table of connections, which takes a millisecond.</summary>
    public static IReadOnlyList<KernelSocket>? TryRead() => TryRead((1 << TcpListen) | (1 << TcpEstablished) | (1 << TcpCloseWait));

    private static List<KernelSocket>? TryRead(int states)
    {
        var socket = OpenSocket(NetlinkFamily, RawSocket | CloseOnExec, DiagProtocol);
        if (socket < 0)
            return null;
        try
        {
            var found = new List<KernelSocket>();
            return TryRead(socket, Inet, states, found) && TryRead(socket, Inet6, states, found) ? found : null;
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
    public static bool? Parse(ReadOnlySpan<byte> datagram, List<KernelSocket> found)
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
                found.Add(Socket(datagram[HeadLength..length]));
            datagram = datagram[Math.Min((length + 3) & ~3, datagram.Length)..];
        }

        return false;
    }

    private static bool TryRead(int socket, byte family, int states, List<KernelSocket> found)
    {
        var request = new byte[RequestLength];
        MemoryMarshal.Write(request, RequestLength);
        MemoryMarshal.Write(request.AsSpan(4), DumpRequest);
        MemoryMarshal.Write(request.AsSpan(6), RequestAndDump);
        request[HeadLength] = family;
        request[HeadLength + 1] = TcpProtocol;
        MemoryMarshal.Write(request.AsSpan(HeadLength + 4), states);
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

    private static KernelSocket Socket(ReadOnlySpan<byte> message) => new(
        End(message, AddressOffset, PortOffset),
        message[StateOffset] == TcpListen ? null : End(message, RemoteAddressOffset, RemotePortOffset),
        MemoryMarshal.Read<uint>(message[InodeOffset..]));

    private static IPEndPoint End(ReadOnlySpan<byte> message, int address, int port) => KernelSocket.End(
        new IPAddress(message.Slice(address, message[0] == Inet6 ? 16 : 4)), BinaryPrimitives.ReadUInt16BigEndian(message[port..]));

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
