using CsCheck;
using InstanceKit.Models;
using Xunit;

namespace InstanceKit.Tests.Models;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("0s", 0)]
    [InlineData("500ms", 500)]
    [InlineData("1.5s", 1500)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1h0m0.001s", 3_600_001)]
    [InlineData("2000us", 2)]
    [InlineData("2000µs", 2)]
    [InlineData("3000000ns", 3)]
    [InlineData("1.001s", 1001)]
    public void What_Go_writes_is_read(string text, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), GoDuration.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1 s")]
    [InlineData("1d")]
    [InlineData("1s\n")]
    public void Anything_else_is_no_duration(string text) =>
        Assert.Throws<FormatException>(() => GoDuration.Parse(text));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(999, "999ms")]
    [InlineData(1000, "1s")]
    [InlineData(90_000, "90s")]
    [InlineData(1500, "1500ms")]
    public void Milliseconds_are_written_as_Go_reads_them(int milliseconds, string text) =>
        Assert.Equal(text, GoDuration.Print(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Long[0, 1_000_000_000_000].Select(ms => TimeSpan.FromMilliseconds(ms)).Sample(duration =>
            GoDuration.Parse(GoDuration.Print(duration)) == duration);

    [Fact]
    public void Every_millisecond_of_Go_s_own_form_is_read_exactly() =>
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 59], Gen.Int[0, 59], Gen.Int[0, 999]).Sample((h, m, s, ms) =>
            GoDuration.Parse($"{h}h{m}m{s}.{ms:000}s") == new TimeSpan(0, h, m, s, ms));
}
