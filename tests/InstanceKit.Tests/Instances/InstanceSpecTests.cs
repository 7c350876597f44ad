using InstanceKit.Instances;
using InstanceKit.Ports;
using InstanceKit.Stacks;
using InstanceKit.Tenants;
using Xunit;

namespace InstanceKit.Tests.Instances;

public sealed class InstanceSpecTests
{
    [Fact]
    public void The_names_are_those_of_the_specification()
    {
        var spec = Studio.Spec(1);

        Assert.Equal("shipsec-dev-1", spec.Project);
        Assert.Equal(
            ["shipsec-frontend-1", "shipsec-backend-1", "shipsec-worker-1"], spec.Stack.Apps.Select(spec.ProcessNameOf));
    }

    [Fact]
    public void The_shared_infrastructure_is_named_by_its_word()
    {
        var shared = Studio.Spec(17) with { Stack = Studio.Stack with { IsShared = true } };

        Assert.Equal(("Instance 1", "instance 1"), (Studio.Spec(1).Title, Studio.Spec(1).Name));
        Assert.Equal(("Shared infrastructure", "the shared infrastructure"), (shared.Title, shared.Name));
        Assert.Equal("./build.sh Up --instance shared --force", NextCommand.Default.ForShared().For("Up", 17, "--force"));
        Assert.Equal("./build.sh Up --instance shared", NextCommand.Default.ForShared().For("Up", "auto"));
    }

    [Fact]
    public void Passwords_of_tenants_are_shown_to_nobody_who_only_looks()
    {
        var tenant = new Tenant("redis", TenantKind.Redis, "1", "shipsec_instance_1", "secret", 1);
        var spec = Studio.Spec(1) with { Shared = new SharedPart(["redis"], new PortPlan(0, []), new Dictionary<int, Tenant> { [6479] = tenant }) };
        KeyValuePair<string, string>[] variables = [new("REDIS_URL", "redis://localhost:6479")];

        Assert.Equal("redis://shipsec_instance_1:secret@localhost:6479/1", spec.WithTenants(variables, Studio.Ports(1))[0].Value);
        Assert.Equal("redis://shipsec_instance_1:***@localhost:6479/1", spec.WithoutPasswords().WithTenants(variables, Studio.Ports(1))[0].Value);
    }

    [Fact]
    public void The_owner_marker_tells_workspaces_instances_and_stacks_apart()
    {
        InstanceSpec[] specs =
        [
            Studio.Spec(1), Studio.Spec(2), new(Studio.Stack, "/home/dev/other", 1), new(StudioStack.Create("other"), Studio.Workspace, 1),
        ];

        Assert.Equal(specs.Length, specs.Select(s => s.OwnerMarker).Distinct().Count());
        Assert.Equal(Studio.Spec(1).OwnerMarker, Studio.Spec(1).OwnerMarker);
        Assert.Matches("^shipsec-dev-1@[0-9a-f]{16}$", Studio.Spec(1).OwnerMarker);
    }
}
