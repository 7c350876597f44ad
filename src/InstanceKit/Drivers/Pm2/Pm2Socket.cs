using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace InstanceKit.Drivers;

/// <summary>Asks a PM2 daemon through its request socket: some milliseconds where the command takes a fifth of a second.</summary>
/// <remarks>
/// The wire format is AMP version 1 (https://github.com/tj/node-amp): one byte of version and argument count, then
/// each argument behind its length; an argument starts with its type, <c>j:</c> for JSON, <c>s:</c> for text. PM2
/// speaks it since its first version, but documents it nowhere: whoever calls falls back to the command.
/// </remarks>
internal static class Pm2Socket
{
    private const int LongestArgument = 256 * 1024 * 1024;
    private const int AnswerTimeout = 5_000; // milliseconds

    /// <summary>The daemon's process list; <see langword="null"/> when it could not be had this way.</summary>
    /// <remarks>It blocks: the answer takes milliseconds, and what it takes to wait for it without blocking, ten times as long.</remarks>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IReadOnlyList<Pm2Process>? TryList(string path, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        {
            ReceiveTimeout = AnswerTimeout, SendTimeout = AnswerTimeout,
        };
        using var abort = cancellation.Register(socket.Dispose);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            using var stream = new NetworkStream(socket);
            stream.Write(Request("getMonitorData"));
            using var answer = JsonDocument.Parse(ReadFirstArgument(stream));
            return Pm2Listing.Parse(answer.RootElement.GetProperty("args")[0]);
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or JsonException
            or KeyNotFoundException or InvalidOperationException or InvalidDataException or IndexOutOfRangeException)
        {
            cancellation.ThrowIfCancellationRequested();
            return null;
        }
    }

    private static byte[] Request(string method)
    {
        using var message = new MemoryStream();
        message.WriteByte((1 << 4) | 2);
        Append($$"""j:{"type":"call","method":"{{method}}","args":[{}]}""");
        Append("s:instancekit:0");
        return message.ToArray();

        void Append(string argument)
        {
            var bytes = Encoding.UTF8.GetBytes(argument);
            Span<byte> length = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            message.Write(length);
            message.Write(bytes);
        }
    }

    private static ReadOnlyMemory<byte> ReadFirstArgument(NetworkStream stream)
    {
        var head = new byte[1 + sizeof(uint)];
        stream.ReadExactly(head);
        var length = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1));
        if (head[0] >> 4 != 1 || length is < 2 or > LongestArgument)
            throw new InvalidDataException("This is no AMP message.");
        var argument = new byte[length];
        stream.ReadExactly(argument);
        return argument.AsMemory("j:".Length);
    }
}
