using InstanceKit.Processes;

namespace InstanceKit.Drivers;

/// <summary>Reads which TCP ports of this host are listened to, and by which process.</summary>
/// <remarks>
/// Linux: sock_diag, or <c>/proc/net/tcp</c> and <c>/proc/net/tcp6</c> where the kernel can't be asked, and the
/// descriptors of every readable process; other Unix: <c>lsof</c>; Windows: <c>netstat</c>. Sockets of other users' processes have no <see cref="ListeningSocket.Pid"/>.
/// </remarks>
public static class ListeningSockets
{
    private static readonly TimeSpan ToolTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Every listening TCP socket of this host.</summary>
    /// <exception cref="InstanceKitException"><c>lsof</c> or <c>netstat</c> is missing (never on Linux).</exception>
    public static IReadOnlyList<ListeningSocket> Snapshot() => Read(null);

    /// <summary>The listening sockets of the given ports only: faster, as it stops once their owners are found.</summary>
    /// <param name="ports">Ports, 1 to 65535.</param>
    /// <exception cref="InstanceKitException"><c>lsof</c> or <c>netstat</c> is missing (never on Linux).</exception>
    public static IReadOnlyList<ListeningSocket> Snapshot(IEnumerable<int> ports) => Read(ports.ToHashSet());

    /// <summary>The listening sockets of the given processes only: nobody else's descriptors are read.</summary>
    /// <param name="processes">Process ids.</param>
    /// <returns>Each socket once for every one of the processes that holds it.</returns>
    /// <exception cref="InstanceKitException"><c>lsof</c> or <c>netstat</c> is missing (never on Linux).</exception>
    public static IReadOnlyList<ListeningSocket> OfProcesses(IReadOnlyCollection<int> processes) => ListenerTable.Snapshot().Of(processes);

    private static List<ListeningSocket> Read(HashSet<int>? ports)
    {
        if (OperatingSystem.IsLinux())
            return ReadLinux(ports);
        var all = OperatingSystem.IsWindows()
            ? NetstatListing.Parse(Output(NetstatListing.Command("TCP")) + Output(NetstatListing.Command("TCPv6")))
            : LsofListing.Parse(Output(LsofListing.Command));
        return [.. all.Where(s => ports is null || ports.Contains(s.Port))];
    }

    private static List<ListeningSocket> ReadLinux(HashSet<int>? ports)
    {
        var sockets = Listeners().Where(s => ports is null || ports.Contains(s.Port)).ToList();
        var owners = ProcSocketOwners.Find(sockets.Select(s => s.Inode).ToHashSet());
        return [.. sockets.Select(s => new ListeningSocket(
            s.Port, s.Address, owners.TryGetValue(s.Inode, out var pid) ? pid : null))];
    }

    internal static IReadOnlyList<ProcNetTcp.Listener> Listeners() =>
        InetDiag.TryRead() ?? [.. ProcNetTcp.ParseListeners(ReadTable("/proc/net/tcp")), .. ProcNetTcp.ParseListeners(ReadTable("/proc/net/tcp6"))];

    // A kernel without IPv6 has no tcp6 table.
    private static string ReadTable(string path) => File.Exists(path) ? File.ReadAllText(path) : "";

    // lsof ends with 1 when nothing listens, so the exit code says nothing.
    private static string Output(ProcessSpec command) =>
        ProcessRunner.RunAsync(command with { Timeout = ToolTimeout }).GetAwaiter().GetResult().StandardOutput;
}
