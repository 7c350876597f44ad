using InstanceKit.Instances;
using InstanceKit.Stacks;
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
