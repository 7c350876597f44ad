using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.IntegrationTests.Platform;

public sealed class ListeningSocketsTests
{
    [Fact]
    public void Own_listener_is_found_with_this_process()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var expected = new ListeningSocket(port, IPAddress.Loopback, Environment.ProcessId);

        Assert.Contains(expected, ListeningSockets.Snapshot());
        Assert.Equal([expected], ListeningSockets.Snapshot([port]));
        Assert.Contains(expected, ListeningSockets.OfProcesses([Environment.ProcessId]));
        Assert.Empty(ListeningSockets.OfProcesses([]));

        listener.Stop();
        Assert.Empty(ListeningSockets.Snapshot([port]));
        Assert.DoesNotContain(expected, ListeningSockets.OfProcesses([Environment.ProcessId]));
    }

    [Fact]
    public void Listener_of_ipv6_is_found_where_the_host_has_it()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This host has no IPv6.");
        using var listener = new TcpListener(IPAddress.IPv6Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        Assert.Equal(
            [new ListeningSocket(port, IPAddress.IPv6Loopback, Environment.ProcessId)], ListeningSockets.Snapshot([port]));
    }

    [Fact]
    public void A_snapshot_is_cheap()
    {
        ListeningSockets.Snapshot();
        var watch = Stopwatch.StartNew();
        ListeningSockets.Snapshot();
        var all = watch.Elapsed;
        watch.Restart();
        ListeningSockets.Snapshot([1]);
        TestContext.Current.TestOutputHelper?.WriteLine($"all {all.TotalMilliseconds:0.0} ms, one port {watch.Elapsed.TotalMilliseconds:0.0} ms");
        Assert.True(all < TimeSpan.FromSeconds(2));
    }
}
