using Build.Tests.Rendering;
using InstanceKit;
using InstanceKit.Instances;
using Cli;
using Xunit;

namespace Build.Tests.Requests;

/// <summary>The words of the commands that are for some services and apps.</summary>
public sealed class ComponentWordsTests
{
    [Theory]
    [InlineData("bash", ShellKind.Posix)]
    [InlineData("zsh", ShellKind.Posix)]
    [InlineData("sh", ShellKind.Posix)]
    [InlineData("fish", ShellKind.Fish)]
    [InlineData("powershell", ShellKind.PowerShell)]
    [InlineData("pwsh", ShellKind.PowerShell)]
    internal void Shells_are_known_by_name(string word, ShellKind kind) => Assert.Equal(kind, ShellKindWord.Parse(word));

    [Fact]
    public void Another_shell_is_refused() =>
        Assert.Contains("--shell 'tcsh'", Assert.Throws<InstanceKitException>(() => ShellKindWord.Parse("tcsh")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_name_that_nobody_has_is_refused_with_the_one_that_was_meant()
    {
        OnlyWords.Require(["backend"], ["backend", "postgres"]);
        var error = Assert.Throws<InstanceKitException>(() => OnlyWords.Require(["postgers", "xyzzy"], ["backend", "postgres"]));

        Assert.Contains("'postgers', 'xyzzy'", error.Message, StringComparison.Ordinal);
        Assert.Equal("Did you mean postgres? Valid names are backend, postgres.", error.Remedy);
    }

    [Theory]
    [InlineData(true, null, null, true)]
    [InlineData(true, "", "", true)]
    [InlineData(false, null, null, false)]
    [InlineData(true, "true", null, false)]
    [InlineData(true, null, "10.0.0.1 5 10.0.0.2 22", false)]
    public void A_browser_is_opened_for_a_person_at_this_machine(bool isTerminal, string? ci, string? ssh, bool mayOpen) => Assert.Equal(
        mayOpen, OpenRule.MayOpen(isTerminal, name => name switch
        {
            "CI" => ci,
            "SSH_CONNECTION" => ssh,
            _ => null,
        }));

    [Fact]
    public void Without_names_every_web_address_is_shown_and_the_front_end_opened()
    {
        var choice = EndpointChoice.Of(Specimens.Info(1), []);

        Assert.Equal(["http://localhost:5273", "http://localhost:3311", "http://localhost:8181"], choice.Shown.Take(3).Select(p => p.Endpoint));
        Assert.DoesNotContain(choice.Shown, p => p.Scheme is null or "postgresql" or "redis");
        Assert.Equal(["http://localhost:5273"], choice.Opened.Select(p => p.Endpoint));
    }

    [Fact]
    public void What_is_named_is_shown_and_opened_where_a_browser_understands_it()
    {
        var choice = EndpointChoice.Of(Specimens.Info(1), ["minio", "postgres", "worker"]);

        Assert.Equal(
            ["postgresql://localhost:5533", "http://localhost:9100", "http://localhost:9101"], choice.Shown.Select(p => p.Endpoint));
        Assert.Equal(["http://localhost:9100"], choice.Opened.Select(p => p.Endpoint));
    }

    [Fact]
    public void What_nothing_serves_is_neither_shown_nor_opened()
    {
        var info = Specimens.Info(1) with
        {
            Embedded =
            [
                new RecordedService("temporal", null, null, "needs Docker"),
                new RecordedService("temporal-ui", null, null, "needs Docker"),
                new RecordedService("minio", "minio-1", 9100, null) { Serves = [9100] },
            ],
        };

        var shown = EndpointChoice.Of(info, []).Shown.Select(p => p.Endpoint).ToList();
        Assert.Contains("http://localhost:9100", shown);
        Assert.DoesNotContain("http://localhost:9101", shown);
        Assert.DoesNotContain("http://localhost:8181", shown);
        var error = Assert.Throws<InstanceKitException>(() => EndpointChoice.Of(info, ["backend", "temporal-ui"]));
        Assert.Equal((ExitCode.NotReady, true), (error.ExitCode, error.Message.Contains("temporal-ui of instance 1", StringComparison.Ordinal)));
        Assert.Contains("it is skipped because it needs Docker", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wait_has_a_limit_of_its_own()
    {
        Assert.Equal(TimeSpan.FromSeconds(60), TimeoutWord.Parse(null, TimeoutWord.DefaultOfWait));
        Assert.Equal(TimeSpan.FromSeconds(90), TimeoutWord.Parse("90s", TimeoutWord.DefaultOfWait));
    }
}
