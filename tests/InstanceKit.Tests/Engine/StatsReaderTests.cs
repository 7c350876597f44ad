using System.Text;
using InstanceKit.Engine;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.Tests.Engine;

public sealed class StatsReaderTests
{
    [Theory]
    [InlineData("total_inactive_file", "Read", "Write")]
    [InlineData("inactive_file", "read", "write")]
    public void An_answer_of_either_version_is_read(string cache, string read, string write) => Assert.Equal(
        new ResourceUse
        {
            Cpu = TimeSpan.FromSeconds(1.5), Memory = 600, NetworkReceived = 30, NetworkSent = 7, BlockRead = 5, BlockWritten = 6,
        },
        StatsReader.Read(Encoding.UTF8.GetBytes($$$"""
            {"cpu_stats":{"cpu_usage":{"total_usage":1500000000}},
             "memory_stats":{"usage":1000,"stats":{"{{{cache}}}":400}},
             "networks":{"eth0":{"rx_bytes":10,"tx_bytes":3},"eth1":{"rx_bytes":20,"tx_bytes":4}},
             "blkio_stats":{"io_service_bytes_recursive":[{"op":"{{{read}}}","value":5},{"op":"{{{write}}}","value":6},{"op":"Sync","value":9}]}}
            """)));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"cpu_stats":{},"memory_stats":{},"networks":null,"blkio_stats":{"io_service_bytes_recursive":null}}""")]
    public void What_the_engine_does_not_say_is_not_known(string json) =>
        Assert.Equal(new ResourceUse(), StatsReader.Read(Encoding.UTF8.GetBytes(json)));
}
