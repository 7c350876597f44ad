using InstanceKit.Compose;
using InstanceKit.Models;
using InstanceKit.Ports;
using Xunit;

namespace InstanceKit.Tests.Compose;

public sealed class ComposeProofTests
{
    [Theory]
    [InlineData("studio")]
    [InlineData("ties")]
    public void What_Compose_makes_of_the_override_stands_alone(string name)
    {
        var ports = PortPlanner.Plan(Studio.Stack, RecordedCompose.Model(name).Ports, 1);

        Assert.Empty(ComposeProof.FindTies(RecordedCompose.Model($"{name}.merged"), Studio.SpecOnHost(1), ports));
    }

    [Theory]
    [InlineData("studio")]
    [InlineData("ties")]
    public void What_Compose_makes_of_the_override_is_what_was_decided(string name)
    {
        var model = RecordedCompose.Model(name);
        var ports = PortPlanner.Plan(Studio.Stack, model.Ports, 1);
        var expected = ComposeMerge.Apply(model, ComposeOverride.Create(model, Studio.SpecOnHost(1), ports));
        var merged = RecordedCompose.Model($"{name}.merged");

        Assert.Equivalent(expected with { Fingerprint = "" }, merged with { Fingerprint = "" }, strict: true);
    }

    [Fact]
    public void Without_the_override_every_tie_of_the_workspace_is_found() => Assert.Equal(
        """
        service api has the fixed container name studio-api
        service api publishes port 9000, which does not belong to this instance
        service api publishes port 9000 on all addresses instead of 127.0.0.1
        service api publishes port 9001, which does not belong to this instance
        service api publishes port 9001 on 192.0.2.1 instead of 127.0.0.1
        service api publishes port 9001, which does not belong to this instance
        service broker publishes port 9092, which does not belong to this instance
        service broker publishes port 9092 on all addresses instead of 127.0.0.1
        service dns publishes port 5353, which does not belong to this instance
        service dns publishes port 5353 on all addresses instead of 127.0.0.1
        service dns publishes port 5353, which does not belong to this instance
        service dns publishes port 5353 on all addresses instead of 127.0.0.1
        service dns publishes its port 8080, on a port that the engine chooses, on all addresses instead of 127.0.0.1
        service dns publishes port 3000, which does not belong to this instance
        service dns publishes port 3000 on all addresses instead of 127.0.0.1
        network default has the fixed name studio-network
        volume data has the fixed name studio-data
        """.ReplaceLineEndings("\n"),
        string.Join('\n', ComposeProof.FindTies(
            RecordedCompose.Model("ties"), Studio.SpecOnHost(1), PortPlanner.Plan(Studio.Stack, RecordedCompose.Model("ties").Ports, 1))));

    [Theory]
    [InlineData("127.0.0.1", 5533, "tcp", null)]
    [InlineData("127.0.0.1", null, "tcp", null)]
    [InlineData("127.0.0.1", 5433, "tcp", "service db publishes port 5433, which does not belong to this instance")]
    [InlineData("127.0.0.1", 5533, "udp", "service db publishes port 5533, which does not belong to this instance")]
    [InlineData("0.0.0.0", 5533, "tcp", "service db publishes port 5533 on 0.0.0.0 instead of 127.0.0.1")]
    [InlineData("::1", 5533, "tcp", "service db publishes port 5533 on ::1 instead of 127.0.0.1")]
    [InlineData(null, 5533, "tcp", "service db publishes port 5533 on all addresses instead of 127.0.0.1")]
    public void A_port_has_to_be_this_instance_s_and_on_its_address(string? host, int? published, string protocol, string? tie) =>
        Assert.Equal(tie is null ? [] : [tie], Ties(Model() with
        {
            Services = [new ComposeService { Name = "db", Ports = [new PublishedPort("db", 5432, published, protocol, host)] }],
        }));

    [Theory]
    [InlineData("shipsec-dev-1_data", false, null)]
    [InlineData("shared", true, null)]
    [InlineData("studio-data", false, "has the fixed name studio-data")]
    [InlineData("shipsec-dev-11_data", false, "has the fixed name shipsec-dev-11_data")]
    public void A_name_has_to_be_the_project_s(string name, bool isExternal, string? tie)
    {
        Assert.Equal(tie is null ? [] : [$"network data {tie}"], Ties(Model() with { Networks = [new ComposeNetwork("data", name, isExternal)] }));
        Assert.Equal(tie is null ? [] : [$"volume data {tie}"], Ties(Model() with { Volumes = [new ComposeVolume("data", name, isExternal)] }));
    }

    private static ComposeModel Model() => new("shipsec-dev-1", [], [], [], "");

    private static IReadOnlyList<string> Ties(ComposeModel model) =>
        ComposeProof.FindTies(model, Studio.SpecOnHost(1), Studio.Ports(1));
}
