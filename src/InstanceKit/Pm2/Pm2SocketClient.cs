using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using InstanceKit.Platform;

namespace InstanceKit.Pm2;

/// <summary>Queries a PM2 daemon through its request socket: milliseconds, where the command takes a fifth of a second.</summary>
/// <remarks>
/// The wire format is AMP version 1 (https://github.com/tj/node-amp): one byte of version and argument count, then
/// each argument after its length; an argument starts with its type, <c>j:</c> for JSON, <c>s:</c> for text. PM2
/// has used it since its first version, but does not document it: callers fall back to the command.
/// </remarks>
internal static class Pm2SocketClient
{
    private const int LongestArgument = 64 * 1024 * 1024;
    private const int FirstRead = 64 * 1024;

    // A daemon that starts ten apps at once on a busy core takes a second to answer.
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    // PM2 kills an app that does not exit within its kill_timeout, by default 1.6 s.
    private static readonly TimeSpan DeleteTimeout = TimeSpan.FromMinutes(1);

    /// <summary>The daemon's process list; <see langword="null"/> when the socket did not return it.</summary>
    /// <remarks>Blocks: the response takes milliseconds, and waiting asynchronously ten times as long.</remarks>
    /// <exception cref="NoAnswerException">The daemon accepts, but does not answer in time.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IReadOnlyList<Pm2Process>? TryList(string path, CancellationToken cancellation) => TryList(path, AnswerTimeout, cancellation);

    /// <summary>The same with another time limit.</summary>
    internal static IReadOnlyList<Pm2Process>? TryList(string path, TimeSpan timeout, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            return TryAsk(
                path, timeout,
                stream =>
                {
                    stream.Write(Request("getMonitorData", "{}", 0));
                    using var answer = JsonDocument.Parse(ReadAnswer(stream));
                    return Pm2Listing.Parse(answer.RootElement.GetProperty("args")[0]);
                },
                limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Silent(Path.GetDirectoryName(path)!, timeout);
        }
    }

    /// <summary>The error for a daemon that accepts and is silent.</summary>
    /// <param name="home">Its PM2_HOME.</param>
    /// <param name="limit">How long it was waited for.</param>
    public static NoAnswerException Silent(string home, TimeSpan limit)
    {
        var pid = SystemFile.Read(Path.Combine(home, "pm2.pid"))?.Trim() is { Length: > 0 and < 10 } text && text.All(char.IsAsciiDigit) ? text : null;
        return new NoAnswerException(
            $"The PM2 daemon ({(pid is null ? "" : $"process {pid}, ")}PM2_HOME={home}) does not answer: no response within {limit.TotalSeconds:0} s.",
            $"If it was stopped, resume it (kill -CONT {pid ?? "PID"}); otherwise stop it (kill -KILL {pid ?? "PID"}), then retry.");
    }

    /// <summary>Makes the daemon stop and delete apps, all concurrently. Blocks until it has finished.</summary>
    /// <param name="path">The daemon's request socket.</param>
    /// <param name="ids">PM2's ids of them; unknown ones are ignored.</param>
    /// <param name="cancellation">Ends the wait, but not what the daemon has started.</param>
    /// <returns>Whether each request was answered, with any result.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static bool TryDelete(string path, IReadOnlyList<int> ids, CancellationToken cancellation) => TryAsk(
        path, DeleteTimeout,
        stream =>
        {
            for (var i = 0; i < ids.Count; i++)
                stream.Write(Request("deleteProcessId", $"{ids[i]}", i));
            foreach (var _ in ids)
                ReadAnswer(stream);
            return true;
        },
        cancellation);

    /// <summary>Asks the daemon to end; its apps, if it has any, go on without it. The answer is that it closes the connection.</summary>
    public static void RequestEnd(string path, CancellationToken cancellation) => TryAsk(
        path, AnswerTimeout,
        stream =>
        {
            stream.Write(Request("killMe", "{}", 0));
            return stream.ReadByte();
        },
        cancellation);

    private static T? TryAsk<T>(string path, TimeSpan timeout, Func<NetworkStream, T> ask, CancellationToken cancellation)
    {
        var milliseconds = (int)timeout.TotalMilliseconds;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        {
            ReceiveTimeout = milliseconds, SendTimeout = milliseconds,
        };
        using var abort = cancellation.Register(socket.Dispose);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            using var stream = new NetworkStream(socket);
            return ask(stream);
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or JsonException
            or KeyNotFoundException or InvalidOperationException or InvalidDataException or IndexOutOfRangeException
            or FormatException or ArgumentException or OverflowException)
        {
            cancellation.ThrowIfCancellationRequested();
            // The socket's own limit may be over a moment before that of the question.
            if ((e as SocketException ?? e.InnerException as SocketException) is { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock or SocketError.TryAgain })
                throw Silent(Path.GetDirectoryName(path)!, timeout);
            return default;
        }
    }

    private static byte[] Request(string method, string argument, int number)
    {
        using var message = new MemoryStream();
        message.WriteByte((1 << 4) | 2);
        Append($$"""j:{"type":"call","method":"{{method}}","args":[{{argument}}]}""");
        Append($"s:instancekit:{number}");
        return message.ToArray();

        void Append(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            Span<byte> length = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            message.Write(length);
            message.Write(bytes);
        }
    }

    /// <summary>The first argument of a message, without its type; the next identifies the request.</summary>
    /// <exception cref="InvalidDataException">It is not an AMP message.</exception>
    /// <exception cref="EndOfStreamException">It is cut off.</exception>
    internal static ReadOnlyMemory<byte> ReadAnswer(Stream stream)
    {
        var head = stream.ReadByte();
        if (head >> 4 != 1 || (head & 0xf) == 0)
            throw new InvalidDataException("This is not an AMP message.");
        var first = ReadArgument(stream);
        for (var i = 1; i < (head & 0xf); i++)
            ReadArgument(stream);
        return first.AsMemory("j:".Length);
    }

    private static byte[] ReadArgument(Stream stream)
    {
        Span<byte> size = stackalloc byte[sizeof(uint)];
        stream.ReadExactly(size);
        if (BinaryPrimitives.ReadInt32BigEndian(size) is not (>= 2 and <= LongestArgument and var length))
            throw new InvalidDataException("This is not an AMP argument.");
        // A length is only believed as far as bytes follow.
        var argument = new byte[Math.Min(length, FirstRead)];
        stream.ReadExactly(argument);
        while (argument.Length < length)
        {
            var read = argument.Length;
            Array.Resize(ref argument, Math.Min(length, read * 2));
            stream.ReadExactly(argument.AsSpan(read));
        }

        return argument;
    }
}
