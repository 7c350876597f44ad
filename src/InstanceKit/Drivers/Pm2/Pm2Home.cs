using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace InstanceKit.Drivers;

/// <summary>A PM2_HOME: the folder whose sockets lead to one daemon.</summary>
internal sealed class Pm2Home
{
    // A Unix socket's path has at most 107 bytes, 103 on macOS; "/rpc.sock" takes 9. PM2 silently truncates a longer one.
    private static readonly int LongestPath = OperatingSystem.IsMacOS() ? 94 : 98;

    private const int ConnectTimeout = 5_000; // milliseconds

    private Pm2Home(string path) => Path = path;

    /// <summary>The absolute path.</summary>
    public string Path { get; }

    /// <summary>The daemon's request socket (Unix).</summary>
    public string RequestSocket => System.IO.Path.Combine(Path, "rpc.sock");

    /// <summary>The given directory, that of PM2_HOME, or <c>.pm2</c> in the home directory.</summary>
    /// <exception cref="InstanceKitException">The path is too long for the daemon's sockets.</exception>
    public static Pm2Home Resolve(string? home)
    {
        var chosen = home ?? Environment.GetEnvironmentVariable("PM2_HOME");
        if (string.IsNullOrEmpty(chosen))
            chosen = System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".pm2");
        var path = System.IO.Path.GetFullPath(chosen);
        if (!OperatingSystem.IsWindows() && Encoding.UTF8.GetByteCount(path) > LongestPath)
            throw InstanceKitException.Usage(
                $"The PM2 home '{path}' is too long for PM2's sockets: at most {LongestPath} characters.",
                "Set PM2_HOME to a shorter path.");
        return new Pm2Home(path);
    }

    /// <summary>Whether a daemon is running; ignores stale files. Never starts one.</summary>
    public bool IsDaemonAlive() => OperatingSystem.IsWindows() ? IsRecordedProcessAlive() : AcceptsRequests();

    private bool AcceptsRequests()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { SendTimeout = ConnectTimeout };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(RequestSocket));
            return true;
        }
        catch (SocketException e)
        {
            // One that no longer accepts connections still exists.
            return e.SocketErrorCode is SocketError.WouldBlock or SocketError.TryAgain or SocketError.TimedOut;
        }
    }

    // PM2's pipe on Windows has the same name for every home, so only the recorded process identifies the daemon.
    private bool IsRecordedProcessAlive()
    {
        try
        {
            var record = File.ReadAllText(System.IO.Path.Combine(Path, "pm2.pid"));
            using var process = Process.GetProcessById(int.Parse(record, CultureInfo.InvariantCulture));
            return process.ProcessName.StartsWith("node", StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
