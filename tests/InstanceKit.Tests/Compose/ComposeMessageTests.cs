using InstanceKit.Compose;
using Xunit;

namespace InstanceKit.Tests.Compose;

public sealed class ComposeMessageTests
{
    private const string Unset = """time="2026-11-30T07:00:00Z" level=warning msg="The \"FOO\" variable is not set. Defaulting to a blank string." """;

    [Theory]
    [InlineData(Unset, "The variable FOO is not set, so it is empty in the compose files. Set it in the workspace's .env, or give it a default: ${FOO:-VALUE}.")]
    [InlineData("""level=warning msg="/w/compose.yml: `version` is obsolete" """, "/w/compose.yml: the key 'version' is obsolete and has no effect. Remove it.")]
    [InlineData(
        """time="x" level=warning msg="Found orphan containers ([a-1 b-1]) for this project. If you removed or renamed this service" """,
        "Containers of services that are no longer in the compose files: a-1, b-1. Down removes them.")]
    [InlineData("""level=warning msg="something else" """, "something else")]
    [InlineData(" Container a  Created", null)]
    public void A_warning_is_one_line_with_its_remedy(string line, string? expected) => Assert.Equal(expected, ComposeMessage.FindWarning(line));

    [Fact]
    public void The_reason_comes_first() => Assert.Equal(
        "no such service: a\nwarning: The variable FOO is not set, so it is empty in the compose files. Set it in the workspace's .env, or give it a default: ${FOO:-VALUE}.",
        ComposeMessage.ReasonFirst($"{Unset}\n{Unset}\nno such service: a\n"));

    [Theory]
    [InlineData("services.llm Additional property provider is not allowed", "The installed Compose 2.26.1 is too old for the file: the key 'provider' in services.llm requires Compose 2.36.0 or later.", ExitCode.Prerequisite)]
    [InlineData("services.llm additional properties 'models' not allowed", "The installed Compose 2.26.1 is too old for the file: the key 'models' in services.llm requires Compose 2.38.0 or later.", ExitCode.Prerequisite)]
    [InlineData("(root) Additional property servces is not allowed", "The installed Compose 2.26.1 does not know the key 'servces'.", ExitCode.Usage)]
    [InlineData("services.a Additional property attach is not allowed", "The installed Compose 2.26.1 does not know the key 'attach' in services.a.", ExitCode.Usage)]
    public void A_key_that_Compose_does_not_know_may_be_newer_than_it(string reason, string expected, ExitCode code)
    {
        var failure = UnknownKey.Find($"validating /w/compose.yaml: {reason}\n")!.ToFailure("Compose can't read it.", new Version(2, 26, 1));

        Assert.Equal(($"Compose can't read it.\n{expected}", code), (failure.Message, failure.ExitCode));
    }

    [Fact]
    public void Other_mistakes_are_no_unknown_keys() => Assert.Null(UnknownKey.Find("validating /w/compose.yaml: services.a.ports must be a list\n"));
}
