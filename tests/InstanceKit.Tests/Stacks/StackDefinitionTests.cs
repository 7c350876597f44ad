using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Stacks;

public sealed class StackDefinitionTests
{
    [Theory]
    [InlineData("shipsec")]
    [InlineData("0")]
    [InlineData("a-b_c9")]
    [InlineData("a234567890123456789012345678901234567890")]
    public void A_name_that_compose_takes_is_taken(string name) => Assert.Equal(name, StackDefinition.RequireName(name));

    [Theory]
    [InlineData("")]
    [InlineData("ShipSec")]
    [InlineData("-a")]
    [InlineData("_a")]
    [InlineData("a.b")]
    [InlineData("a b")]
    [InlineData("../a")]
    [InlineData("é")]
    [InlineData("a\n")]
    [InlineData("a2345678901234567890123456789012345678901")]
    public void Any_other_name_is_refused(string name)
    {
        var error = Assert.Throws<InstanceKitException>(() => StudioStack.Create(name));

        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Equal($"Stack name '{name}' is not a valid Compose project name.", error.Message);
        Assert.NotNull(error.Remedy);
    }

    [Fact]
    public void Another_name_renames_what_belongs_to_the_instance_but_not_what_the_config_calls_it()
    {
        var stack = StudioStack.Create("other");

        Assert.Equal(("other-dev-3", "other-backend-3", "shipsec"), (stack.ProjectOf(3), stack.ProcessNameOf("backend", 3), stack.ConfigPrefix));
    }

    [Fact]
    public void Every_app_s_port_is_among_the_named_ones_and_its_own() => Assert.All(
        Studio.Stack.Apps.Where(a => a.PortName is not null),
        a => Assert.Equal(new PortOwner(OwnerKind.App, a.Name), Studio.Stack.Ports.Single(p => p.Name == a.PortName).Owner));
}
