using InstanceKit.Models;
using InstanceKit.Ports;
using Xunit;

namespace InstanceKit.Tests.Ports;

public sealed class SubnetPlannerTests
{
    [Theory]
    [InlineData("10.5.0.0/16", 1, "10.6.0.0/16")]
    [InlineData("10.5.0.0/16", 2, "10.7.0.0/16")]
    [InlineData("10.254.0.0/16", 1, "10.255.0.0/16")]
    [InlineData("10.254.0.0/16", 2, "10.253.0.0/16")] // above is full: from the top down
    [InlineData("172.28.0.0/16", 1, "10.255.0.0/16")]
    [InlineData("172.28.0.0/16", 3, "10.253.0.0/16")]
    [InlineData("192.168.77.0/24", 1, "10.255.255.0/24")]
    [InlineData("192.168.77.0/29", 2, "10.255.255.240/29")]
    [InlineData("172.28.0.1/16", 1, "10.255.0.0/16")] // bits behind the prefix mean nothing
    [InlineData("203.0.113.0/24", 1, "10.255.255.0/24")]
    [InlineData("fd12:3456:789a:1::/64", 1, "fd12:3456:789a:2::/64")]
    [InlineData("2001:db8:1::/64", 1, "fdff:ffff:ffff:ffff::/64")]
    public void Gives_a_range_of_the_same_size(string range, int instance, string expected)
    {
        var plan = SubnetPlanner.Plan([Network("net", range)], instance);

        var assignment = Assert.Single(plan.Assignments);
        Assert.Equal(("net", range, expected), (assignment.Network, assignment.BaseRange, assignment.Range));
        Assert.NotEmpty(assignment.Reason);
    }

    [Fact]
    public void Instance_0_keeps_what_the_compose_files_say() =>
        Assert.False(SubnetPlanner.Plan([Network("net", "172.28.0.0/16", "fd00:1::/64")], 0).MovesAny);

    [Fact]
    public void Ranges_of_several_networks_go_around_each_other()
    {
        var plan = SubnetPlanner.Plan([Network("back", "10.1.2.0/24"), Network("front", "10.1.3.0/24", "172.20.0.0/16")], 1);

        Assert.Equal(
            ["back 10.1.4.0/24", "front 10.1.5.0/24", "front 10.255.0.0/16"], plan.Assignments.Select(a => $"{a.Network} {a.Range}"));
    }

    [Fact]
    public void Leaves_alone_what_is_not_the_stacks_to_choose()
    {
        var external = Network("ext", "10.1.0.0/16") with { IsExternal = true };
        var wire = Network("lan", "192.168.1.0/24") with { DriverOptions = new Dictionary<string, string> { ["parent"] = "eth0" } };

        Assert.Empty(SubnetPlanner.Plan([external, wire, Network("odd", "auto")], 1).Assignments);
    }

    [Fact]
    public void Keeps_a_recorded_range_and_places_new_ones_around_it()
    {
        var first = SubnetPlanner.Plan([Network("one", "10.5.0.0/16")], 1);

        var second = SubnetPlanner.Plan([Network("one", "10.5.0.0/16"), Network("a", "10.4.0.0/16")], 1, first);

        Assert.Equal(["a 10.7.0.0/16", "one 10.6.0.0/16"], second.Assignments.Select(a => $"{a.Network} {a.Range}"));
    }

    [Fact]
    public void Goes_around_what_other_stacks_hold()
    {
        string[] held = ["10.255.0.0/16", "nonsense"];
        var networks = new[] { Network("net", "192.168.77.0/24") };

        Assert.Equal("10.254.255.0/24", SubnetPlanner.Plan(networks, 1, held: held).Assignments[0].Range);
        Assert.Equal("10.254.254.0/24", SubnetPlanner.Plan(networks, 2, held: held).Assignments[0].Range);
        Assert.Equal("10.255.255.0/24", SubnetPlanner.Plan(networks, 1, held: ["10.3.0.0/16"]).Assignments[0].Range);
        var recorded = SubnetPlanner.Plan(networks, 1);
        Assert.Equal(recorded.Assignments, SubnetPlanner.Plan(networks, 1, recorded, held).Assignments);
    }

    [Fact]
    public void Says_so_when_no_room_is_left()
    {
        var error = Assert.Throws<InstanceKitException>(() => SubnetPlanner.Plan([Network("huge", "10.0.0.0/9")], 2));

        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains("huge has the fixed range 10.0.0.0/9", error.Message, StringComparison.Ordinal);
        Assert.Contains("instance 2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("172.28.0.5", "10.255.0.5")]
    [InlineData("172.28.255.255", "10.255.255.255")]
    [InlineData("172.29.0.5", "172.29.0.5")]
    [InlineData("fd00:1::a", "fd00:1:0:1::a")]
    [InlineData("172.28.5", "172.28.5")]
    [InlineData("db", "db")]
    public void Moves_an_address_with_its_range(string address, string expected) =>
        Assert.Equal(expected, SubnetPlanner.Plan([Network("n", "172.28.0.0/16", "fd00:1::/64")], 1).Translate(address));

    [Theory]
    [InlineData("172.28.5.0/24", "10.255.5.0/24")]
    [InlineData("172.28.0.0/16", "10.255.0.0/16")]
    [InlineData("172.16.0.0/12", "172.16.0.0/12")]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    public void Moves_a_part_of_a_range_but_nothing_wider(string range, string expected) =>
        Assert.Equal(expected, SubnetPlanner.Plan([Network("n", "172.28.0.0/16")], 1).TranslateRange(range));

    internal static ComposeNetwork Network(string key, params string[] ranges) => new(key, $"x_{key}", false)
    {
        Subnets = [.. ranges.Select(r => new ComposeSubnet(r, null, null, new Dictionary<string, string>()))],
    };
}
