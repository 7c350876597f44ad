using InstanceKit;
using InstanceKit.Observing;
using InstanceKit.Tests;
using Output;
using Cli;
using Xunit;

namespace Build.Tests.Rendering;

public sealed class StatusTextTests
{
    private static readonly NextCommand Next = new("./build.sh", "");

    [Theory]
    [InlineData(140, false)]
    [InlineData(100, false)]
    [InlineData(80, false)]
    [InlineData(60, false)]
    [InlineData(40, false)]
    [InlineData(140, true)]
    [InlineData(100, true)]
    [InlineData(80, true)]
    [InlineData(40, true)]
    public void Fits_its_terminal_and_gives_up_first_what_says_least(int width, bool isTroubled)
    {
        var text = Show(Paper.Terminal(width), isTroubled ? Specimens.Troubled(1) : Specimens.Ready(1));

        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= width, line));
        Assert.All(text.Split('\n'), line => Assert.Equal(line.TrimEnd(), line));
        Snapshot.Verify(text, "txt", testMethod: $"{(isTroubled ? "Troubled" : "Ready")}_{width}");
    }

    [Fact]
    public void Fits_every_width_from_40_columns_on_without_parting_words()
    {
        var words = Show(Paper.File(), Specimens.Troubled(1)).Split([' ', '\n']).ToHashSet();
        for (var width = 40; width < 200; width++)
        {
            var text = Show(Paper.Terminal(width), Specimens.Troubled(1), Specimens.Ready(2));
            Assert.All(text.Split('\n'), line => Assert.True(line.Length <= width, line));
            Assert.Contains("listens on", text, StringComparison.Ordinal);
            foreach (var line in text.Split('\n').Where(l => l.Contains('↳', StringComparison.Ordinal)))
                Assert.All(line.Trim(' ', '↳').Split(' '), w => Assert.Contains(w, words));
        }
    }

    [Fact]
    public void Columns_of_several_instances_stand_under_each_other()
    {
        var text = Show(Paper.Terminal(140), Specimens.Ready(1), Specimens.Troubled(12)).Split('\n');

        Assert.Equal(2, text.Count(l => l.Contains("STATE", StringComparison.Ordinal)));
        Assert.Single(text.Where(l => l.Contains("STATE", StringComparison.Ordinal)).Distinct());
    }

    [Fact]
    public void Cuts_and_wraps_nothing_in_a_file() =>
        Snapshot.Verify(Show(Paper.File(), Specimens.Troubled(1), Specimens.Ready(12)), "txt");

    [Fact]
    public void Says_how_to_start_what_does_not_run() =>
        Snapshot.Verify(Show(Paper.Terminal(100), Specimens.Down(1), Specimens.Absent(2)), "txt");

    [Fact]
    public void Says_how_to_go_on_with_what_was_stopped()
    {
        var ready = Specimens.Ready(1);
        var stopped = ready with { Readiness = new Readiness(ReadyState.Stopped, "redis: exited with code 137") };

        Assert.EndsWith("\n  Start it: ./build.sh Up --instance 1\n", Show(Paper.Terminal(100), stopped), StringComparison.Ordinal);
        Assert.DoesNotContain("Start it", Show(Paper.Terminal(100), ready), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_what_the_static_proof_leaves_open()
    {
        var open = Specimens.Ready(1) with { Untranslated = 2 };

        Assert.EndsWith(
            "\n  ! 2 places address the stack and are not translated. List them: ./build.sh Audit --instance 1\n",
            Show(Paper.Terminal(140), open), StringComparison.Ordinal);
        Assert.All(Show(Paper.Terminal(40), open).Split('\n'), line => Assert.True(line.Length <= 40, line));
        Assert.DoesNotContain("translated", Show(Paper.Terminal(140), Specimens.Ready(1)), StringComparison.Ordinal);
    }

    [Fact]
    public void Gives_a_hint_when_no_instance_exists() =>
        Assert.Equal(
            "There are no instances in /home/ann/studio. Start one: ./build.sh Up --instance 1\n", Show(Paper.Terminal(100)));

    [Fact]
    public void Colors_a_heading_by_its_readiness()
    {
        var paper = Paper.Colored(140);

        Assert.Contains("\e[32mready\e[0m", Show(paper, Specimens.Ready(1)), StringComparison.Ordinal);
        Assert.Contains("\e[31mfailed: minio:", Show(paper, Specimens.Troubled(1)), StringComparison.Ordinal);
    }

    private static string Show(Paper paper, params InstanceStatus[] statuses)
    {
        paper.Output.Data.Write(new StatusText(paper.Output.Data.Traits, Next).Draw(statuses, Specimens.Workspace, Specimens.Now));
        return paper.Data;
    }
}
