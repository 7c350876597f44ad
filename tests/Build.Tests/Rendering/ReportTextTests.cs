using InstanceKit;
using InstanceKit.Observing;
using InstanceKit.Reconcile;
using InstanceKit.Tests;
using InstanceKit.Verbs;
using Output;
using Cli;
using Xunit;

namespace Build.Tests.Rendering;

public sealed class ReportTextTests
{
    private static readonly NextCommand Next = new("./build.sh", "");

    [Fact]
    public void Up_tells_what_was_done_and_where_everything_answers()
    {
        var report = Specimens.Report(1, Outcome.Done, Specimens.FirstUp) with
        {
            Status = Specimens.Ready(1),
            Notes = ["The network 'shared' is external, so other instances use it too."],
        };

        Snapshot.Verify(Show(Paper.Terminal(100), CommandWords.Up, report), "txt");
    }

    [Fact]
    public void The_shared_infrastructure_is_named_by_its_word()
    {
        var report = Specimens.Report(0, Outcome.Interrupted) with { Project = "shipsec-dev-shared" };

        Assert.Equal("Shared infrastructure (shipsec-dev-shared) is already up; nothing changed.", CommandWords.Up.Conclude(report with { Outcome = Outcome.Unchanged }));
        Assert.Equal(
            "Shared infrastructure is partly up; what was started keeps running. Continue: ./build.sh Up --instance shared; stop it: ./build.sh Down --instance shared",
            CommandWords.Up.Interrupt(report, Next));
        Assert.StartsWith("Down of the shared infrastructure was interrupted.", CommandWords.Down.Interrupt(report, Next), StringComparison.Ordinal);
    }

    [Fact]
    public void Up_says_that_nothing_changed()
    {
        var text = Show(Paper.Terminal(100), CommandWords.Up, Specimens.Report(1, Outcome.Unchanged));

        Assert.Equal("✔ Instance 1 (shipsec-dev-1) is already up; nothing changed.\n", text);
    }

