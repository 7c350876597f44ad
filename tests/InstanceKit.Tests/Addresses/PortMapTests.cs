using InstanceKit.Addresses;
using Xunit;

namespace InstanceKit.Tests.Addresses;

public sealed class PortMapTests
{
    [Fact]
    public void Ports_are_found_from_both_sides()
    {
        var map = PortMap.Of([new(5433, 5533), new(6379, 6379), new(5433, 5533)]);

        Assert.Equal(5533, map.Translate(5433));
        Assert.Equal(6379, map.Translate(6379));
        Assert.Null(map.Translate(5533));
        Assert.Equal(5433, map.BaseOf(5533));
        Assert.Null(map.BaseOf(5433));
    }

    [Theory]
    [InlineData(1, 2, 1, 3)]
    [InlineData(1, 3, 2, 3)]
    [InlineData(1, 2, 0, 3)]
    [InlineData(1, 2, 3, 65536)]
    public void Pairs_that_disagree_or_are_no_ports_are_refused(int firstBase, int first, int secondBase, int second) =>
        Assert.Throws<ArgumentException>(() => PortMap.Of([new(firstBase, first), new(secondBase, second)]));
}
