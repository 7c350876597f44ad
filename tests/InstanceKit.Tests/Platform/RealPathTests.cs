using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.Tests.Platform;

public sealed class RealPathTests
{
    [Theory]
    [InlineData("studio", "bin Studio lib", "Studio")]
    [InlineData("studio", "Studio studio STUDIO", "studio")]
    [InlineData("Studio", "bin Studio lib", "Studio")]
    [InlineData("STUDI~1", "Studio", "STUDI~1")]
    public void A_name_is_spelled_as_on_the_disk(string name, string entries, string spelling) =>
        Assert.Equal(spelling, RealPath.SpellingOf(name, entries.Split(' ')));
}
