using InstanceKit;
using InstanceKit.Tests;
using Output;
using Xunit;

namespace Build.Tests.Rendering;

public sealed class StatsTextTests
{
    private static readonly NextCommand Next = new("./build.sh", "");

    [Theory]
    [InlineData(100)]
    [InlineData(60)]
    [InlineData(40)]
    public void Fits_its_terminal_and_ends_with_the_sum(int width)
    {
        var paper = Paper.Terminal(width);
        paper.Output.Data.Write(new StatsText(paper.Output.Data.Traits, Next).Draw([Specimens.Ready(1), Specimens.Down(2)], Specimens.Workspace));

        Assert.All(paper.Data.Split('\n'), line => Assert.True(line.Length <= Math.Max(width, 55), line));
        Snapshot.Verify(paper.Data, "txt", testMethod: $"Stats_{width}");
    }

    [Theory]
    [InlineData(null, "-")]
    [InlineData(0L, "0 B")]
    [InlineData(830L, "830 B")]
    [InlineData(1023L, "1023 B")]
    [InlineData(1024L, "1.0 KiB")]
    [InlineData(52_428_800L, "50 MiB")]
    [InlineData(1_073_741_823L, "1.0 GiB")]
    [InlineData(1_300_000_000L, "1.2 GiB")]
    [InlineData(5_497_558_138_880_000L, "5000 TiB")]
    public void Bytes_have_about_three_digits(long? bytes, string text) => Assert.Equal(text, ResourceText.Bytes(bytes));

    [Theory]
    [InlineData(null, "-")]
    [InlineData(0.04, "0.0%")]
    [InlineData(9.94, "9.9%")]
    [InlineData(9.96, "10%")]
    [InlineData(340.2, "340%")]
    public void Percent_is_of_one_core(double? percent, string text) => Assert.Equal(text, ResourceText.Cpu(percent));
}
