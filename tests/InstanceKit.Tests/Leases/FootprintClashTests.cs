using CsCheck;
using InstanceKit.Instances;
using InstanceKit.Leases;
using InstanceKit.Models;
using InstanceKit.Ports;
using InstanceKit.Stacks;
using InstanceKit.Tests.Ports;
using Xunit;

namespace InstanceKit.Tests.Leases;

public sealed class FootprintClashTests
{
    private static readonly Gen<InstanceFootprint> Footprint = Gen.Select(
        Gen.Int[5000, 5020].HashSet[0, 4], Gen.OneOf<string>("network a", "network b", "volume a", "container a").HashSet[0, 2],
        Gen.Int[0, 9].HashSet[0, 2], (ports, names, ranges) => new InstanceFootprint
        {
            Ports = [.. ports.Select(p => $"tcp/{p}")],
            Names = [.. names],
            Subnets = [.. ranges.Select(r => $"10.{r}.0.0/15")],
        });

    [Fact]
    public void Names_everything_that_two_instances_would_both_take()
    {
        var mine = new InstanceFootprint
        {
            Ports = ["tcp/5433", "tcp/6379", "udp/53"],
            Names = ["container db", "network a_default", "volume data"],
            Subnets = ["172.28.0.0/16", "fd00::/64"],
        };
        var theirs = new InstanceFootprint
        {
            Ports = ["tcp/53", "tcp/6379"],
            Names = ["container db", "network data", "volume data"],
            Subnets = ["172.28.5.0/24", "fd00:1::/64"],
        };

        Assert.Equal(
            ["port 6379/tcp", "container db", "volume data", "address range 172.28.0.0/16, which overlaps address range 172.28.5.0/24"],
            FootprintClash.Find(mine, theirs).Select(c => c.ToString()));
    }

    [Fact]
    public void Takes_ports_names_and_ranges_from_the_merged_model_and_the_plan()
    {
        var merged = new ComposeModel(
            "x",
            [
                new ComposeService
                {
                    Name = "db", ContainerName = "fixed",
                    Ports = [new PublishedPort("db", 5432, 5533), new PublishedPort("db", 53, 153, "udp", Count: 2), new PublishedPort("db", 80, null)],
                },
            ],
            [
                SubnetPlannerTests.Network("net", "10.1.0.0/16") with
                {
                    DriverOptions = new Dictionary<string, string> { ["com.docker.network.bridge.name"] = "br-x" },
                },
                SubnetPlannerTests.Network("ext", "10.9.0.0/16") with { IsExternal = true },
            ],
            [new ComposeVolume("data", "x_data", false), new ComposeVolume("shared", "shared", true)],
            "");
        var ports = new PortPlan(1, [new PortAssignment("WEB", "Web", 80, 8180, new PortOwner(OwnerKind.App, "web"))]);

        var footprint = InstanceFootprint.Of(merged, ports);

        Assert.Equal(["tcp/5533", "tcp/8180", "udp/153", "udp/154"], footprint.Ports);
        Assert.Equal(["container fixed", "network x_net", "bridge br-x", "volume x_data"], footprint.Names);
        Assert.Equal(["10.1.0.0/16"], footprint.Subnets);
    }

    [Fact]
    public void A_clash_is_one_from_both_sides() => Gen.Select(Footprint, Footprint).Sample((one, other) => Assert.Equal(
        FootprintClash.Find(one, other).Select(c => (c.Mine, c.Theirs)).ToHashSet(),
        FootprintClash.Find(other, one).Select(c => (Mine: c.Theirs, Theirs: c.Mine)).ToHashSet()));

    [Fact]
    public void Without_a_clash_nothing_is_in_common() => Gen.Select(Footprint, Footprint).Sample((one, other) =>
        FootprintClash.Find(one, other).Count > 0
        || (!one.Ports.Intersect(other.Ports).Any() && !one.Names.Intersect(other.Names).Any()
            && !one.Subnets.Any(a => other.Subnets.Any(b => AddressRange.TryParse(a)!.Value.Overlaps(AddressRange.TryParse(b)!.Value)))));
}
