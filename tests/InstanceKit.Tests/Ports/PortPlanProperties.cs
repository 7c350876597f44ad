using CsCheck;
using InstanceKit.Models;
using InstanceKit.Ports;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Ports;

public sealed class PortPlanProperties
{
    private static readonly Gen<PublishedPort[]> Published =
        Gen.Select(Gen.Int[1024, 9999], Gen.OneOf<string>("tcp", "udp"), (port, protocol) => (port, protocol))
            .HashSet[0, 6]
            .Select(ports => ports.Select((p, i) => new PublishedPort($"service-{i}", 80, p.port, p.protocol)).ToArray());

    private static readonly Gen<int> Instance = Gen.Int[0, 300];

    [Fact]
    public void Two_instances_without_a_clash_share_no_port() =>
        Gen.Select(Published, Instance, Instance).Sample((published, one, other) =>
        {
            var (mine, theirs) = (Studio.Ports(one, published), Studio.Ports(other, published));
            var shared = Keys(mine).Intersect(Keys(theirs));

            if (mine.FindClash(theirs) is var (first, second))
            {
                Assert.Equal((first.Port, first.Protocol), (second.Port, second.Protocol));
                Assert.Contains((first.Port, first.Protocol), shared);
            }
            else
            {
                Assert.Empty(shared);
            }
        });

    [Fact]
    public void A_clash_is_one_from_both_sides() =>
        Gen.Select(Published, Published, Instance, Instance).Sample((first, second, one, other) =>
        {
            var (mine, theirs) = (Studio.Ports(one, first), Studio.Ports(other, second));
            return mine.FindClash(theirs) is null == theirs.FindClash(mine) is null;
        });

    [Fact]
    public void The_order_of_the_compose_file_does_not_matter() =>
        Gen.Select(Published, Instance).SelectMany((published, instance) =>
            Gen.Shuffle(published).Select(shuffled => (published, shuffled, instance))).Sample(t =>
                Assert.Equal(
                    Studio.Ports(t.instance, t.published).Assignments, Studio.Ports(t.instance, t.shuffled).Assignments));

    [Fact]
    public void The_named_ports_are_their_base_and_a_hundred_for_each_instance_unless_instance_0_has_that_number() =>
        Gen.Select(Published, Instance).Sample((published, instance) =>
            Studio.Ports(instance, published).Assignments.Take(11).All(a =>
                (a.Port == a.BasePort + (100 * instance)
                    || published.Any(p => (p.BasePort, p.Protocol) == (a.BasePort + (100 * instance), "tcp")))
                && Studio.Ports(instance, published).Translate(a.BasePort, a.Protocol) == a.Port));

    [Fact]
    public void The_highest_instance_fits_and_the_next_does_not() =>
        Gen.Select(Gen.Int[1, 60_000], Gen.Int[1, 5_000], Gen.Int[2, 1000]).Sample((first, further, stride) =>
        {
            // Two named ports that would meet are refused: these can't, since they are no whole number of strides apart.
            int[] bases = further % stride == 0 ? [first] : [first, first + further];
            var stack = Studio.Stack with
            {
                PortStride = stride,
                Ports = [.. bases.Select(b => new NamedPort($"P{b}", "", b, new PortOwner(OwnerKind.Service, "s")) { IsFixed = true })],
            };
            var highest = PortPlanner.HighestInstance(stack);

            Assert.All(PortPlanner.Plan(stack, [], highest).Assignments, a => Assert.InRange(a.Port, 1, 65535));
            Assert.Throws<InstanceKitException>(() => PortPlanner.Plan(stack, [], highest + 1));
        });

    [Fact]
    public void Instances_18_and_0_meet_at_7233()
    {
        var (mine, theirs) = Studio.Ports(18).FindClash(Studio.Ports(0))!.Value;

        Assert.Equal(("POSTGRES", "TEMPORAL_CLIENT", 7233), (mine.Name, theirs.Name, theirs.Port));
    }

    [Fact]
    public void A_tcp_and_a_udp_port_of_one_number_do_not_meet()
    {
        var (tcp, udp) = (Plan("tcp"), Plan("udp"));

        Assert.Null(tcp.FindClash(udp));
        Assert.NotNull(tcp.FindClash(tcp));

        static PortPlan Plan(string protocol) =>
            PortPlanner.Plan(Studio.Stack with { Ports = [] }, [new PublishedPort("dns", 53, 5353, protocol)], 1);
    }

    [Fact]
    public void Neighbours_do_not_meet() =>
        Assert.All(Enumerable.Range(1, 8), n => Assert.Null(Studio.Ports(n).FindClash(Studio.Ports(0))));

    private static HashSet<(int, string)> Keys(PortPlan plan) => [.. plan.Assignments.Select(a => (a.Port, a.Protocol))];
}
