using System.Globalization;
using System.Net;
using CsCheck;
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
           2: 0000000000000000FFFF00000100007F:C352 0000000000000000FFFF00000100007F:1539 01 00000000:00000000 00:00000000 00000000  1000        0 779 1 0000000000000000 20 4 30 10 -1
           4: 010000FD000002000000000003000000:C353 B80D0120000000000000000 0D0C0B0A:01BB 01
           5: 010000FD000002000000000003000000:C353 B80D012000000000000000000D0C0B0A:01BB 08 00000000:00000000 00:00000000 00000000  1000        0 780 1 0000000000000000 20 4 30 10 -1
        """;

    [Fact]
    public void Kernel_table_gives_listeners_and_connections_but_none_that_is_closed() => Assert.Equal(
        [
            new(End("127.0.0.1:5433"), null, 41234), new(End("0.0.0.0:3311"), null, 41999),
            new(End("127.0.0.1:5433"), End("127.0.0.1:50000"), 50000),
        ],
        ProcNetTcp.Parse(ProcTcp));

    [Fact]
    public void Kernel_table_of_ipv6_gives_its_addresses_and_the_ipv4_addresses_in_them() => Assert.Equal(
        [
            new(End("[::1]:5193"), null, 777), new(End("[::]:6379"), null, 778),
            new(End("127.0.0.1:50002"), End("127.0.0.1:5433"), 779), new(End("[fd00:1:2::3]:50003"), End("[2001:db8::a0b:c0d]:443"), 780),
        ],
        ProcNetTcp.Parse(ProcTcp6));

    [Fact]
    public void What_the_kernel_writes_is_read_back() =>
        Gen.Select(Gen.OneOf(Gen.Byte.Array[4], Gen.Byte.Array[16]), Gen.Byte.Array[16], Gen.UShort, Gen.UShort, Gen.UInt).Sample((local, other, port, otherPort, inode) =>
        {
            var remote = other[..local.Length];
            var line = $" 12: {Hex(local)}:{port:X4} {Hex(remote)}:{otherPort:X4} 01 00000000:00000000 00:00000000 00000000     0        0 {inode} 1 0 20 4 30 10 -1";

            Assert.Equal([new KernelSocket(Plain(local, port), Plain(remote, otherPort), inode)], ProcNetTcp.Parse($"heading\n{line}\n"));
        });

    private static IPEndPoint End(string text) => IPEndPoint.Parse(text);

    // The kernel prints words of four bytes as numbers of its own byte order.
    private static string Hex(byte[] address) =>
        string.Concat(address.Chunk(4).Select(w => BitConverter.ToUInt32(w).ToString("X8", CultureInfo.InvariantCulture)));

    private static IPEndPoint Plain(byte[] bytes, int port) =>
        new IPAddress(bytes) is { IsIPv4MappedToIPv6: true } mapped ? new(mapped.MapToIPv4(), port) : new(new IPAddress(bytes), port);

    [Theory]
    [InlineData("")]
    [InlineData("heading\n\n")]
    [InlineData("   0: 0100007F:15 00000000:0000 0A")]
    [InlineData("   0: XYZ:1539 00000000:0000 0A 0:0 00:0 0 0 0 41234 1")]
    public void Kernel_table_of_another_form_gives_nothing(string table) =>
        Assert.Empty(ProcNetTcp.Parse(table));

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

    [Fact]
    public void Lsof_gives_both_ends_of_connections() => Assert.Equal(
        [
            new(End("127.0.0.1:5433"), null, 0) { Pid = 640 },
            new(End("127.0.0.1:50123"), End("127.0.0.1:5433"), 0) { Pid = 812 },
            new(End("[::1]:50124"), End("[::1]:5273"), 0) { Pid = 812 },
        ],
        LsofListing.ParseAll("p640\nf22\nn127.0.0.1:5433\np812\nf30\nn127.0.0.1:50123->127.0.0.1:5433\nf31\nn[::1]:50124->[::1]:5273\nf32\nnhalf->\n"));

    [Fact]
    public void Netstat_gives_both_ends_of_connections_that_have_a_process() => Assert.Equal(
        [new(End("127.0.0.1:5433"), End("127.0.0.1:50123"), 0) { Pid = 5120 }],
        NetstatListing.ParseAll("  TCP    127.0.0.1:5433  127.0.0.1:50123  HERGESTELLT  5120\n  TCP    127.0.0.1:5433  127.0.0.1:50124  WARTEND  0\n"));

    [Theory]
    [InlineData("Tcp: RtoAlgorithm CurrEstab InSegs\nTcp: 1 0 51\nUdp: InDatagrams\nUdp: 3\n", false)]
    [InlineData("Tcp: RtoAlgorithm CurrEstab InSegs\nTcp: 1 2 51\n", true)]
    [InlineData("Tcp: RtoAlgorithm InSegs\nTcp: 1 51\n", true)]
    [InlineData("Tcp: CurrEstab\n", true)]
    [InlineData("", true)]
    public void Counters_of_another_form_do_not_deny_connections(string counters, bool expected) =>
        Assert.Equal(expected, TcpCounters.HasConnections(counters));
}
