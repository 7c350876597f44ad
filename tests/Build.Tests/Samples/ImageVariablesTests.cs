using InstanceKit.Models;
using Cli;
using Xunit;

namespace Build.Tests.Samples;

/// <summary>What <c>LocalImages</c> does to a workspace's env file.</summary>
public sealed class ImageVariablesTests
{
    private static readonly KeyValuePair<string, string>[] Two =
        [KeyValuePair.Create("REDIS_IMAGE", "local/redis:1"), KeyValuePair.Create("TOOLS_IMAGE", "local/tools:1")];

    [Theory]
    [InlineData("image: ${REDIS_IMAGE:-redis:7}", "REDIS_IMAGE")]
    [InlineData("image: $TOOLS_IMAGE", "TOOLS_IMAGE")]
    [InlineData("image: ${TOOLS_IMAGE}\nimage: ${REDIS_IMAGE}", "REDIS_IMAGE TOOLS_IMAGE")]
    [InlineData("image: ${MY_REDIS_IMAGE}\nimage: ${REDIS_IMAGES}", "")]
    public void Only_variables_that_a_compose_file_has_are_used(string compose, string names) =>
        Assert.Equal(names, string.Join(' ', ImageVariables.Used(Two, [compose]).Select(v => v.Key)));

    [Fact]
    public void What_a_person_wrote_stays_and_what_was_named_before_is_told()
    {
        var (text, replaced) = ImageVariables.Set("# mine\nREDIS_IMAGE=my/redis # why\nOTHER='a b'\n", Two);

        Assert.Equal("# mine\nREDIS_IMAGE=local/redis:1 # why\nOTHER='a b'\nTOOLS_IMAGE=local/tools:1\n", text);
        Assert.Equal([KeyValuePair.Create("REDIS_IMAGE", "my/redis")], replaced);
    }

    [Fact]
    public void A_second_time_nothing_changes()
    {
        var first = ImageVariables.Set("", Two).Text;

        var (text, replaced) = ImageVariables.Set(first, Two);

        Assert.Equal(first, text);
        Assert.Empty(replaced);
        Assert.EndsWith("\nREDIS_IMAGE=local/redis:1\nTOOLS_IMAGE=local/tools:1\n", text, StringComparison.Ordinal);
    }
}
