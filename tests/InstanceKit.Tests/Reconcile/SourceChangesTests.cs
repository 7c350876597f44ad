using InstanceKit.Reconcile;
using Xunit;

namespace InstanceKit.Tests.Reconcile;

public sealed class SourceChangesTests
{
    [Theory]
    [InlineData("a=1", "a=2", "a changed")]
    [InlineData("a=1 b=1", "a=2 b=2", "a changed, b changed")]
    [InlineData("a=1", "a=1 docker/.env=1", "docker/.env is new")]
    [InlineData("a=1 b=1", "a=1", "b was removed")]
    [InlineData("a=1 other=1", "a=2 other=2", "a changed")]
    [InlineData("a=1 other=1", "a=1 other=2", "other changed")]
    [InlineData("mine=1 the_port_plan=1", "mine=2 the_port_plan=2", "mine changed")]
    [InlineData("mine=1 the_port_plan=1", "mine=1 the_port_plan=2", "the port plan changed")]
    [InlineData("mine=1 the_tool=1", "mine=2 the_tool=2", "mine changed, the tool changed")]
    [InlineData("a=1", "a=1", "the tool generates it differently now")]
    [InlineData("", "a=1", "its sources changed")]
    public void A_cause_names_what_the_file_is_made_from(string before, string after, string cause) =>
        Assert.Equal(cause, SourceChanges.Cause(Hashes(before), Hashes(after), "mine", new HashSet<string> { "other" }));

    private static Dictionary<string, string> Hashes(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('='))
            .ToDictionary(p => p[0].StartsWith("the_", StringComparison.Ordinal) ? p[0].Replace('_', ' ') : p[0], p => p[1]);
}