    [Theory]
    [InlineData(new[] { "needs Docker", "needs Docker: it is built", "needs Docker or 'redpanda'" }, "3 skipped: need Docker")]
    [InlineData(new[] { "needs Docker Compose" }, "loki skipped: needs Docker Compose")]
    [InlineData(new[] { "needs Docker", "needs Docker Compose" }, "redis skipped: needs Docker Compose, loki skipped: needs Docker")]
    public void Up_says_what_was_skipped_and_why(string[] reasons, string words)
    {
        var ready = Specimens.Ready(1);
        var names = new[] { "loki", "redis", "minio" };
        var status = ready with
        {
            Components = [.. ready.Components.Select(c => Array.IndexOf(names, c.Name) is >= 0 and var i && i < reasons.Length
                ? c with { Readiness = new Readiness(ReadyState.Skipped, $"skipped: {reasons[i]}") } : c)],
        };

        var report = Specimens.Report(1, Outcome.Done, Specimens.FirstUp) with { Status = status };
        Assert.EndsWith($"and app shipsec-backend-1; {words}.", CommandWords.Up.Conclude(report), StringComparison.Ordinal);
        Assert.EndsWith(
            $"is already up; nothing changed. {words}.", CommandWords.Up.Conclude(report with { Outcome = Outcome.Unchanged }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_dry_run_lists_operations_with_their_causes_for_each_instance()
    {
        var second = Specimens.Report(2, Outcome.Planned, new Operation(OperationKind.RemoveVolume, "shipsec-dev-2_pg", "data of the instance"));

        Snapshot.Verify(
            Show(Paper.Terminal(100), CommandWords.Up, Specimens.Report(1, Outcome.Planned, Specimens.FirstUp), second), "txt");
    }

    [Fact]
    public void Failures_and_interruptions_come_last_with_what_to_do()
    {
        var text = Show(
            Paper.Terminal(100), CommandWords.Up,
            Specimens.Failed(1, ExitCode.PortTaken),
            Specimens.Report(2, Outcome.Interrupted),
            Specimens.Report(3, Outcome.Unchanged));

        Snapshot.Verify(text, "txt");
    }

    [Fact]
    public void Down_and_clean_say_what_is_gone_and_what_is_kept()
    {
        Operation[] operations =
        [
            new(OperationKind.RemoveApp, "shipsec-backend-1", "online"),
            new(OperationKind.RemoveContainer, "shipsec-dev-1-postgres-1", "running"),
            new(OperationKind.RemoveContainer, "shipsec-dev-1-redis-1", "running"),
            new(OperationKind.RemoveNetwork, "shipsec-dev-1_default", "created for the instance"),
        ];
        Operation[] more = [.. operations, new(OperationKind.DeleteFiles, ".instances/instance-1", "generated for the instance")];

        Assert.Equal(
            "✔ Instance 1 (shipsec-dev-1) is down after 8.2 s: removed app shipsec-backend-1, 2 containers and\n"
            + "  network shipsec-dev-1_default. Its data is kept.\n",
            Show(Paper.Terminal(100), CommandWords.Down, Specimens.Report(1, Outcome.Done, operations)));
        Assert.Equal(
            "✔ Instance 1 (shipsec-dev-1) is removed after 8.2 s: removed app shipsec-backend-1, 2 containers and network"
            + " shipsec-dev-1_default, deleted its files.\n",
            Show(Paper.File(), CommandWords.Clean, Specimens.Report(1, Outcome.Done, more)));
    }

    [Fact]
    public void An_edited_file_is_shown_as_a_difference_when_it_is_news()
    {
        var diff = FileDiff.Between(".instances/instance-1/backend.env", "A=1\nTOKEN=x\nMINE=1", "A=1\nTOKEN=y", null);
        var news = Specimens.Report(1, Outcome.Unchanged) with { Diffs = [diff with { MoreLines = 2 }] };

        Assert.EndsWith(
            """
              --- .instances/instance-1/backend.env (as you edited it)
              +++ .instances/instance-1/backend.env (as --force would write it)
              @@ -1,3 +1,2 @@
               A=1
              -TOKEN=***
              -MINE=1
              +TOKEN=***
              … 2 more lines

            """,
            Show(Paper.File(), CommandWords.Initialize, news), StringComparison.Ordinal);
        Assert.DoesNotContain(
            "TOKEN", Show(Paper.File(), CommandWords.Initialize, news with { Diffs = [diff with { IsNews = false }] }), StringComparison.Ordinal);
        Assert.Empty(Show(Paper.File(Detail.Quiet), CommandWords.Initialize, news));
    }

    [Fact]
    public void Quiet_leaves_errors_and_plans_only()
    {
        var done = Specimens.Report(1, Outcome.Done, Specimens.FirstUp) with { Notes = ["A note."] };

        Assert.Empty(Show(Paper.File(Detail.Quiet), CommandWords.Up, done));
        Assert.Contains(
            "taken by node", Show(Paper.File(Detail.Quiet), CommandWords.Up, Specimens.Failed(1, ExitCode.PortTaken)), StringComparison.Ordinal);
        Assert.Contains(
            "start service", Show(Paper.File(Detail.Quiet), CommandWords.Up, Specimens.Report(1, Outcome.Planned, Specimens.FirstUp)), StringComparison.Ordinal);
    }

    [Fact]
    public void With_json_only_failures_are_told_and_not_on_standard_output()
    {
        var paper = Paper.File(isJson: true);
        Show(paper, CommandWords.Up, Specimens.Report(1, Outcome.Planned, Specimens.FirstUp), Specimens.Failed(2, ExitCode.NotReady));

        Assert.Empty(paper.Data);
        Assert.StartsWith("✘ Instance 2 (shipsec-dev-2) failed after 8.2 s:", paper.Messages, StringComparison.Ordinal);
    }

    private static string Show(Paper paper, CommandWords words, params OperationReport[] reports)
    {
        new ReportText(paper.Output, words, Next).Write(reports, repeatsNotes: true);
        return paper.Data + paper.Messages;
    }
}
