using Xunit;

namespace Build.Tests.Engine;

/// <summary>The words behind "--" reach the target as they are, and the engine sees none of them.</summary>
public sealed class CommandBehindDashesTests : IDisposable
{
    private static readonly string[] s_count = ["--count", "0"];
    private readonly SampleProgram _program = new();

    [Fact]
    public async Task Options_of_the_command_are_not_the_builds()
    {
        string[] command = ["psql", "--help", "--text", "theirs", "--target", "First", "-c", "select 1", "--", "-x", "--plan", "--root", "/"];

        var run = await _program.RunAsync(["Takes", "--text", "ours", .. s_count, "--", .. command]);

        run.ShouldSay([.. command.Select(word => $"[{word}]"), "Text=ours"]);
    }

    [Fact]
    public async Task A_command_of_no_words_is_still_one() =>
        (await _program.RunAsync("Takes", "--count", "0", "--")).ShouldSay("Text=");

    [Fact]
    public async Task Without_dashes_there_is_none() =>
        (await _program.RunAsync("Takes", "--count", "0")).ShouldSay("[(none)]", "Text=");

    [Fact]
    public async Task The_exit_code_comes_through() =>
        Assert.Equal(42, (await _program.RunAsync("Takes", "--count", "42", "--", "x")).ExitCode);

    /// <summary>Quotes, blanks, empty words, line ends, characters of shells and other scripts.</summary>
    [Fact]
    public async Task Every_character_comes_through()
    {
        string[] command = ["", " ", "a  b", "'", "\"", "\\", "$HOME", "`id`", "*", "ü€😀", "-", "---", "=", "%PATH%", "\t"];

        var run = await _program.RunAsync(["Takes", .. s_count, "--", .. command]);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.StartsWith(string.Concat(command.Select(word => $"[{word}]\n")), run.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Standard_input_is_the_targets()
    {
        using var process = _program.Start([], "Echoes", "--", "x");
        await process.StandardInput.WriteAsync("one\ntwo");
        process.StandardInput.Close();

        (await SampleProgram.FinishAsync(process)).ShouldSay("one", "two");
    }

    public void Dispose() => _program.Dispose();
}
