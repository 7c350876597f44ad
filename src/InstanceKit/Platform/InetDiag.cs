using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;

namespace InstanceKit.Platform;

/// <summary>Asks the Linux kernel for its listening TCP sockets through sock_diag(7).</summary>
/// <remarks>
/// The tables in <c>/proc/net</c> make the kernel scan the space of all possible connections: on
/// two cores and 24 GB reading one took 15 to 40 ms, this answer less than one.
/// </remarks>
public static class InetDiag
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
