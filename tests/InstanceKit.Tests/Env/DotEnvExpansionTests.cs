using InstanceKit.Env;
using InstanceKit.Models;
using Xunit;

namespace InstanceKit.Tests.Env;

public sealed class DotEnvExpansionTests
{
    [Theory]
    [InlineData("P=1\nA=x${P}y", "x1y")]
    [InlineData("P=1\nA=\"x${P}y${P}\"", "x1y1")]
    [InlineData("P=1\nA='x${P}y'", "x${P}y")]
    [InlineData("P=1\nA=`x${P}y`", "x${P}y")]
    [InlineData("A=${HOME}", "${HOME}")]
    [InlineData("A=${P}\nP=later", "later")]
    [InlineData("P=1\nA=${P}\nP=2", "2")]
    [InlineData("P=${Q}\nQ=3\nA=${P}", "3")]
    [InlineData("P='${Q}'\nQ=3\nA=${P}", "${Q}")]
    [InlineData("A=${A}", "${A}")]
    [InlineData("A=a${P}\nP=p${A}", "ap${A}")]
    [InlineData("P=1\nA=\\${P}", "\\${P}")]
    [InlineData("P=1\nA=$P ${P:-2} ${ P }", "$P ${P:-2} ${ P }")]
    [InlineData("P=\"a\\nb\"\nA=${P}", "a\nb")]
    public void References_within_the_file_are_expanded(string text, string expected) =>
        Assert.Equal(expected, DotEnvDocument.Parse(text).EffectiveValues()["A"]);

    [Fact]
    public void Doubling_references_stop_at_what_a_process_can_be_given()
    {
        var lines = Enumerable.Range(1, 200).Select(i => $"A{i}=${{A{i - 1}}}${{A{i - 1}}}");
        var values = DotEnvDocument.Parse("A0=0123456789\n" + string.Join('\n', lines.Reverse())).EffectiveValues();

        Assert.Equal(201, values.Count);
        Assert.All(values.Values, value => Assert.True(value.Length <= 131_072));
    }
}
