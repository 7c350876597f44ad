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
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The daemon's process list; <see langword="null"/> when it could not be had this way.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<IReadOnlyList<Pm2Process>?> TryListAsync(string path, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(AnswerTimeout);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), limit.Token);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(Request("getMonitorData"), limit.Token);
            using var answer = JsonDocument.Parse(await ReadFirstArgumentAsync(stream, limit.Token));
            return Pm2Listing.Parse(answer.RootElement.GetProperty("args")[0]);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e) when (e is SocketException or IOException or JsonException or KeyNotFoundException
            or InvalidOperationException or InvalidDataException or IndexOutOfRangeException)
        {
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

    private static async Task<ReadOnlyMemory<byte>> ReadFirstArgumentAsync(Stream stream, CancellationToken cancellation)
    {
        var head = new byte[1 + sizeof(uint)];
        await stream.ReadExactlyAsync(head, cancellation);
        var length = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1));
        if (head[0] >> 4 != 1 || length is < 2 or > LongestArgument)
            throw new InvalidDataException("This is no AMP message.");
        var argument = new byte[length];
        await stream.ReadExactlyAsync(argument, cancellation);
        return argument.AsMemory("j:".Length);
    }
}
