using System.IO.Pipes;
using System.Net.Security;
using System.Net.Sockets;

namespace InstanceKit.Engine;

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
