using InstanceKit;
using InstanceKit.Status;
using InstanceKit.Tests;
using Rendering;
using Requests;
using Xunit;

namespace Build.Tests.Rendering;

public sealed class StatusTextTests
{
    private static readonly NextCommand Next = new("./build.sh", "");

    [Fact]
    public void Fits_100_columns_when_everything_is_ready()
    {
        var text = Show(Paper.Terminal(100), Specimens.Ready(1));

        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 100, line));
        Snapshot.Verify(text, "txt");
    }

    [Fact]
    public void Folds_endpoints_at_80_columns()
    {
        var text = Show(Paper.Terminal(80), Specimens.Ready(1));

        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Snapshot.Verify(text, "txt");
    }

    [Fact]
    public void Wraps_reasons_and_leaves_kinds_out_when_80_columns_are_too_few()
    {
        var text = Show(Paper.Terminal(80), Specimens.Troubled(1));

        Assert.All(text.Split('\n').Skip(1), line => Assert.True(line.Length <= 80, line));
        Snapshot.Verify(text, "txt");
    }

    [Fact]
    public void Cuts_and_wraps_nothing_in_a_file() =>
        Snapshot.Verify(Show(Paper.File(), Specimens.Troubled(1), Specimens.Ready(12)), "txt");

    [Fact]
    public void Says_how_to_start_what_does_not_run() =>
        Snapshot.Verify(Show(Paper.Terminal(100), Specimens.Down(1), Specimens.Absent(2)), "txt");

    [Fact]
    public void Gives_a_hint_when_no_instance_exists() =>
        Assert.Equal(
            "There are no instances in /home/ann/studio. Start one: ./build.sh Up --instance 1\n", Show(Paper.Terminal(100)));

    [Fact]
    public void Colors_a_heading_by_its_readiness()
    {
        var paper = Paper.Colored(100);

        Assert.Contains("\e[32mready\e[0m", Show(paper, Specimens.Ready(1)), StringComparison.Ordinal);
        Assert.Contains("\e[31mfailed: minio:", Show(paper, Specimens.Troubled(1)), StringComparison.Ordinal);
    }

    private static string Show(Paper paper, params InstanceStatus[] statuses)
    {
        new StatusText(paper.Output.Data, Next).Write(statuses, Specimens.Workspace, Specimens.Now);
        return paper.Data;
    }
}
