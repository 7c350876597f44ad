using InstanceKit.Env;
using Xunit;

namespace InstanceKit.Tests.Env;

public sealed class DotEnvDocumentTests
{
    [Fact]
    public void Entries_tell_line_value_and_quoting()
    {
        var document = DotEnvDocument.Parse("# top\r\n\r\nexport A = 'x' # c\rB=\"1\n2\"\nC=`q`\nD=\nA=last");

        Assert.Equal(
            [
                ("A", "x", 3, DotEnvQuoting.SingleQuotes),
                ("B", "1\n2", 4, DotEnvQuoting.DoubleQuotes),
                ("C", "q", 6, DotEnvQuoting.Backticks),
                ("D", "", 7, DotEnvQuoting.Bare),
                ("A", "last", 8, DotEnvQuoting.Bare),
            ],
            document.Entries.Select(entry => (entry.Key, entry.Value, entry.Line, entry.Quoting)));
        Assert.Equal("last", document["A"]);
        Assert.Null(document["a"]);
    }

    [Theory]
    [InlineData("A=1", "2", "A=2")]
    [InlineData("export  A  =  1  # why\r\nB=2\r\n", "3", "export  A  =  3  # why\r\nB=2\r\n")]
    [InlineData("A='1'", "it", "A='it'")]
    [InlineData("A='1'", "it's", "A=\"it's\"")]
    [InlineData("A=\"1\"", "a\nb\r", "A=\"a\\nb\\r\"")]
    [InlineData("A=\"1\r\n2\"\r\n", "x\ny", "A=\"x\r\ny\"\r\n")]
    [InlineData("A=`1`", "\"it's\"", "A=`\"it's\"`")]
    [InlineData("A=1", "a b", "A=a b")]
    [InlineData("A=1", "a # b", "A=\"a # b\"")]
    [InlineData("A=1", " a ", "A=\" a \"")]
    [InlineData("A=1", "'\"`", "A=\"'\"`\"")]
    [InlineData("A='it's 1'", "it's 2", "A='it's 2'")]
    [InlineData("A=1", "'\"`\n", "A=\"'\"`\\n\"")]
    [InlineData("A=1", "a\\nb\nc", "A='a\\nb\nc'")]
    [InlineData("A=#c", "1", "A=1 #c")]
    [InlineData("A=1 # c", "", "A= # c")]
    [InlineData("A=1\n'x'", "", "A=\"\"\n'x'")]
    [InlineData("A=1\nA=2\n# A=3", "4", "A=1\nA=4\n# A=3")]
    [InlineData("A: 1", "2", "A: 2")]
    [InlineData("", "1", "A=1\n")]
    [InlineData("B=1", "x y", "B=1\nA=\"x y\"\n")]
    [InlineData("B=1\r\n", "$x", "B=1\r\nA='$x'\r\n")]
    [InlineData("B:\n", "1", "B:\n#\nA=1\n")]
    [InlineData("A='1\\'\nB='x'", "a#\\", "A='a#\\'\nB='x'")]
    public void With_changes_the_value_only(string text, string value, string expected)
    {
        var document = DotEnvDocument.Parse(text).With("A", value);

        Assert.Equal(expected, document.ToString());
        Assert.Equal(value, document["A"]);
    }

    [Fact]
    public void A_trailing_backslash_is_kept_from_reaching_for_later_quotes()
    {
        var document = DotEnvDocument.Parse("A=1\n# 5\"\n# dogs'\n# a`\n").With("A", "a#\\");

        Assert.Equal("A=\"a#\\\" #\".\n# 5\"\n# dogs'\n# a`\n", document.ToString());
        Assert.Equal("a#\\", document["A"]);
    }

    [Fact]
    public void A_value_that_no_quoting_can_hold_is_refused()
    {
        var error = Assert.Throws<InstanceKitException>(() => DotEnvDocument.Parse("B=1\nA=2").With("A", "#'\"`"));

        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Equal(
            "The new value of A on line 2 can't be represented in the env file.",
            error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("A B")]
    [InlineData("A=")]
    [InlineData("É")]
    public void A_key_that_no_file_can_hold_is_refused(string key)
    {
        var error = Assert.Throws<InstanceKitException>(() => DotEnvDocument.Parse("").With(key, "1"));

        Assert.Equal($"'{key}' is not a valid key of an env file.", error.Message);
    }

    [Fact]
    public async Task Hostile_texts_take_linear_time()
    {
        const int count = 50_000;
        string[] pieces =
        [
            "A='", "A='\\'x\n", "A\n", "\n", "A=\n\n", "export\n", "A: \n", "A=\"\\\"\n", "A='x\nB=\"x\nC=`x\n", "#",
            "A=' # '",
        ];
        foreach (var piece in pieces)
        {
            var text = string.Concat(Enumerable.Repeat(piece, count));
            var limit = TestContext.Current.CancellationToken;
            await Task.Run(() => DotEnvDocument.Parse(text), limit).WaitAsync(TimeSpan.FromSeconds(10), limit);
        }
    }
}
