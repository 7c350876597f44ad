using System.Text.Json.Nodes;
using InstanceKit.Models;
using Xunit;

namespace InstanceKit.Tests.Models;

/// <summary>Env files are read as Compose was seen to read them, and variables of the process win over the project's.</summary>
public sealed class ComposeEnvTextTests
{
    [Theory]
    [InlineData("A=plain value # comment", "plain value")]
    [InlineData("A= # no comment", "# no comment")]
    [InlineData("A=#hash", "#hash")]
    [InlineData("A=a#b", "a#b")]
    [InlineData("A=  spaced  ", "spaced")]
    [InlineData("A=", "")]
    [InlineData("export A=x", "x")]
    [InlineData("A: yaml", "yaml")]
    [InlineData("A = b=c", "b=c")]
    [InlineData("A=\"two \\n lines\" trailing", "two \n lines")]
    [InlineData("A=\"back\\\\slash \\q \\\"q\\\"\"", "back\\slash \\q \"q\"")]
    [InlineData("A=\"one\ntwo\"", "one\ntwo")]
    [InlineData("A='single $HOME'", "single $HOME")]
    [InlineData("A='it\\'s'", "it's")]
    [InlineData("B=b\nA=${B}-${C:-c}", "b-c")]
    [InlineData("B=b\nA=\"$B \\$B $$B\"", "b $B $B")]
    [InlineData("A=first\nA=last", "last")]
    [InlineData("# A=no\n\r\n  A=1\r\n", "1")]
    [InlineData("HOME=/nowhere\nA=$HOME", "/home/dev")]
    [InlineData("A.B-C=x\nA=y", "y")]
    public void Value_is_read(string text, string expected) => Assert.Equal(expected, Environment(text, "{A: }")["A"]?.GetValue<string>());

    [Fact]
    public void Name_alone_has_the_value_from_outside() =>
        Assert.Equal("""{"HOME":"/home/dev","OTHER":null}""", Environment("HOME\nOTHER", "[HOME, OTHER]").ToJsonString());

    [Fact]
    public void Process_wins_over_the_env_file() =>
        Assert.Equal("""{"A":"/home/dev"}""", Environment("HOME=/nowhere", "{A: '${HOME}'}").ToJsonString());

    private static JsonObject Environment(string env, string environment)
    {
        var files = new Dictionary<string, string>
        {
            ["/w/.env"] = env,
            ["/w/compose.yml"] = $"services: {{a: {{image: x, environment: {environment}}}}}",
        };
        var json = ComposeDocument.Read(new ComposeSource(
            "p", "/w", ["/w/compose.yml"], ["/w/.env"], [], new Dictionary<string, string> { ["HOME"] = "/home/dev" },
            files.GetValueOrDefault));
        return (JsonObject)JsonNode.Parse(json.Replace("$$", "$", StringComparison.Ordinal))!["services"]!["a"]!["environment"]!;
    }
}
