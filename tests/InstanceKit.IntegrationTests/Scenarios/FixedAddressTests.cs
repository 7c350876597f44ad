using System.Text.Json.Nodes;
using InstanceKit.IntegrationTests.Support;
using InstanceKit.Ports;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>The compose file fixes an address range, and its services reach each other by addresses in it.</summary>
public sealed class FixedAddressTests : Scenario
{
    // A client that ends well only when something answers at the literal address.
    private static readonly TinyStack Stack = new()
    {
        Compose = """
            services:
              redis:
                image: ${REDIS_IMAGE}
                ports: ["6379:6379"]
                networks:
                  back: {ipv4_address: 10.213.40.5}
              client:
                image: ${TOOLS_IMAGE}
                command: [sh, -c, "until nc -z 10.213.40.5 6379 && nc -z store $$PORT; do sleep 0.1; done"]
                environment: {PORT: "6379"}
                extra_hosts: ["store:10.213.40.5"]
                depends_on: [redis]
                networks: [back]
            networks:
              back:
                ipam:
                  config:
                    - {subnet: 10.213.40.0/24, gateway: 10.213.40.1}

            """,
    };

    [Fact]
    public async Task Two_instances_have_ranges_of_their_own_and_everything_in_them_moves_along()
    {
        var workspace = await CreateWorkspaceAsync(Stack);
        var (one, two) = (workspace.TakeInstance(), workspace.TakeInstance());

        await Task.WhenAll(workspace.UpAsync(one), workspace.UpAsync(two));

        var ranges = new List<AddressRange>();
        foreach (var instance in new[] { one, two })
        {
            await Eventually.HoldsAsync(
                async () => (await instance.ContainersAsync()).Single(c => c.Service == "client").State == "exited",
                $"the client of instance {instance.Number} reaches its redis");
            var network = Assert.Single(await TestEngine.NetworksAsync(instance.Project));
            var settings = JsonNode.Parse(await TestEngine.RunAsync("network", "inspect", network.Identity))![0]!["IPAM"]!["Config"]![0]!;
            ranges.Add(AddressRange.TryParse((string)settings["Subnet"]!)!.Value);
            Assert.Equal(24, ranges[^1].PrefixLength);
            Assert.Equal(AddressRange.Print(32, ranges[^1].First + 1), (string?)settings["Gateway"]);
        }

        Assert.False(ranges[0].Overlaps(ranges[1]));
    }
}
