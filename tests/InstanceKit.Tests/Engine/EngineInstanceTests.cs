using InstanceKit.Engine;
using Xunit;

namespace InstanceKit.Tests.Engine;

public sealed class EngineInstanceTests
{
    /// <summary>The workspaces that containers, networks and volumes name ("-" for none), and what of it is that of <c>/a</c>.</summary>
    [Theory]
    [InlineData("/a /a", "/a", "/a -", "5 of 5")]
    [InlineData("/a -", "-", "-", "4 of 4")]
    [InlineData("/b /b", "/b", "-", "0 of 4")]
    [InlineData("/b", "-", "/a", "1 of 3")]
    [InlineData("/old", "/a", "/old", "3 of 3")]
    public void What_names_no_workspace_counts_only_where_nothing_is_another_s(string containers, string networks, string volumes, string expected)
    {
        var instance = new EngineInstance
        {
            Project = "x-dev-1", Stack = "x", Number = 1,
            Containers = Things(containers), Networks = Things(networks), Volumes = Things(volumes),
        };

        Assert.Equal(expected, $"{Count(instance.Of(["/a", "/old"]))} of {Count(instance)}");
    }

    private static int Count(EngineInstance instance) => instance.Containers.Count + instance.Networks.Count + instance.Volumes.Count;

    private static IReadOnlyList<EngineThing> Things(string workspaces) =>
        [.. workspaces.Split(' ').Select((w, i) => new EngineThing($"{i}", $"{i}", w == "-" ? null : w))];
}
