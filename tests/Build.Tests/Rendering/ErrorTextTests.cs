using InstanceKit;
using Output;
using Xunit;

namespace Build.Tests.Rendering;

public sealed class ErrorTextTests
{
    [Fact]
    public void Is_one_line_with_its_remedy()
    {
        var paper = Paper.Terminal(40);

        var exitCode = ErrorOutput.Write(paper.Output, InstanceKitException.Usage("--tail 'x' is not a number of lines.", "Use a number."));

        Assert.Equal(2, exitCode);
        Assert.Equal("error: --tail 'x' is not a number of lines. Use a number.\n", paper.Messages);
        Assert.Empty(paper.Data);
    }

    [Fact]
    public void Ends_a_message_without_a_full_stop_before_the_remedy()
    {
        var paper = Paper.Terminal(80);

        ErrorOutput.Write(paper.Output, InstanceKitException.Usage("instancekit.yml(3,1): Unknown key 'prots'", "See docs/stack-file.md."));

        Assert.Equal("error: instancekit.yml(3,1): Unknown key 'prots'. See docs/stack-file.md.\n", paper.Messages);
    }

    [Fact]
    public void Of_several_lines_puts_the_remedy_below()
    {
        var paper = Paper.Terminal(80);

        ErrorOutput.Write(paper.Output, new InstanceKitException(ExitCode.Failed, "Could not start:\n    line 1", "Look."));

        Assert.Equal("error: Could not start:\n    line 1\n→ Look.\n", paper.Messages);
    }

    [Fact]
    public void Shows_the_technical_cause_only_when_verbose()
    {
        var error = new InstanceKitException(ExitCode.Failed, "No.", null, new IOException("disk on fire"));
        var (normal, verbose) = (Paper.File(), Paper.File(Detail.Verbose));

        ErrorOutput.Write(normal.Output, error);
        ErrorOutput.Write(verbose.Output, error);

        Assert.DoesNotContain("disk on fire", normal.Messages, StringComparison.Ordinal);
        Assert.Contains("disk on fire", verbose.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_a_document_of_one_line_where_json_was_asked_for()
    {
        var paper = Paper.File(isJson: true);

        ErrorOutput.Write(paper.Output, new InstanceKitException(ExitCode.PortTaken, "Port 5273 is taken.", "End it."));

        Assert.Equal(
            """{"schemaVersion":1,"event":"error","error":{"exitCode":4,"kind":"portTaken","message":"Port 5273 is taken.","remedy":"End it."}}""" + "\n",
            paper.Data);
    }
}
