using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.Tests.Platform;

public sealed class MachineMemoryTests
{
    private const string Text = "MemTotal:       16384 kB\nMemFree:  100 kB\nMemAvailable:    8192 kB\nHugePages_Total:       0\n";

    [Theory]
    [InlineData("MemTotal", 16384L * 1024)]
    [InlineData("MemAvailable", 8192L * 1024)]
    [InlineData("HugePages_Total", null)]
    [InlineData("Swap", null)]
    public void Reads_a_value_of_the_kernel(string name, long? bytes) => Assert.Equal(bytes, MachineMemory.Parse(Text, name));
}
