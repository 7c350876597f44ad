using System.IO.Pipes;
using System.Net.Security;
using System.Net.Sockets;

namespace InstanceKit.Drivers;

/// <summary>Opens streams to the Docker engine's API, whatever it is reached by.</summary>
internal static class EngineConnection
{
    private const int PlainPort = 2375;
    private const int SecurePort = 2376;
    private const int PipeTimeout = 5_000; // milliseconds

    /// <summary>Opens one.</summary>
    /// <param name="endpoint">An address that <see cref="EngineEndpoint"/> knows.</param>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <exception cref="IOException">It is refused.</exception>
    /// <exception cref="TimeoutException">The pipe stays busy.</exception>
    public static Stream Open(Uri endpoint) => endpoint.Scheme switch
    {
        "unix" => OpenSocket(endpoint),
        "npipe" => OpenPipe(endpoint),
        "https" => OpenSecure(endpoint),
        _ => OpenTcp(endpoint, PlainPort),
    };

    private static NetworkStream OpenSocket(Uri endpoint)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(endpoint.LocalPath));
            return new NetworkStream(socket, ownsSocket: true);
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

    private static NetworkStream OpenTcp(Uri endpoint, int port)
    {
        var client = new TcpClient();
        try
        {
            client.Connect(endpoint.Host, endpoint.Port > 0 ? endpoint.Port : port);
            return new NetworkStream(client.Client, ownsSocket: true);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private static SslStream OpenSecure(Uri endpoint)
    {
        var secure = new SslStream(OpenTcp(endpoint, SecurePort));
        try
        {
            secure.AuthenticateAsClient(endpoint.Host);
            return secure;
        }
        catch
        {
            secure.Dispose();
            throw;
        }
    }
}
