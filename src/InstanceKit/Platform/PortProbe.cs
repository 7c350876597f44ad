using System.Net;
using System.Net.Sockets;

namespace InstanceKit.Platform;

/// <summary>Checks whether ports are free and whether something answers on them.</summary>
public static class PortProbe
{
    private static readonly TimeSpan RefusalWindow = TimeSpan.FromMilliseconds(100);

    /// <summary>The ports that are in use, each once, in order.</summary>
    /// <remarks>
    /// A port is free when it can be bound on 127.0.0.1, on [::1] and on all addresses of both, and
    /// no listener is visible. Lingering connections (TIME_WAIT) do not occupy a port: .NET binds with
    /// SO_REUSEADDR on Unix. With it, macOS would allow a wildcard address next to a specific one, and the other
    /// way round, which is why all four addresses are tried.
    /// </remarks>
    /// <param name="ports">Ports, 1 to 65535.</param>
    public static IReadOnlyList<TakenPort> Probe(IEnumerable<int> ports)
    {
        var wanted = ports.Distinct().Order().ToList();
        var listeners = ListeningSockets.Snapshot(wanted).ToLookup(s => s.Port);
        return [.. wanted.Select(port => Probe(port, [.. listeners[port]])).OfType<TakenPort>()];
    }

    /// <summary>Whether a server answers on the port of this host, on 127.0.0.1 or else on [::1].</summary>
    /// <remarks>
    /// Docker's proxy accepts a connection even when nobody listens in the container, and closes it at once. So a
    /// port answers when data arrives, or when the connection is still open after 100 ms.
    /// </remarks>
    /// <param name="port">The port, 1 to 65535.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<bool> AnswersAsync(int port, CancellationToken cancellation = default) =>
        await AnswersAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation)
        || (Socket.OSSupportsIPv6 && await AnswersAsync(new IPEndPoint(IPAddress.IPv6Loopback, port), cancellation));

    private static async Task<bool> AnswersAsync(IPEndPoint endpoint, CancellationToken cancellation)
    {
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var window = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            await socket.ConnectAsync(endpoint, cancellation);
            window.CancelAfter(RefusalWindow);
            return await socket.ReceiveAsync(new byte[1], window.Token) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return true;
        }
    }

    private static TakenPort? Probe(int port, IReadOnlyList<ListeningSocket> listeners)
    {
        var owner = listeners.FirstOrDefault(s => s.Pid is not null) ?? (listeners is [var first, ..] ? first : null);
        var address = owner?.Address ?? Addresses().FirstOrDefault(a => IsTaken(a, port));
        if (address is null)
            return null;
        var command = owner?.Pid is { } pid ? ProcessCommand.Read(pid) : null;
        return new TakenPort
        {
            Port = port,
            Address = address,
            Pid = owner?.Pid,
            ProcessName = command?.Name,
            CommandLine = command?.Line,
        };
    }

    private static IEnumerable<IPAddress> Addresses() => Socket.OSSupportsIPv6
        ? [IPAddress.Loopback, IPAddress.IPv6Loopback, IPAddress.Any, IPAddress.IPv6Any]
        : [IPAddress.Loopback, IPAddress.Any];

    private static bool IsTaken(IPAddress address, int port)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            socket.Bind(new IPEndPoint(address, port));
            return false;
        }
        catch (SocketException e)
        {
            // Windows says "access denied" for a port that is reserved or held exclusively; Unix says it for a port
            // below 1024 that this user may not bind, which Docker still may.
            return e.SocketErrorCode == SocketError.AddressAlreadyInUse
                || (e.SocketErrorCode == SocketError.AccessDenied && OperatingSystem.IsWindows());
        }
    }
}

/// <summary>A port in use.</summary>
public sealed record TakenPort
{
    /// <summary>The port, 1 to 65535.</summary>
    public required int Port { get; init; }

    /// <summary>The address it is in use on; 0.0.0.0 or :: for all.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>The process that listens, when it could be found.</summary>
    public int? Pid { get; init; }

    /// <summary>The process's short name, when it could be found.</summary>
    public string? ProcessName { get; init; }

    /// <summary>A description of the process, for messages.</summary>
    public string Holder => Pid is { } pid ? $"process {ProcessName ?? "?"} ({pid})" : "a process of another user";

    /// <summary>The process's whole command line, when it could be found.</summary>
    public string? CommandLine { get; init; }
}
