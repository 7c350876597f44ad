using InstanceKit.Addresses;
using InstanceKit.Ports;
using Xunit;

namespace InstanceKit.Tests.Addresses;

public sealed class NetworkAddressesTests
{
    private static readonly SubnetPlan Plan = new(1,
    [
        new SubnetAssignment("net", "172.28.0.0/16", "10.255.0.0/16"),
        new SubnetAssignment("net", "fd00:1::/64", "fd00:2::/64"),
    ]);

    [Theory]
    [InlineData("172.28.0.5", "10.255.0.5")]
    [InlineData("172.28.0.5:6379", "10.255.0.5:6379")]
    [InlineData("redis://:secret@172.28.0.5:6379/0", "redis://:secret@10.255.0.5:6379/0")]
    [InlineData("172.28.0.5,172.28.0.6;172.29.0.7", "10.255.0.5,10.255.0.6;172.29.0.7")]
    [InlineData("172.28.0.10-172.28.0.20", "10.255.0.10-10.255.0.20")]
    [InlineData("--bind=172.28.0.5", "--bind=10.255.0.5")]
    [InlineData("db:172.28.0.5", "db:10.255.0.5")]
    [InlineData("Ask 172.28.0.5.", "Ask 10.255.0.5.")]
    [InlineData("172.28.0.0/16", "10.255.0.0/16")]
    [InlineData("172.28.3.0/24 172.16.0.0/12", "10.255.3.0/24 172.16.0.0/12")]
    [InlineData("http://172.28.0.5/8", "http://10.255.0.5/8")]
    [InlineData("fd00:1::5", "fd00:2::5")]
    [InlineData("http://[fd00:1::5]:80/", "http://[fd00:2::5]:80/")]
    [InlineData("fd00:1::/64", "fd00:2::/64")]
    [InlineData("at 12:34:56", "at 12:34:56")]
    [InlineData("172.28.0.5.nip.io", "172.28.0.5.nip.io")]
    [InlineData("ip-172.28.0.5", "ip-172.28.0.5")]
    [InlineData("172.28.0.5-alpine", "172.28.0.5-alpine")]
    [InlineData("v172.28.0.5", "v172.28.0.5")]
    [InlineData("1.172.28.0.5", "1.172.28.0.5")]
    [InlineData("172.28.0.5.1", "172.28.0.5.1")]
    [InlineData("172.28.0", "172.28.0")]
    [InlineData("172.28.0.256", "172.28.0.256")]
    public void Moves_whole_addresses_of_the_range(string text, string expected) =>
        Assert.Equal(expected, Move(text, Plan));

    [Fact]
    public void Changes_nothing_in_instance_0() =>
        Assert.Equal("172.28.0.5", Move("172.28.0.5", SubnetPlan.Empty));

    [Fact]
    public void Mentions_name_the_old_and_the_new_address() => Assert.Equal(
        [(3, "172.28.0.5", "10.255.0.5")],
        new Translator(PortMap.Of([]), Plan).Translate("at 172.28.0.5:80", ReaderPlace.HostApp).Mentions.Select(m => (m.Position, m.What, m.To!)));

    private static string Move(string text, SubnetPlan plan) => new Translator(PortMap.Of([]), plan).Translate(text, ReaderPlace.HostApp).Text;
}
