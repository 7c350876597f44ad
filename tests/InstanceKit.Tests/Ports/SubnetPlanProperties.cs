using CsCheck;
using InstanceKit.Models;
using InstanceKit.Ports;
using Xunit;

namespace InstanceKit.Tests.Ports;

public sealed class SubnetPlanProperties
{
    private const int Instances = 18;

    private static readonly Gen<string> Range = Gen.OneOf(
        Gen.Select(Gen.Int[0, 255], Gen.Int[0, 255], Gen.Int[17, 29], (b, c, p) => $"10.{b}.{c}.0/{p}"),
        Gen.Select(Gen.Int[16, 31], Gen.Int[0, 255], Gen.Int[17, 29], (b, c, p) => $"172.{b}.{c}.0/{p}"),
        Gen.Select(Gen.Int[0, 255], Gen.Int[18, 29], (c, p) => $"192.168.{c}.0/{p}"),
        Gen.Select(Gen.Int[0, 0xffff], Gen.Int[48, 112], (a, p) => $"fd{a & 0xff:x2}:{a:x}::/{p}"),
        Gen.Select(Gen.Int[0, 0xffff], Gen.Int[64, 64], (a, p) => $"2001:db8:{a:x}::/{p}"));

    /// <summary>Ranges that an engine would take: no two of one stack meet.</summary>
    private static readonly Gen<ComposeNetwork[]> Networks = Range.List[0, 5].Select(ranges =>
    {
        var accepted = new List<string>();
        foreach (var range in ranges)
        {
            if (!accepted.Any(a => AddressRange.TryParse(a)!.Value.Overlaps(AddressRange.TryParse(range)!.Value)))
                accepted.Add(range);
        }

        return accepted.Select((r, i) => SubnetPlannerTests.Network($"net-{i}", r)).ToArray();
    });

    [Fact]
    public void The_ranges_of_all_instances_are_disjoint() => Networks.Sample(networks =>
    {
        var ranges = Enumerable.Range(0, Instances)
            .SelectMany(n => SubnetPlanner.Plan(networks, n).Assignments)
            .Select(a => AddressRange.TryParse(a.Range)!.Value).ToList();
        for (var one = 0; one < ranges.Count; one++)
            for (var other = one + 1; other < ranges.Count; other++)
                Assert.False(ranges[one].Overlaps(ranges[other]), $"{ranges[one]} {ranges[other]}");
    });

    [Fact]
    public void A_range_keeps_its_size_and_its_addresses_their_place() =>
        Gen.Select(Networks, Gen.Int[0, Instances], Gen.ULong).Sample((networks, instance, offset) =>
        {
            var plan = SubnetPlanner.Plan(networks, instance);
            foreach (var assignment in plan.Assignments)
            {
                var (from, to) = (AddressRange.TryParse(assignment.BaseRange)!.Value, AddressRange.TryParse(assignment.Range)!.Value);
                var at = offset & from.Span;
                Assert.Equal(from.PrefixLength, to.PrefixLength);
                Assert.Equal(
                    AddressRange.Print(to.Bits, to.First + at), plan.Translate(AddressRange.Print(from.Bits, from.First + at)));
            }
        });

    [Fact]
    public void The_order_of_the_networks_does_not_matter() =>
        Gen.Select(Networks, Gen.Int[0, Instances]).SelectMany((networks, instance) =>
            Gen.Shuffle(networks).Select(shuffled => (networks, shuffled, instance))).Sample(t => Assert.Equal(
                SubnetPlanner.Plan(t.networks, t.instance).Assignments, SubnetPlanner.Plan(t.shuffled, t.instance).Assignments));

    [Fact]
    public void A_recorded_plan_is_found_again() =>
        Gen.Select(Networks, Gen.Int[0, Instances]).Sample((networks, instance) =>
        {
            var plan = SubnetPlanner.Plan(networks, instance);
            Assert.Equal(plan.Assignments, SubnetPlanner.Plan(networks, instance, plan).Assignments);
        });

    [Fact]
    public void A_range_is_read_as_it_is_printed() => Range.Sample(text =>
    {
        var range = AddressRange.TryParse(text)!.Value;
        Assert.Equal(range, AddressRange.TryParse(range.ToString()));
    });
}
