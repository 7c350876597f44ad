using System.IO.Pipes;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace InstanceKit.Engine;

/// <summary>Sends read-only requests to the Docker engine: one request per connection.</summary>
/// <remarks>
/// A client library costs a short command more than its questions: on two cores, describing nine containers at the start
/// of a process took 200 ms through Docker.DotNet and 70 through this one, of the 150 that <c>Status</c> may take.
/// HTTP/1.0 (RFC 1945) on purpose: its responses end with the connection and are never chunked.
/// </remarks>
/// <param name="limit">Breaks off every question.</param>
internal sealed class EngineHttpClient(EngineEndpoint endpoint, CancellationToken limit)
{
    private const int FirstBuffer = 32 * 1024;

    // Ten thousand containers take a third of it.
    private const int LongestAnswer = 64 * 1024 * 1024;

    /// <summary>The body of the response to a GET; <see langword="null"/> for 404.</summary>
    /// <param name="path">The path and query, such as <c>/containers/json?all=1</c>, escaped.</param>
    /// <exception cref="IOException">The engine refuses, with its own words, or speaks no HTTP.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">It does not listen.</exception>
    /// <exception cref="OperationCanceledException">The limit was reached.</exception>
    public byte[]? Get(string path)
    {
        var answer = Read(path);
        var (status, body) = EngineAnswer.Split(answer);
        return status switch
        {
            HttpStatusCode.OK => answer[body..],
            HttpStatusCode.NotFound => null,
            _ => throw new IOException(EngineAnswer.Describe(status, answer.AsSpan(body))),
        };
    }

    /// <summary>Opens a streaming response; the stream is positioned at its body.</summary>
    /// <param name="path">The path and query, escaped.</param>
    /// <exception cref="IOException">The engine refuses, or speaks no HTTP.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">It does not listen.</exception>
    public Stream Open(string path)
    {
        var stream = EngineSocketClient.Open(endpoint, limit);
        try
        {
            using var abort = limit.Register(stream.Dispose);
            Send(stream, path);
            var status = EngineAnswer.ReadHead(stream);
            return status == HttpStatusCode.OK ? stream : throw new IOException(EngineAnswer.Describe(status, ReadToEnd(stream)));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private byte[] Read(string path)
    {
        limit.ThrowIfCancellationRequested();
        using var stream = EngineSocketClient.Open(endpoint, limit);
        using var abort = limit.Register(stream.Dispose);
        try
        {
            Send(stream, path);
            return ReadToEnd(stream);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or System.Net.Sockets.SocketException)
        {
            limit.ThrowIfCancellationRequested();
            throw;
        }
    }

    private static void Send(Stream stream, string path) =>
        stream.Write(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.0\r\nHost: docker\r\n\r\n"));

    private static byte[] ReadToEnd(Stream stream)
    {
        var buffer = new byte[FirstBuffer];
        var length = 0;
        while (stream.Read(buffer, length, buffer.Length - length) is > 0 and var read)
        {
            length += read;
            if (length > LongestAnswer)
                throw new InvalidDataException($"the answer is longer than {LongestAnswer >> 20} MiB");
            if (length == buffer.Length)
                Array.Resize(ref buffer, length * 2);
        }

        return buffer[..length];
    }
}

/// <summary>Opens streams to the Docker engine's API, whatever it is reached by.</summary>
internal static class EngineSocketClient
{
    private const int PipeTimeout = 5_000; // milliseconds

    /// <summary>Opens one.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <exception cref="IOException">It is refused.</exception>
    /// <exception cref="TimeoutException">The pipe or the socket stays busy.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Stream Open(EngineEndpoint endpoint, CancellationToken cancellation) => endpoint.Address.Scheme switch
    {
        "unix" => OpenSocket(endpoint.Address),
        "npipe" => OpenPipe(endpoint.Address),
        _ when endpoint.Tls is { } tls => OpenSecure(endpoint.Address, tls, cancellation),
        _ => OpenTcp(endpoint.Address, cancellation),
    };

    // Blocking takes a tenth of the time of non-blocking; only a server that no longer accepts connections makes it wait.
    private static NetworkStream OpenSocket(Uri endpoint)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { SendTimeout = PipeTimeout };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(endpoint.LocalPath));
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.TryAgain or SocketError.TimedOut)
        {
            socket.Dispose();
            throw new TimeoutException("it does not accept connections", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static NamedPipeClientStream OpenPipe(Uri endpoint)
    {
        var pipe = new NamedPipeClientStream(
            endpoint.Host, endpoint.Segments[^1], PipeDirection.InOut, PipeOptions.Asynchronous);
        try
        {
            pipe.Connect(PipeTimeout);
            return pipe;
        }
        catch
        {
            pipe.Dispose();
            throw;
        }
    }

    private static NetworkStream OpenTcp(Uri endpoint, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.ConnectAsync(endpoint.Host, endpoint.Port, cancellation).AsTask().GetAwaiter().GetResult();
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static SslStream OpenSecure(Uri endpoint, EngineTls tls, CancellationToken cancellation)
    {
        var secure = new SslStream(OpenTcp(endpoint, cancellation));
        try
        {
            secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = endpoint.Host,
                    ClientCertificates = tls.OwnCertificates,
                    RemoteCertificateValidationCallback = (_, certificate, _, errors) => tls.Accepts(certificate, errors),
                },
                cancellation).GetAwaiter().GetResult();
            return secure;
        }
        catch
        {
            secure.Dispose();
            throw;
        }
    }
}
