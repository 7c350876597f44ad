using System.Net;
using System.Net.Sockets;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.IntegrationTests.Platform;

public sealed class PortProbeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::1")]
    [InlineData("::")]
    public void A_listener_on_any_address_takes_the_port_once_and_is_named(string address)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6 || !address.Contains(':', StringComparison.Ordinal), "This host has no IPv6.");
        using var listener = Listen(address, out var port);

        var taken = Assert.Single(PortProbe.Probe([port, port]));

        Assert.Equal((port, IPAddress.Parse(address), Environment.ProcessId), (taken.Port, taken.Address, taken.Pid));
        Assert.False(string.IsNullOrEmpty(taken.ProcessName));
        Assert.Contains(Path.GetFileName(Environment.ProcessPath)!, taken.CommandLine!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_bound_on_both_families_is_reported_once()
    {
        using var first = Listen("127.0.0.1", out var port);
        using var second = new TcpListener(IPAddress.IPv6Loopback, port);
        if (Socket.OSSupportsIPv6)
            second.Start();

        Assert.Single(PortProbe.Probe([port]));
    }

    [Fact]
    public void A_port_held_without_listening_is_taken_though_nobody_can_be_named()
    {
        Assert.SkipWhen(OperatingSystem.IsMacOS(), "macOS shares such a port.");
        using var listener = Listen("127.0.0.1", out var serverPort);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(IPAddress.Loopback, serverPort);
        var port = ((IPEndPoint)client.LocalEndPoint!).Port;

        var taken = Assert.Single(PortProbe.Probe([port]));

        Assert.Equal((port, (int?)null), (taken.Port, taken.Pid));
    }

    [Fact]
    public async Task A_free_port_is_free_also_while_old_connections_linger()
    {
        var listener = Listen("127.0.0.1", out var port);
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, port, Cancellation);
            using var served = await listener.AcceptTcpClientAsync(Cancellation);
            served.Client.Shutdown(SocketShutdown.Both); // the side that closes first keeps TIME_WAIT, on this port
            Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1], Cancellation));
        }

        listener.Dispose();
        await Eventually.HoldsAsync(() => Lingers(port), "the connection lingers in TIME_WAIT");

        Assert.Empty(PortProbe.Probe([port]));
        Assert.Empty(PortProbe.Probe([port])); // the probe itself leaves nothing behind
    }

    [Fact]
    public async Task A_server_that_waits_for_its_client_answers()
    {
        using var listener = Listen("127.0.0.1", out var port);

        Assert.True(await PortProbe.AnswersAsync(port, Cancellation));
    }

    [Fact]
    public async Task A_server_on_ipv6_alone_answers()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This host has no IPv6.");
        using var listener = Listen("::1", out var port);

        Assert.True(await PortProbe.AnswersAsync(port, Cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_proxy_that_accepts_and_closes_does_not_answer(bool withReset)
    {
        using var listener = Listen("127.0.0.1", out var port);
        var proxy = CloseAtOnceAsync(listener, withReset);

        Assert.False(await PortProbe.AnswersAsync(port, Cancellation));
        await proxy;
    }

    [Fact]
    public async Task A_server_that_greets_and_closes_answers()
    {
        using var listener = Listen("127.0.0.1", out var port);
        var greeting = GreetAsync(listener);

        Assert.True(await PortProbe.AnswersAsync(port, Cancellation));
        await greeting;
    }

    [Fact]
    public async Task A_closed_port_does_not_answer()
    {
        Listen("127.0.0.1", out var port).Dispose();

        Assert.False(await PortProbe.AnswersAsync(port, Cancellation));
    }

    private static async Task CloseAtOnceAsync(TcpListener listener, bool withReset)
    {
        using var socket = await listener.AcceptSocketAsync(Cancellation);
        if (withReset)
            socket.LingerState = new LingerOption(true, 0);
        listener.Stop();
    }

    private static async Task GreetAsync(TcpListener listener)
    {
        using var socket = await listener.AcceptSocketAsync(Cancellation);
        await socket.SendAsync("+OK\r\n"u8.ToArray(), Cancellation);
    }

    private static TcpListener Listen(string address, out int port)
    {
        var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return listener;
    }

    private static bool Lingers(int port) =>
        System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections()
            .Any(c => c.LocalEndPoint.Port == port && c.State == System.Net.NetworkInformation.TcpState.TimeWait);
}
