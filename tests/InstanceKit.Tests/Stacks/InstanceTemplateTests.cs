using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Stacks;

public sealed class InstanceTemplateTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("{instance}", "7")]
    [InlineData("{stack}-{instance}/{project}", "shipsec-7/shipsec-dev-7")]
    [InlineData("http://localhost:{port:BACKEND}/{port:BACKEND}", "http://localhost:3911/3911")]
    [InlineData("{}", "{}")]
    [InlineData("{ instance }", "{ instance }")]
    [InlineData("{\"json\": {\"a\": 1}}", "{\"json\": {\"a\": 1}}")]
    [InlineData("$${Other}", "$${Other}")]
    public void Placeholders_are_filled_and_the_rest_stays(string template, string expected) =>
        Assert.Equal(expected, Expand(template));

    [Theory]
    [InlineData("{instanz}")]
    [InlineData("{port:MONGO}")]
    [InlineData("{port}")]
    public void An_unknown_placeholder_is_a_defect_of_the_stack(string template) =>
        Assert.Throws<ArgumentException>(() => Expand(template));

    private static string Expand(string template) =>
        InstanceTemplate.Expand(template, 7, "shipsec", "shipsec-dev-7", Studio.Ports(7).PortOf);
}
