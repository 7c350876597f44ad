using InstanceKit.Compose;
using InstanceKit.Models;
using InstanceKit.Ports;
using InstanceKit.Setup;
using Xunit;

namespace InstanceKit.Tests.Compose;

/// <summary>A stack with fixed ranges and addresses, in every place where they may be written.</summary>
public sealed class SubnetOverrideTests
{
    private static readonly ComposeModel Model = new(
        "shipsec-dev-1",
        [
            new ComposeService
            {
                Name = "dns",
                Command = ["dnsmasq", "--address=/db.local/172.28.0.5", "--listen=172.28.0.2"],
                Networks = [new ComposeServiceNetwork("back", [], "172.28.0.2", "fd00:28::2"), new ComposeServiceNetwork("front", [])],
                Environment = new Dictionary<string, string?> { ["DB"] = "172.28.0.5:5432", ["OTHER"] = "172.29.0.5" },
            },
            new ComposeService
            {
                Name = "web",
                Dns = ["172.28.0.2", "9.9.9.9"],
                ExtraHosts = new Dictionary<string, IReadOnlyList<string>>
                {
                    ["db.local"] = ["172.28.0.5"], ["host.docker.internal"] = ["host-gateway"],
                },
                Networks = [new ComposeServiceNetwork("back", ["www"], "172.28.0.9")],
            },
        ],
        [
            new ComposeNetwork("back", "shipsec-dev-1_back", false)
            {
                Subnets =
                [
                    new ComposeSubnet(
                        "172.28.0.0/16", "172.28.0.1", "172.28.5.0/24", new Dictionary<string, string> { ["router"] = "172.28.0.3" }),
                    new ComposeSubnet("fd00:28::/64", null, null, new Dictionary<string, string>()),
                ],
            },
            new ComposeNetwork("front", "shipsec-dev-1_front", false),
        ],
        [],
        "");

    [Fact]
    public void Everything_moves_along_with_the_range() => Snapshot.Verify(Written(1), "yml");

    [Fact]
    public void Instance_0_says_nothing_of_addresses() => Assert.DoesNotContain("172.28", Written(0), StringComparison.Ordinal);

    private static string Written(int instance)
    {
        var spec = Tests.Studio.Spec(instance);
        var isolation = ComposeOverride.Create(
            Model, spec, PortPlanner.Plan(spec.Stack, Model.Ports, instance), SubnetPlanner.Plan(Model.Networks, instance));
        return ComposeOverrideWriter.Write(isolation, spec.Project);
    }
}
