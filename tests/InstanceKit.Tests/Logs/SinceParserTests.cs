using InstanceKit.Logs;
using Xunit;

namespace InstanceKit.Tests.Logs;

public sealed class SinceParserTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.FromHours(1));

    [Theory]
    [InlineData("45s", "2026-11-24T11:59:15+01:00")]
    [InlineData("10m", "2026-11-24T11:50:00+01:00")]
    [InlineData("2h30m", "2026-11-24T09:30:00+01:00")]
    [InlineData("1d", "2026-11-23T12:00:00+01:00")]
    [InlineData("1d2h3m4s", "2026-11-23T09:56:56+01:00")]
    [InlineData("90m", "2026-11-24T10:30:00+01:00")]
    [InlineData("0s", "2026-11-24T12:00:00+01:00")]
    [InlineData("2026-11-20", "2026-11-20T00:00:00+01:00")]
    [InlineData("2026-11-20T08:15", "2026-11-20T08:15:00+01:00")]
    [InlineData("2026-11-20 08:15:30", "2026-11-20T08:15:30+01:00")]
    [InlineData("2026-11-20T08:15:30.25", "2026-11-20T08:15:30.25+01:00")]
    [InlineData("2026-11-20T08:15:30Z", "2026-11-20T08:15:30+00:00")]
    [InlineData("2026-11-20T08:15:30.123456Z", "2026-11-20T08:15:30.123456+00:00")]
    [InlineData("2026-11-20T08:15:30.123+05:30", "2026-11-20T08:15:30.123+05:30")]
    public void Every_form_names_its_moment(string text, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected), SinceParser.Parse(text, Now));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("10")]
    [InlineData("m")]
    [InlineData("10x")]
    [InlineData("-10m")]
    [InlineData("1.5h")]
    [InlineData("30m2h")]
    [InlineData("10m ")]
    [InlineData("10m\n")]
    [InlineData("99999999s")]
    [InlineData("9999999d")]
    [InlineData("yesterday")]
    [InlineData("2026-13-01")]
    [InlineData("2026-11-20T25:00")]
    [InlineData("20.11.2026")]
    public void Anything_else_is_refused_with_the_input_and_the_forms(string text)
    {
        var error = Assert.Throws<InstanceKitException>(() => SinceParser.Parse(text, Now));

        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains($"'{text}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("10m", error.Remedy, StringComparison.Ordinal);
    }
}
