using System.Net.Sockets;
using System.Text;

namespace InstanceKit.IntegrationTests.Faults;

/// <summary>A server on a Unix socket that does as a test wants, in place of an engine or of PM2.</summary>
internal sealed class FakeServer : IDisposable
{
    private const string RealEngine = "/var/run/docker.sock";

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _end = new();

    /// <param name="path">The socket's path.</param>
    /// <param name="serve">What is done with a connection, which is closed then.</param>
    public FakeServer(string path, Func<Stream, CancellationToken, Task> serve)
    {
        Path = path;
        _socket.Bind(new UnixDomainSocketEndPoint(path));
        _socket.Listen();
        _ = AcceptAsync(serve);
    }

    /// <summary>The socket's path.</summary>
    public string Path { get; }

    /// <summary>Whether somebody has connected.</summary>
    public bool IsAsked { get; private set; }

    /// <summary>Its address for Docker.</summary>
    public string Address => $"unix://{Path}";

    /// <summary>Accepts, and never answers.</summary>
    public static Task SilentAsync(Stream stream, CancellationToken end) => Task.Delay(Timeout.Infinite, end);

    /// <summary>Closes each connection at once.</summary>
    public static Task ClosedAsync(Stream stream, CancellationToken end) => Task.CompletedTask;

    /// <summary>Answers everything with the same bytes, again and again if wanted.</summary>
    /// <param name="text">What is sent.</param>
    /// <param name="forever">Whether it never ends.</param>
    public static Func<Stream, CancellationToken, Task> Saying(string text, bool forever = false) => async (stream, end) =>
    {
        _ = await ReadHeadAsync(stream, end);
        do
            await stream.WriteAsync(Encoding.ASCII.GetBytes(text), end);
        while (forever);
    };

    /// <summary>Sends a byte now and then.</summary>
    public static async Task DrippingAsync(Stream stream, CancellationToken end)
    {
        await stream.WriteAsync("HTTP/1.0 200 OK\r\n\r\n["u8.ToArray(), end);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (await timer.WaitForNextTickAsync(end))
            await stream.WriteAsync(" "u8.ToArray(), end);
    }

    /// <summary>Hands everything to the real engine but what is asked for at some paths, which it never answers.</summary>
    /// <param name="isDeafTo">Tells by path and query.</param>
    public static Func<Stream, CancellationToken, Task> DeafTo(Func<string, bool> isDeafTo) => async (stream, end) =>
    {
        var head = await ReadHeadAsync(stream, end);
        if (head.Split(' ') is [_, var target, ..] && isDeafTo(target))
            await Task.Delay(Timeout.Infinite, end);
        using var engine = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await engine.ConnectAsync(new UnixDomainSocketEndPoint(RealEngine), end);
        await using var real = new NetworkStream(engine);
        await real.WriteAsync(Encoding.Latin1.GetBytes(head), end);
        await Task.WhenAny(real.CopyToAsync(stream, end), stream.CopyToAsync(real, end));
    };

    /// <inheritdoc />
    public void Dispose()
    {
        _end.Cancel();
        _socket.Dispose();
        _end.Dispose();
        File.Delete(Path);
    }

    private async Task AcceptAsync(Func<Stream, CancellationToken, Task> serve)
    {
        try
        {
            var end = _end.Token;
            while (true)
            {
                var connection = await _socket.AcceptAsync(end);
                IsAsked = true;
                _ = ServeAsync(connection, serve, end);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static async Task ServeAsync(Socket connection, Func<Stream, CancellationToken, Task> serve, CancellationToken end)
    {
        await using var stream = new NetworkStream(connection, ownsSocket: true);
        try
        {
            await serve(stream, end);
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
