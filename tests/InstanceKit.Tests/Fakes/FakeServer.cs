using System.Net.Sockets;
using System.Text;
using InstanceKit.Engine;

namespace InstanceKit.Tests.Fakes;

/// <summary>A server on a Unix socket in place of an engine or of PM2, which serves each connection as a test wants, then closes it.</summary>
internal sealed class FakeServer : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _end = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ik-fake-");

    /// <param name="serve">Serves a connection after the head of its question was read.</param>
    /// <param name="readsQuestion">Whether a question in HTTP is read first; it is empty otherwise.</param>
    public FakeServer(Func<string, Stream, CancellationToken, Task> serve, bool readsQuestion = true)
    {
        Path = System.IO.Path.Combine(_folder.FullName, "rpc.sock");
        _socket.Bind(new UnixDomainSocketEndPoint(Path));
        _socket.Listen();
        _ = AcceptAsync(serve, readsQuestion);
    }

    /// <summary>The socket's path, in a folder of its own.</summary>
    public string Path { get; }

    /// <summary>Called when a connection is served.</summary>
    public Action OnAsked { get; set; } = () => { };

    /// <summary>The questions' first lines.</summary>
    public List<string> Questions { get; } = [];

    public EngineEndpoint Endpoint => EndpointOf(Path);

    public static EngineEndpoint EndpointOf(string path) => new(EngineEndpoint.Parse($"unix://{path}")!, $"unix://{path}", "DOCKER_HOST", null);

    /// <summary>Accepts, and never answers.</summary>
    public static Task SilentAsync(string question, Stream stream, CancellationToken end) => Task.Delay(Timeout.Infinite, end);

    /// <summary>Closes each connection at once.</summary>
    public static Task ClosedAsync(string question, Stream stream, CancellationToken end) => Task.CompletedTask;

    /// <summary>Answers everything with the same bytes, as many at a time as given.</summary>
    public static Func<string, Stream, CancellationToken, Task> Saying(byte[] bytes, int atATime = int.MaxValue) => async (_, stream, end) =>
    {
        foreach (var part in bytes.Chunk(Math.Min(atATime, Math.Max(1, bytes.Length))))
        {
            await stream.WriteAsync(part, end);
            await stream.FlushAsync(end);
        }
    };

    public static Func<string, Stream, CancellationToken, Task> Saying(string text, int atATime = int.MaxValue) => Saying(Encoding.Latin1.GetBytes(text), atATime);

    /// <inheritdoc />
    public void Dispose()
    {
        _end.Cancel();
        _socket.Dispose();
        _end.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task AcceptAsync(Func<string, Stream, CancellationToken, Task> serve, bool readsQuestion)
    {
        try
        {
            var end = _end.Token;
            while (true)
                _ = ServeAsync(await _socket.AcceptAsync(end), serve, readsQuestion, end);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket connection, Func<string, Stream, CancellationToken, Task> serve, bool readsQuestion, CancellationToken end)
    {
        await using var stream = new NetworkStream(connection, ownsSocket: true);
        try
        {
            var question = readsQuestion ? (await ReadHeadAsync(stream, end)).Split("\r\n")[0] : "";
            lock (Questions)
                Questions.Add(question);
            OnAsked();
            await serve(question, stream, end);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // The other side has enough, or the test is over.
        }
    }

    private static async Task<string> ReadHeadAsync(Stream stream, CancellationToken end)
    {
        var head = new StringBuilder();
        var buffer = new byte[4096];
        while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(buffer, end) is > 0 and var read)
            head.Append(Encoding.Latin1.GetString(buffer, 0, read));
        return head.ToString();
    }
}
