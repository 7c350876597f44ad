using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.Tests.Platform;

public sealed class ProcessSpecTests
{
    [Theory]
    [InlineData("docker")]
    [InlineData("--format=json")]
    [InlineData("/home/dev/studio_1/a.b:c,d@e%f+g")]
    [InlineData("/home/josé/studio")]
    public void A_plain_word_is_shown_as_it_is(string word) => Assert.Equal($"x {word}", Shown(word));

    [Theory]
    [InlineData("", "''")]
    [InlineData("a b", "'a b'")]
    [InlineData("a\tb", "'a\tb'")]
    [InlineData("$HOME", "'$HOME'")]
    [InlineData("*.yml", "'*.yml'")]
    [InlineData("a\"b", "'a\"b'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("a;b", "'a;b'")]
    [InlineData("a|b&c", "'a|b&c'")]
    [InlineData("a>b", "'a>b'")]
    [InlineData("`a`", "'`a`'")]
    [InlineData("a\\b", "'a\\b'")]
    [InlineData("{{json .}}", "'{{json .}}'")]
    [InlineData("~", "'~'")]
    [InlineData("#a", "'#a'")]
    [InlineData("!a", "'!a'")]
    [InlineData("/^shipsec-a-1$/", "'/^shipsec-a-1$/'")]
    public void A_word_that_a_shell_would_change_is_quoted(string word, string shown) =>
        Assert.Equal($"x {shown}", Shown(word));

    [Fact]
    public void The_program_is_quoted_too() =>
        Assert.Equal("'/opt/my tools/x' a", new ProcessSpec { Program = "/opt/my tools/x", Arguments = ["a"] }.ToString());

    private static string Shown(string word) => new ProcessSpec { Program = "x", Arguments = [word] }.ToString();
}
