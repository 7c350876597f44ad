using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Ports;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Ports;

public sealed class SharedPortsTests
{
    private static readonly PortPlan Shared = Studio.Ports(0);

    [Fact]
    public void A_shared_service_has_the_port_of_the_infrastructure_and_all_else_the_instances()
    {
        var plan = Studio.Ports(2).WithShared(["postgres"], Shared);

        Assert.Equal(5433, plan.PortOf("POSTGRES"));
        Assert.Equal(6579, plan.PortOf("REDIS"));
        Assert.Equal(["POSTGRES"], plan.Assignments.Where(a => a.IsShared).Select(a => a.Name));
    }

    [Fact]
    public void Two_instances_that_share_a_service_do_not_clash()
    {
        var (one, two) = (Studio.Ports(1).WithShared(["postgres"], Shared), Studio.Ports(2).WithShared(["postgres"], Shared));

        Assert.Null(one.FindClash(two));
        Assert.DoesNotContain("tcp/5433", InstanceFootprint.Of(new ComposeModel("x", [], [], [], ""), one).Ports);
    }

    [Fact]
    public void A_record_keeps_what_is_shared()
    {
        var record = new InstanceRecord
        {
            Project = "shipsec-dev-1", Ports = Studio.Ports(1).WithShared(["postgres"], Shared), Services = ["minio"], Files = new Dictionary<string, string>(),
            Shared = ["postgres"],
        };

        var read = InstanceRecord.TryParse(record.ToJson())!;

        Assert.Equal(record.Ports.Assignments, read.Ports.Assignments);
        Assert.Equal(["postgres"], read.Shared);
        Assert.DoesNotContain("hared", (record with { Ports = Studio.Ports(1), Shared = null }).ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_infrastructure_has_names_that_no_instance_has()
    {
        var stack = Studio.Stack with { IsShared = true };

        Assert.Equal("shipsec-dev-shared", new InstanceSpec(stack, "/state/shared/shipsec", 0).Project);
        Assert.NotEqual(Studio.Stack.ProcessNameOf("infra-postgres", 0), stack.ProcessNameOf("infra-postgres", 0));
    }
}
