using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.Tests.Platform;

public sealed class InetDiagTests
{
    private const ushort Socket = 20;
    private const ushort Refusal = 2;
    private const ushort End = 3;

    [Fact]
    public void Sockets_of_both_families_are_read_up_to_the_end()
    {
        var found = new List<KernelSocket>();

        var isEnd = InetDiag.Parse(
            [
                .. Message(Socket, Answer(IPAddress.Loopback, 5433, 41234)),
                .. Message(Socket, Answer(IPAddress.Parse("::ffff:127.0.0.1"), 50000, 7, (IPAddress.Parse("::ffff:127.0.0.1"), 5433))),
                .. Message(Socket, [.. Answer(IPAddress.IPv6Any, 6379, 4_000_000_000), 8, 0, 1, 0, 1, 2, 3]), // an attribute, not padded
                .. Message(End, new byte[4]),
                .. Message(Socket, Answer(IPAddress.Any, 1, 1)),
            ],
            found);

        Assert.True(isEnd);
        Assert.Equal(
            [
                new(IPEndPoint.Parse("127.0.0.1:5433"), null, 41234),
                new(IPEndPoint.Parse("127.0.0.1:50000"), IPEndPoint.Parse("127.0.0.1:5433"), 7),
                new(IPEndPoint.Parse("[::]:6379"), null, 4_000_000_000),
            ],
            found);
    }

    [Fact]
    public void An_answer_may_go_on_in_another_datagram()
    {
        var found = new List<KernelSocket>();

        Assert.False(InetDiag.Parse(Message(Socket, Answer(IPAddress.Any, 3311, 7)), found));
        Assert.Equal([new(IPEndPoint.Parse("0.0.0.0:3311"), null, 7)], found);
    }

    [Fact]
    public void A_refusal_and_a_broken_message_are_told()
    {
        Assert.Null(InetDiag.Parse(Message(Refusal, new byte[20]), []));
        Assert.Null(InetDiag.Parse(Message(Socket, Answer(IPAddress.Any, 1, 1)).AsSpan(0, 40), []));
        Assert.Null(InetDiag.Parse(new byte[16], []));
    }

    [Fact]
    public void The_kernel_tells_of_a_socket_that_listens()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var found = OperatingSystem.IsLinux() ? InetDiag.TryRead() : null;
        Assert.SkipWhen(found is null, "This kernel can't be asked; other tests speak of the tables that are read then.");

        Assert.Contains(found!, l => l.Port == port && l.Address.Equals(IPAddress.Loopback) && l.Inode > 0);
    }

    [Fact]
    public void The_kernel_tells_of_both_ends_of_a_connection()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new System.Net.Sockets.TcpClient();
        client.Connect((IPEndPoint)listener.LocalEndpoint);
        // A socket of both families: the kernel has it in its table of IPv6.
        var ends = (Plain(client.Client.LocalEndPoint), Plain(client.Client.RemoteEndPoint));
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The tables are those of Linux.");

        foreach (var found in new[] { InetDiag.TryRead(), [.. ConnectionTable.ReadTables(Environment.ProcessId)] })
            Assert.Contains(found ?? [new KernelSocket(ends.Item1, ends.Item2, 1)], s => (s.Local, s.Remote).Equals(ends) && s.Inode > 0);
        var table = ConnectionTable.OfHost();
        table.Attribute([Environment.ProcessId]);
        Assert.Equal(Environment.ProcessId, table.HolderOf(table.Sockets.Single(s => (s.Local, s.Remote).Equals(ends))));

        static IPEndPoint Plain(EndPoint? end) => new(((IPEndPoint)end!).Address.MapToIPv4(), ((IPEndPoint)end).Port);
    }

    private static byte[] Answer(IPAddress address, ushort port, uint inode, (IPAddress Address, ushort Port)? remote = null)
    {
        var message = new byte[72];
        message[1] = (byte)(remote is null ? 10 : 1);
        if (remote is { } other)
        {
            other.Address.GetAddressBytes().CopyTo(message, 24);
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), other.Port);
        }

        message[0] = (byte)(address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? 10 : 2);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), port);
        address.GetAddressBytes().CopyTo(message, 8);
        MemoryMarshal.Write(message.AsSpan(68), inode);
        return message;
    }

    private static byte[] Message(ushort type, byte[] body)
    {
        var message = new byte[(16 + body.Length + 3) & ~3];
        MemoryMarshal.Write(message, 16 + body.Length);
        MemoryMarshal.Write(message.AsSpan(4), type);
        body.CopyTo(message, 16);
        return message;
    }
}
