using InstanceKit.Env;
using Xunit;

namespace InstanceKit.Tests.Env;

public sealed class DotEnvBlockTests
{
    private static readonly KeyValuePair<string, string>[] Pairs = [new("A", "1"), new("B", "two words")];

    [Theory]
    [InlineData("", "# >>> t\nA=1\nB=\"two words\"\n# <<< t\n")]
    [InlineData("X=1", "X=1\n\n# >>> t\nA=1\nB=\"two words\"\n# <<< t\n")]
    [InlineData("X=1\r\n", "X=1\r\n\r\n# >>> t\r\nA=1\r\nB=\"two words\"\r\n# <<< t\r\n")]
    [InlineData("# >>> t\nOLD=1\n# <<< t\nX=1", "# >>> t\nA=1\nB=\"two words\"\n# <<< t\nX=1")]
    [InlineData("# >>> t\nX=1\n", "# >>> t\nX=1\n\n# >>> t\nA=1\nB=\"two words\"\n# <<< t\n")]
    [InlineData("X='\n# >>> t\n# <<< t\n'\n", "X='\n# >>> t\n# <<< t\n'\n\n# >>> t\nA=1\nB=\"two words\"\n# <<< t\n")]
    public void A_block_is_replaced_or_comes_last(string text, string expected) =>
        Assert.Equal(expected, DotEnvDocument.Parse(text).WithBlock("t", Pairs).ToString());

    [Fact]
    public void Without_pairs_the_block_goes()
    {
        var document = DotEnvDocument.Parse("X=1\n# >>> t\nA=1\n# <<< t\nY=2\n");

        Assert.Equal("X=1\nY=2\n", document.WithBlock("t", []).ToString());
        Assert.Same(document, document.WithBlock("other", []));
        Assert.Equal("X=1\n", DotEnvDocument.Parse("# >>> t\n# >>> t\n# <<< t\n# <<< t\nX=1\n").WithBlock("t", []).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" t")]
    [InlineData("a\nb")]
    [InlineData("it's")]
    public void A_title_must_fit_on_a_comment_line(string title) =>
        Assert.Throws<ArgumentException>(() => DotEnvDocument.Parse("").WithBlock(title, Pairs));
}
