using Xunit;

namespace Build.Tests.Engine;

/// <summary>Which targets run, and in which order.</summary>
public sealed class TargetOrderTests : IDisposable
{
    private readonly SampleProgram _program = new();

    [Fact]
    public async Task The_default_target_runs_when_none_is_named() =>
        (await _program.RunAsync()).ShouldSay("First", "Second");

    [Fact]
    public async Task Every_dependency_runs_once_and_before_the_target()
    {
        var run = await _program.RunAsync("Third");
        Assert.Equal(["First", "Greet nobody", "Second", "Third"], run.Lines.Order(StringComparer.Ordinal));
        Assert.Equal("Third", run.Lines[^1]);
        Assert.True(Array.IndexOf(run.Lines, "First") < Array.IndexOf(run.Lines, "Second"), run.Output);
    }

    [Theory]
    [InlineData("Hidden", "First")]
    [InlineData("First", "Hidden")]
    public async Task Targets_run_in_the_order_in_which_they_are_called(string one, string other) =>
        (await _program.RunAsync(one, other)).ShouldSay(one, other);

    [Theory]
    [InlineData("Late", "Early", "Early", "Late")]
    [InlineData("Last", "Early", "Early", "Last")]
    public async Task Before_and_after_win_over_the_order_of_the_call(string one, string other, string first, string second) =>
        (await _program.RunAsync(one, other)).ShouldSay(first, second);

    [Fact]
    public async Task After_alone_brings_nothing_along() => (await _program.RunAsync("Late")).ShouldSay("Late");

    [Fact]
    public async Task Triggered_targets_follow_whoever_declares_it() =>
        (await _program.RunAsync("Pulls")).ShouldSay("Pulls", "Pulled", "Listens");

    [Fact]
    public async Task A_target_can_declare_whose_dependency_it_is() =>
        (await _program.RunAsync("Last", "--flag")).ShouldSay("Helps", "Last");

    [Fact]
    public async Task A_target_without_actions_stands_for_its_dependencies() =>
        Assert.Equal(["First", "Hidden"], (await _program.RunAsync("Collects")).Lines.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("first")]
    [InlineData("FIRST")]
    [InlineData("--target", "First")]
    public async Task Names_of_targets_are_found_in_any_case(params string[] words) =>
        (await _program.RunAsync(words)).ShouldSay("First");

    [Fact]
    public async Task Several_targets_can_be_joined_with_a_plus() =>
        (await _program.RunAsync("--target", "Hidden+First")).ShouldSay("Hidden", "First");

    [Fact]
    public async Task Targets_of_a_component_are_targets_of_the_build() =>
        (await _program.RunAsync("Greet", "--guest", "Ada")).ShouldSay("Greet Ada");

    [Fact]
    public async Task Targets_that_wait_for_each_other_are_named_before_anything_runs()
    {
        var run = await _program.RunAsync([("SAMPLE_BUILD", "CircleBuild")]);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Empty(run.Lines);
        Assert.Contains("Hen", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Egg", run.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _program.Dispose();
}
