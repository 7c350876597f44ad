using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.Tests.Platform;

public sealed class ControlGroupTests : IDisposable
{
    private const string Id = "82d53aebe2adaea1a1b3044d1eaeef5af0e0eaea4b5f5f84f2164db065a895b0";

    private readonly string _root = Directory.CreateTempSubdirectory("ik-groups-").FullName;

    [Fact]
    public void The_first_version_is_read()
    {
        Write("proc/42/cgroup", $"5:memory:/docker/{Id}\n4:cpu,cpuacct:/docker/{Id}\n3:blkio:/docker/{Id}\n0::/docker/{Id}\n");
        Write($"groups/cpuacct/docker/{Id}/cpuacct.usage", "1500000000\n");
        Write($"groups/memory/docker/{Id}/memory.usage_in_bytes", "12541952\n");
        Write($"groups/memory/docker/{Id}/memory.stat", "inactive_file 1\ntotal_inactive_file 541952\n");
        Write($"groups/blkio/docker/{Id}/blkio.throttle.io_service_bytes", "8:0 Read 100\n8:0 Write 20\n8:16 Read 3\n8:0 Sync 9\nTotal 132\n");
        Write("proc/42/net/dev", Devices);

        Assert.Equal(
            new ResourceUse
            {
                Cpu = TimeSpan.FromSeconds(1.5), Memory = 12_000_000, BlockRead = 103, BlockWritten = 20, NetworkReceived = 1_200, NetworkSent = 34,
            },
            Read());
    }

    [Fact]
    public void The_second_version_is_read()
    {
        Write("proc/42/cgroup", $"0::/system.slice/docker-{Id}.scope\n");
        var folder = $"groups/system.slice/docker-{Id}.scope";
        Write($"{folder}/cpu.stat", "usage_usec 2500000\nuser_usec 1\n");
        Write($"{folder}/memory.current", "900\n");
        Write($"{folder}/memory.stat", "anon 1\ninactive_file 1000\n");
        Write($"{folder}/io.stat", "8:0 rbytes=7 wbytes=8 rios=1\n8:16 rbytes=1 wbytes=2\n");

        Assert.Equal(new ResourceUse { Cpu = TimeSpan.FromSeconds(2.5), Memory = 0, BlockRead = 8, BlockWritten = 10 }, Read());
    }

    [Fact]
    public void A_process_of_another_group_has_its_id_by_chance()
    {
        Write("proc/42/cgroup", "0::/user.slice\n");
        Write("groups/user.slice/cpu.stat", "usage_usec 1\n");

        Assert.Null(Read());
    }

    [Fact]
    public void A_group_that_is_mounted_elsewhere_is_not_known()
    {
        Write("proc/42/cgroup", $"0::/../{Id}\n");

        Assert.Null(Read());
        Assert.Null(new ControlGroup($"{_root}/proc", $"{_root}/groups").Read(Id, 43));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private const string Devices = """
        Inter-|   Receive                                                |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
            lo:    5000       2    0    0    0     0          0         0     5000       2    0    0    0     0       0          0
          eth0:    1200      17    0    0    0     0          0         0       34       1    0    0    0     0       0          0
        """;

    private ResourceUse? Read() => new ControlGroup($"{_root}/proc", $"{_root}/groups").Read(Id, 42);

    private void Write(string name, string text)
    {
        var path = Path.Combine(_root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
