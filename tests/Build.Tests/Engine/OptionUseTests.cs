using Xunit;

namespace Build.Tests.Engine;

/// <summary>An option on the command line has to be one of a called target; elsewhere it is for whoever uses it.</summary>
public sealed class OptionUseTests
{
    [Theory]
    [InlineData("Succeeds --text x", "--text is not an option of Succeeds; it is an option of Show.", "Succeeds --help")]
    [InlineData("Succeeds -ft x", "--text is not an option of Succeeds", "Succeeds --help")]
    [InlineData("Succeeds --count 3 --plan", "--count is not an option of Succeeds", "it is an option of Show")]
    [InlineData("--target Succeeds --many-words a", "--many-words is not an option of Succeeds", "it is an option of Show")]
    public async Task One_that_no_called_target_uses_is_refused(string words, params string[] parts)
    {
        using var program = new SampleProgram();
        (await program.RunAsync(words.Split(' '))).ShouldRefuse(parts);
    }

    [Theory]
    [InlineData("Succeeds Show --text x")] // the union
    [InlineData("Succeeds First --text x")] // First has no page: nothing is known of it
    [InlineData("Succeeds --level high")] // neither has --level
    [InlineData("Succeeds --flag --verbosity quiet")]
    [InlineData("Succeeds --text x --help")]
    public async Task One_that_somebody_may_use_is_accepted(string words)
    {
        using var program = new SampleProgram();
        var run = await program.RunAsync(words.Split(' '));
        Assert.True(run.ExitCode == 0, run.ToString());
    }

    [Fact]
    public async Task A_variable_and_the_file_are_for_all_targets()
    {
        using var program = new SampleProgram("""{ "Count": 5 }""");
        var run = await program.RunAsync([("NUKE_TEXT", "x")], "Succeeds");
        Assert.True(run.ExitCode == 0, run.ToString());
    }
}
