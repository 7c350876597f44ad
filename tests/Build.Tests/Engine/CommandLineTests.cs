using Xunit;

namespace Build.Tests.Engine;

/// <summary>What is refused: one line that names the input and the remedy, exit code 2, and nothing runs.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly SampleProgram _program = new();

    [Theory]
    [InlineData("--tex x", "'--tex'", "did you mean --text")]
    [InlineData("--color", "'--color'", "--help lists the options")]
    [InlineData("-x", "'-x'", "--help lists the options")]
    [InlineData("-- Show", "'--' precedes a command", "the default target runs no command", "Echoes ... -- Show")]
    [InlineData("Show --text x -- ls --all", "'--'", "Show runs no command", "Echoes ... -- ls --all")]
    [InlineData("First Show --", "'--'", "First, Show runs no command", "Echoes ... -- COMMAND")]
    [InlineData("Takes --tex x -- --text y", "'--tex'", "did you mean --text")]
    [InlineData("--count=5", "'--count=5'", "use a space: --count 5")]
    [InlineData("--text=", "'--text='", "use a space: --text ''")]
    [InlineData("--count -1", "'-1'", "--count")]
    [InlineData("--text -.5", "'-.5'", "--text")]
    [InlineData("--text", "--text", "needs a value")]
    [InlineData("--text --flag", "--text", "needs a value")]
    [InlineData("--many-words", "--many-words", "needs a value")]
    [InlineData("--target", "--target", "needs the name of a target")]
    [InlineData("--count abc", "'abc'", "is not a whole number")]
    [InlineData("--count 1.5", "'1.5'", "is not a whole number")]
    [InlineData("--count 99999999999", "'99999999999'", "is not a whole number")]
    [InlineData("--flag maybe", "'maybe'", "--flag alone means true")]
    [InlineData("--level medium", "'medium'", "is not one of Low, High")]
    [InlineData("--level 1", "'1'", "is not one of Low, High")]
    [InlineData("--verbosity loud", "'loud'", "is not one of Verbose, Normal, Minimal, Quiet")]
    [InlineData("--text a b", "--text takes one value, but got 2: a b", "quote a value")]
    [InlineData("--many-words a,b c", "--many-words", "use one of them")]
    [InlineData("--many-words a,,b", "''", "is empty")]
    [InlineData("Show --text x First", "'First' follows --text", "put targets first: First --text x")]
    [InlineData("Show --flag First", "'First' follows --flag", "put targets first")]
    [InlineData("Frist", "'Frist'", "did you mean First")]
    [InlineData("Nonsense", "'Nonsense'", "the targets are ")]
    [InlineData("First Nonsense", "'Nonsense'", "the targets are ")]
    [InlineData("--target First+Nonsense", "'Nonsense'", "--target")]
    [InlineData("First --target Second", "--target", "'First'")]
    [InlineData("First --skip Nonsense", "'Nonsense'", "--skip")]
    [InlineData("--root /nowhere/at/all", "'/nowhere/at/all'", ".nuke")]
    [InlineData("--host Terminal", "'--host'", "--help lists the options")]
    [InlineData("--profile x", "'--profile'", "--help lists the options")]
    public async Task A_word_that_cannot_be_understood_is_refused(string words, params string[] parts) =>
        (await _program.RunAsync(words.Split(' '))).ShouldRefuse(parts);

    [Theory]
    [InlineData("--text", "")]
    [InlineData("--text", "  ")]
    [InlineData("--count", "")]
    [InlineData("--level", "")]
    public async Task An_empty_value_is_refused(params string[] words) =>
        (await _program.RunAsync(words)).ShouldRefuse(words[0], $"'{words[1]}' is empty");

    [Theory]
    [InlineData("NUKE_COUNT", "abc", "is not a whole number")]
    [InlineData("NUKE_FLAG", "yes", "is not true or false")]
    [InlineData("NUKE_LEVEL", "none", "is not one of Low, High")]
    public async Task A_variable_that_cannot_be_read_is_refused(string name, string value, string reason) =>
        (await _program.RunAsync([(name, value)], "Show")).ShouldRefuse($"{name}={value}", reason);

    [Fact]
    public async Task Two_variables_for_one_parameter_are_refused() =>
        (await _program.RunAsync([("NUKE_MANY_WORDS", "a"), ("NUKE_MANYWORDS", "b")], "Show"))
        .ShouldRefuse("NUKE_MANY_WORDS", "NUKE_MANYWORDS", "unset one of them");

    [Theory]
    [InlineData("""{ "Count": "abc" }""", "Count", "is not a whole number")]
    [InlineData("""{ "Flag": "perhaps" }""", "Flag", "is not true or false")]
    [InlineData("""{ "Txet": "x" }""", "'Txet'", "the parameters are")]
    [InlineData("[]", "parameters.json", "is not a JSON object")]
    [InlineData("{", "parameters.json", "is not a JSON object")]
    public async Task A_file_that_cannot_be_read_is_refused(string text, params string[] parts)
    {
        using var program = new SampleProgram(text);
        (await program.RunAsync("Show")).ShouldRefuse(parts);
    }

    public void Dispose() => _program.Dispose();
}
