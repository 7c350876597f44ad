using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using InstanceKit.Platform;

namespace InstanceKit.Pm2;

/// <summary>A PM2_HOME: the folder whose sockets lead to one daemon.</summary>
internal sealed class Pm2Home
{
    // A Unix socket's path has at most 107 bytes, 103 on macOS; "/rpc.sock" takes 9. PM2 silently truncates a longer one.
    private static readonly int LongestPath = OperatingSystem.IsMacOS() ? 94 : 98;

    private const int ConnectTimeout = 5_000; // milliseconds
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    private Pm2Home(string path) => Path = path;

    /// <summary>The absolute path.</summary>
    public string Path { get; }

    /// <summary>The daemon's request socket (Unix).</summary>
    public string RequestSocket => System.IO.Path.Combine(Path, "rpc.sock");

    /// <summary>The lock that serialises the start and the end of the daemon.</summary>
    public string Lock => System.IO.Path.Combine(Path, "instancekit.lock");

    /// <summary>The file that names the daemon that this library has started; one that anybody else has started is never ended.</summary>
    public string Mark => System.IO.Path.Combine(Path, "instancekit.daemon");

    /// <summary>The process of the daemon, as it has recorded it; <see langword="null"/> for none.</summary>
    public int? ReadPid() => ReadNumber(System.IO.Path.Combine(Path, "pm2.pid"));

    /// <summary>Ends the daemon where this library has started it and it holds no app; any failure leaves it running.</summary>
    public async Task EndIdleDaemonAsync(CancellationToken cancellation)
    {
        if (OperatingSystem.IsWindows() || ReadPid() is not { } pid || ReadNumber(Mark) != pid)
            return;
        try
        {
            if (!HoldsNothing())
                return;
            using var turn = await FileLock.TakeAsync(Lock, "The start of the PM2 daemon", onWait: null, EndLimit, cancellation);
            if (ReadPid() != pid || !HoldsNothing())
                return;
            Pm2SocketClient.RequestEnd(RequestSocket, cancellation);
            // A daemon that is on its way out removes the pid file, which may be that of its successor by then.
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(EndLimit);
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (ProcessTree.ReadOne(pid) is not null)
                await timer.WaitForNextTickAsync(limit.Token);
            File.Delete(Mark);
        }
        catch (Exception e) when (e is InstanceKitException or IOException or UnauthorizedAccessException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // It only costs memory, and the next Down tries again.
        }

        bool HoldsNothing() => Pm2SocketClient.TryList(RequestSocket, cancellation) is { Count: 0 };
    }

    private static int? ReadNumber(string file) =>
        SystemFile.Read(file)?.Trim() is { } text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

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
