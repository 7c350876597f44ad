using Cli;
using CsCheck;
using Xunit;

namespace Build.Tests.Completion;

/// <summary>Words of a bash command line, as they were typed.</summary>
public sealed class ShellWordTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData(@"a\ b", "a b")]
    [InlineData("'a b'", "a b")]
    [InlineData("\"a b", "a b")]
    [InlineData("'it'\\''s'", "it's")]
    [InlineData("\"say \\\"x\\\" \\n\"", "say \"x\" \\n")]
    [InlineData(@"'a\b'", @"a\b")]
    [InlineData("$(touch x)`id`", "$(touch x)`id`")]
    [InlineData(@"end\", @"end\")]
    [InlineData("", "")]
    public void Quotes_are_taken_away_and_nothing_is_expanded(string typed, string word) =>
        Assert.Equal(word, ShellWord.Unquote(typed));

    [Fact]
    public void A_word_in_single_quotes_is_itself() => Gen.String.Sample(word =>
        ShellWord.Unquote($"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'") == word);
}
