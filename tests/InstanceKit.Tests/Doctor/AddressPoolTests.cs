using CsCheck;
using InstanceKit.Doctor;
using InstanceKit.Ports;
using Xunit;

namespace InstanceKit.Tests.Doctor;

public sealed class AddressPoolTests
{
    private static readonly Gen<string> AnyRange = Gen.Select(Gen.UInt, Gen.Int[8, 30])
        .Select((address, prefix) => $"{AddressRange.Print(32, address)}/{prefix}");

    [Theory]
    [InlineData("", 31)]
    [InlineData("172.17.0.0/16", 30)]
    [InlineData("172.17.0.0/16 172.20.5.0/24 10.0.0.0/8", 29)]
    [InlineData("192.168.0.0/16", 15)]
    [InlineData("172.16.0.0/12 192.168.0.0/16", 0)]
    [InlineData("fd00::/64 nonsense", 31)]
    public void Of_an_engine_that_was_told_nothing_31_ranges_can_be_cut(string used, int free) =>
        Assert.Equal((free, 31), AddressPool.Count(AddressPool.Default, used.Split(' ')));

    [Theory]
    [InlineData("10.99.0.0/16", 24, 256)]
    [InlineData("10.0.0.0/8", 32, 65536)]
    [InlineData("10.0.0.0/24", 24, 1)]
    [InlineData("10.0.0.0/24", 16, 0)]
    [InlineData("fd00::/48", 64, 0)]
    [InlineData("pool", 24, 0)]
    public void Pools_of_one_s_own_are_cut_as_they_say(string range, int size, int all) =>
        Assert.Equal((all, all), AddressPool.Count([new(range, size)], []));

    [Fact]
    public void More_networks_never_leave_more_ranges() => Gen.Select(AnyRange.Array[0, 12], AnyRange).Sample((used, more) =>
    {
        var (before, all) = AddressPool.Count(AddressPool.Default, used);
        var (after, _) = AddressPool.Count(AddressPool.Default, [.. used, more]);
        Assert.InRange(before, 0, all);
        Assert.InRange(after, 0, before);
    });
}
