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
    [InlineData("-- Show", "'--' stands before a command", "the default target runs none", "Echoes ... -- Show")]
    [InlineData("Show --text x -- ls --all", "'--'", "Show runs none", "Echoes ... -- ls --all")]
    [InlineData("First Show --", "'--'", "First, Show runs none", "Echoes ... -- COMMAND")]
    [InlineData("Takes --tex x -- --text y", "'--tex'", "did you mean --text")]
    [InlineData("--count=5", "'--count=5'", "put a space: --count 5")]
    [InlineData("--text=", "'--text='", "put a space: --text ''")]
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
    [InlineData("--level medium", "'medium'", "is none of Low, High")]
    [InlineData("--level 1", "'1'", "is none of Low, High")]
    [InlineData("--verbosity loud", "'loud'", "is none of Verbose, Normal, Minimal, Quiet")]
    [InlineData("--text a b", "--text takes one value and got 2: a b", "quotes")]
    [InlineData("--many-words a,b c", "--many-words", "use one of them")]
    [InlineData("--many-words a,,b", "''", "is empty")]
    [InlineData("Show --text x First", "'First' stands behind --text", "put targets first: First --text x")]
    [InlineData("Show --flag First", "'First' stands behind --flag", "put targets first")]
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
    [InlineData("NUKE_FLAG", "yes", "is neither true nor false")]
    [InlineData("NUKE_LEVEL", "none", "is none of Low, High")]
    public async Task A_variable_that_cannot_be_read_is_refused(string name, string value, string reason) =>
        (await _program.RunAsync([(name, value)], "Show")).ShouldRefuse($"{name}={value}", reason);

    [Fact]
    public async Task Two_variables_for_one_parameter_are_refused() =>
        (await _program.RunAsync([("NUKE_MANY_WORDS", "a"), ("NUKE_MANYWORDS", "b")], "Show"))
        .ShouldRefuse("NUKE_MANY_WORDS", "NUKE_MANYWORDS", "unset one of them");

    [Theory]
    [InlineData("""{ "Count": "abc" }""", "Count", "is not a whole number")]
    [InlineData("""{ "Flag": "perhaps" }""", "Flag", "is neither true nor false")]
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
