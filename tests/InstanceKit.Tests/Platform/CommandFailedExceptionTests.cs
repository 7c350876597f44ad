using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.Tests.Platform;

public sealed class CommandFailedExceptionTests
{
    private static readonly ProcessSpec Spec = new()
    {
        Program = "docker", Arguments = ["compose", "up", "a b"], WorkingDirectory = "/home/dev/studio",
    };

    [Fact]
    public void The_text_says_what_ran_where_and_how_it_ended()
    {
        var result = new ProcessResult(17, "on stdout\n", "\nfirst  \r\n\nlast\n");

        var error = new CommandFailedException("start shipsec-dev-1", Spec, result, "Look at the logs.");

        Assert.Equal(
            """
            Could not start shipsec-dev-1: exit code 17 from
              docker compose up 'a b' (in /home/dev/studio)
                first
                last
            """.ReplaceLineEndings("\n"),
            error.Message);
        Assert.Equal((ExitCode.Failed, "Look at the logs."), (error.ExitCode, error.Remedy));
        Assert.Equal((Spec, result), (error.Spec, error.Result));
    }

    [Fact]
    public void Without_words_on_stderr_those_on_stdout_are_shown() => Assert.EndsWith(
        "'a b' (in /home/dev/studio)\n    on stdout", Message(new ProcessResult(1, "on stdout\n", " \n")), StringComparison.Ordinal);

    [Fact]
    public void A_silent_program_leaves_its_command() => Assert.Equal(
        "Could not try: exit code 1 from\n  docker", new CommandFailedException(
            "try", new ProcessSpec { Program = "docker" }, new ProcessResult(1, "", "")).Message);

    [Fact]
    public void Of_much_output_the_last_twenty_lines_are_shown()
    {
        var shown = Message(new ProcessResult(1, "", string.Join('\n', Enumerable.Range(1, 1000)))).Split('\n').Skip(2);

        Assert.Equal(Enumerable.Range(981, 20).Select(n => $"    {n}"), shown);
    }

    private static string Message(ProcessResult result) => new CommandFailedException("try", Spec, result).Message;
}
