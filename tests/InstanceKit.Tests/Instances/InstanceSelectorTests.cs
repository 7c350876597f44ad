using CsCheck;
using InstanceKit.Instances;
using Xunit;

namespace InstanceKit.Tests.Instances;

public sealed class InstanceSelectorTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("1", "1")]
    [InlineData("007", "7")]
    [InlineData("0,2,5-7", "0 2 5 6 7")]
    [InlineData(" 3 , 1 - 2 ", "1 2 3")]
    [InlineData("2,1,2,1-2", "1 2")]
    [InlineData("4-4", "4")]
    [InlineData("99999", "99999")]
    [InlineData("2147483647", "2147483647")]
    public void Numbers_lists_and_ranges_are_read(string text, string numbers)
    {
        var selector = InstanceSelector.Parse(text, "--instance");

        Assert.False(selector.IsAll);
        Assert.Equal(numbers, string.Join(' ', selector.Numbers));
    }

    [Theory]
    [InlineData("all")]
    [InlineData("ALL")]
    [InlineData(" All\n")]
    public void All_is_read(string text)
    {
        var selector = InstanceSelector.Parse(text, "--instance");

        Assert.True(selector.IsAll);
        Assert.Empty(selector.Numbers);
    }

    [Theory]
    [InlineData("auto")]
    [InlineData(" AUTO ")]
    public void Auto_is_read(string text)
    {
        var selector = InstanceSelector.Parse(text, "--instance");

        Assert.True(selector.IsAuto);
        Assert.Empty(selector.Numbers);
    }

    [Theory]
    [InlineData("auto,1")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-1")]
    [InlineData("--1")]
    [InlineData("1.5")]
    [InlineData("abc")]
    [InlineData("1-")]
    [InlineData("-")]
    [InlineData("1-2-3")]
    [InlineData("../x")]
    [InlineData("１")]
    [InlineData("+1")]
    [InlineData("1,,2")]
    [InlineData("1,")]
    [InlineData("1 2")]
    [InlineData("1e3")]
    [InlineData("0x1")]
    [InlineData("all,1")]
    [InlineData("99999999999")]
    public void Anything_else_is_refused_with_a_remedy(string text) =>
        Refused(text, $"SHIPSEC_INSTANCE '{text}' is not an instance number.");

    [Theory]
    [InlineData("3-1")]
    [InlineData("0,2147483647-0")]
    public void A_range_that_runs_backwards_is_refused(string text) =>
        Refused(text, $"SHIPSEC_INSTANCE '{text}' contains a descending range.");

    [Theory]
    [InlineData("0-100")]
    [InlineData("0-2147483647")]
    [InlineData("0-99,100")]
    [InlineData("0-60,100-160")]
    public void More_than_a_hundred_are_refused(string text) =>
        Refused(text, $"SHIPSEC_INSTANCE '{text}' names more than 100 instances.");

    [Fact]
    public void A_hundred_are_taken() => Assert.Equal(100, InstanceSelector.Parse("0-99,5,0-50", "").Numbers.Count);

    [Fact]
    public void A_number_in_range_is_the_planner_s_to_refuse() =>
        Assert.Throws<InstanceKitException>(() => Studio.Ports(InstanceSelector.Parse("99999", "").Numbers[0]));

    [Fact]
    public void Any_text_is_read_or_refused_and_never_anything_else() =>
        Gen.OneOf<string>("0", "1", "12", "-", ",", " ", "all", "x", "\0", "٣", ".", "+").Array[0, 6].Select(string.Concat)
            .Sample(text =>
            {
                try
                {
                    var selector = InstanceSelector.Parse(text, "--instance");
                    Assert.Equal(selector.Numbers.Distinct().Order(), selector.Numbers);
                    Assert.NotEqual(selector.IsAll, selector.Numbers.Count > 0);
                }
                catch (InstanceKitException e)
                {
                    Assert.Equal(ExitCode.Usage, e.ExitCode);
                }
            });

    private static void Refused(string text, string message)
    {
        var error = Assert.Throws<InstanceKitException>(() => InstanceSelector.Parse(text, "SHIPSEC_INSTANCE"));

        Assert.Equal((ExitCode.Usage, message), (error.ExitCode, error.Message));
        Assert.Equal("Use a number (1), a list or range (0,2,5-7), 'all', 'auto' or 'shared'.", error.Remedy);
    }
}
