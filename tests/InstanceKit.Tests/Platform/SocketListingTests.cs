using System.Net;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.Tests.Platform;

public sealed class SocketListingTests
{
    private const string ProcTcp = """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 0100007F:1539 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 41234 1 0000000000000000 100 0 0 10 0
           1: 00000000:0CEF 00000000:0000 0A 00000000:00000000 00:00000000 00000000   999        0 41999 1 0000000000000000 100 0 0 10 0
           2: 0100007F:1539 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 50000 1 0000000000000000 20 4 30 10 -1
           3: 0100007F:1539 0100007F:C351 06 00000000:00000000 03:00000A2F 00000000     0        0 0 3 0000000000000000
        """;

    private const string ProcTcp6 = """
          sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 00000000000000000000000001000000:1449 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 777 1 0000000000000000 100 0 0 10 0
           1: 00000000000000000000000000000000:18EB 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 778 1 0000000000000000 100 0 0 10 0
        """;

    [Fact]
    public void Kernel_table_gives_listeners_alone()
    {
        var listeners = ProcNetTcp.ParseListeners(ProcTcp).ToList();

        Assert.Equal(
            [new(5433, IPAddress.Loopback, 41234), new(3311, IPAddress.Any, 41999)], listeners);
    }

    [Fact]
    public void Kernel_table_of_ipv6_gives_its_addresses()
    {
        var listeners = ProcNetTcp.ParseListeners(ProcTcp6).ToList();

        Assert.Equal([new(5193, IPAddress.IPv6Loopback, 777), new(6379, IPAddress.IPv6Any, 778)], listeners);
    }

    [Theory]
    [InlineData("")]
    [InlineData("heading\n\n")]
    [InlineData("   0: 0100007F:15 00000000:0000 0A")]
    [InlineData("   0: XYZ:1539 00000000:0000 0A 0:0 00:0 0 0 0 41234 1")]
    public void Kernel_table_of_another_form_gives_nothing(string table) =>
        Assert.Empty(ProcNetTcp.ParseListeners(table));

    [Fact]
    public void Lsof_gives_one_listener_per_address_with_the_lowest_process()
    {
        var listeners = LsofListing.Parse(
            "p812\nf22\nn127.0.0.1:5433\nf23\nn[::1]:5433\np640\nf22\nn127.0.0.1:5433\np901\nf5\nn*:3311\nnnonsense\n");

        Assert.Equal(
            [
                new ListeningSocket(5433, IPAddress.Loopback, 640),
                new ListeningSocket(5433, IPAddress.IPv6Loopback, 812),
                new ListeningSocket(3311, IPAddress.Any, 901),
            ],
            listeners);
    }

    [Fact]
    public void Netstat_is_read_whatever_the_language_of_its_states()
    {
        var listeners = NetstatListing.Parse(
            """

            Aktive Verbindungen

              Proto  Lokale Adresse         Remoteadresse          Status           PID
              TCP    0.0.0.0:135            0.0.0.0:0              ABHÖREN         1044
              TCP    127.0.0.1:5433         127.0.0.1:50123        HERGESTELLT     5120
              TCP    [::1]:5273             [::]:0                 ABHÖREN         6044
              UDP    0.0.0.0:123            *:*                                    1180
            """.ReplaceLineEndings("\r\n"));

        Assert.Equal(
            [new ListeningSocket(135, IPAddress.Any, 1044), new ListeningSocket(5273, IPAddress.IPv6Loopback, 6044)],
            listeners);
    }
}
