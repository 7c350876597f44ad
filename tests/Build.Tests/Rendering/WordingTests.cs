using InstanceKit.Reconcile;
using Output;
using Xunit;

namespace Build.Tests.Rendering;

public sealed class WordingTests
{
    [Theory]
    [InlineData(0.04, "0.0 s")]
    [InlineData(9.94, "9.9 s")]
    [InlineData(9.96, "9 s")]
    [InlineData(59.9, "59 s")]
    [InlineData(125, "2 min 05 s")]
    [InlineData(3725, "62 min 05 s")]
    public void Elapsed_time(double seconds, string text) =>
        Assert.Equal(text, DurationText.Elapsed(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(-3, "0s")]
    [InlineData(45, "45s")]
    [InlineData(125, "2m05s")]
    [InlineData(11_530, "3h12m")]
    [InlineData(446_400, "5d04h")]
    public void Age(double seconds, string text) => Assert.Equal(text, DurationText.Age(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void A_plan_is_counted_by_kind_and_named_where_it_is_one() => Assert.Equal(
        "wrote file .instances/instance-1/backend.env, started 2 services and app shipsec-backend-1",
        PlanSummary.Describe(new OperationPlan(Specimens.FirstUp)));

    [Fact]
    public void Every_kind_of_operation_has_words() => Assert.All(
        Enum.GetValues<OperationKind>().Where(k => k != OperationKind.KeepFile),
        kind => Assert.NotEmpty(PlanSummary.Describe(new OperationPlan([new Operation(kind, "x", "y")]))));

    [Fact]
    public void Age_never_takes_more_than_six_columns() =>
        Assert.All(new[] { 1, 59, 3599, 86_399, 99 * 86_400 }, s => Assert.True(DurationText.Age(TimeSpan.FromSeconds(s)).Length <= 6));
}
