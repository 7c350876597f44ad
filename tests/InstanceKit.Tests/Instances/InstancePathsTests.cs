using InstanceKit.Instances;
using Xunit;

namespace InstanceKit.Tests.Instances;

public sealed class InstancePathsTests
{
    private static readonly InstancePaths Paths = Studio.Spec(2).Paths;

    [Fact]
    public void Everything_lies_where_the_specification_says() => Assert.Equal(
        [
            ".instances",
            ".instances/instance-2",
            ".instances/instance-2/docker-compose.override.yml",
            ".instances/instance-2/ecosystem.json",
            ".instances/instance-2/instance.json",
            ".instances/instance-2/logs",
            ".instances/.locks/instance-2.lock",
            ".instances/instance-2/backend.env",
        ],
        new[]
        {
            Paths.Root, Paths.Directory, Paths.Override, Paths.Ecosystem, Paths.Record, Paths.Logs, Paths.Lock,
            Paths.EnvFile("backend"),
        }.Select(Paths.Relative));

    [Fact]
    public void The_lock_outlives_the_instance_s_folder() =>
        Assert.False(Paths.Lock.StartsWith(Paths.Directory, StringComparison.Ordinal));

    [Theory]
    [InlineData("/home/dev/studio/backend/.env", "backend/.env")]
    [InlineData("/home/dev/other", "../other")]
    public void A_path_is_written_as_seen_from_the_workspace(string path, string relative) =>
        Assert.Equal(relative, Paths.Relative(path));
}
