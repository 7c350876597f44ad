using InstanceKit.Pm2;
using Xunit;

namespace InstanceKit.Tests.Pm2;

public sealed class Pm2NamePatternTests
{
    [Theory]
    [InlineData("/^(?:web-1|api_1)$/", "web-1", "api_1", "web-1")]
    [InlineData(@"/^(?:a\u002eb\u002fc\u007c)$/", "a.b/c|")]
    public void Names_are_meant_literally(string pattern, params string[] names) =>
        Assert.Equal(pattern, Pm2NamePattern.Of(names));
}
