using Xunit;

namespace Build.Tests.Engine;

/// <summary>What is left out, and what is left out with it.</summary>
public sealed class SkippingTests : IDisposable
{
    private readonly SampleProgram _program = new();

    [Fact]
    public async Task A_skipped_dependency_does_not_run() =>
        (await _program.RunAsync("Second", "--skip", "First")).ShouldSay("Second");

    [Fact]
    public async Task Skip_alone_leaves_out_all_that_is_not_called() =>
        (await _program.RunAsync("Third", "--skip")).ShouldSay("Third");

    [Fact]
    public async Task A_static_condition_skips_the_dependencies_too() =>
        (await _program.RunAsync("SkippedEarly")).ShouldSay();

    [Fact]
    public async Task A_static_condition_that_holds_skips_nothing() =>
        (await _program.RunAsync("SkippedEarly", "--flag")).ShouldSay("First", "SkippedEarly");

    [Fact]
    public async Task A_dynamic_condition_is_asked_when_its_turn_comes() =>
        (await _program.RunAsync("SkippedLate")).ShouldSay("First");

    [Fact]
    public async Task Dependencies_can_be_told_to_run_although_the_target_is_skipped() =>
        (await _program.RunAsync("SkippedAlone")).ShouldSay("First");

    [Fact]
    public async Task What_another_target_needs_is_not_skipped() =>
        (await _program.RunAsync("SkippedEarly", "Second")).ShouldSay("First", "Second");

    public void Dispose() => _program.Dispose();
}
