using Build.Tests.Rendering;
using Commands;
using InstanceKit;
using InstanceKit.Reconcile;
using Rendering.Progress;
using Xunit;

namespace Build.Tests.Commands;

public sealed class ReportSequenceTests
{
    private static readonly Operation Write = new(OperationKind.WriteFile, "a.env", "--force");
    private static readonly Operation Keep = new(OperationKind.KeepFile, "a.env", "was edited");
    private static readonly Operation Start = new(OperationKind.StartService, "postgres", "no container");

    [Fact]
    public void Says_what_both_did_as_one_report()
    {
        var joined = Assert.Single(ReportSequence.Join(
            [Specimens.Report(1, Outcome.Done, Write) with { Notes = ["x"] }],
            [Specimens.Report(1, Outcome.Done, Start) with { Notes = ["x", "y"], Status = Specimens.Ready(1) }]));

        Assert.Equal([Write, Start], joined.Plan.Operations);
        Assert.Equal(["x", "y"], joined.Notes);
        Assert.Equal(TimeSpan.FromSeconds(16.48), joined.Elapsed);
        Assert.NotNull(joined.Status);
    }

    [Fact]
    public void What_the_second_plans_for_a_file_once_more_is_dropped()
    {
        var joined = Assert.Single(ReportSequence.Join(
            [Specimens.Report(1, Outcome.Planned, Write)], [Specimens.Report(1, Outcome.Planned, Keep, Start)]));

        Assert.Equal([Write, Start], joined.Plan.Operations);
    }

    [Fact]
    public void Notes_of_the_first_are_not_shown_again()
    {
        var shown = new List<string>();
        var progress = ReportSequence.WithoutNotesOf(
            [Specimens.Report(1, Outcome.Done) with { Notes = ["x"] }], new EventSink(e => shown.Add($"{e.Instance} {e.Kind} {e.Message}")));

        progress.Report(new InstanceEvent(1, InstanceEventKind.Note, "files", "x"));
        progress.Report(new InstanceEvent(2, InstanceEventKind.Note, "files", "x"));
        progress.Report(new InstanceEvent(1, InstanceEventKind.Note, "files", "y"));
        progress.Report(new InstanceEvent(1, InstanceEventKind.Step, "files", "x"));

        Assert.Equal(["2 Note x", "1 Note y", "1 Step x"], shown);
    }

    [Theory]
    [InlineData(Outcome.Unchanged, Outcome.Unchanged, Outcome.Unchanged)]
    [InlineData(Outcome.Done, Outcome.Unchanged, Outcome.Done)]
    [InlineData(Outcome.Unchanged, Outcome.Done, Outcome.Done)]
    [InlineData(Outcome.Done, Outcome.Failed, Outcome.Failed)]
    public void Is_unchanged_only_when_both_are(Outcome first, Outcome then, Outcome expected) => Assert.Equal(
        expected, Assert.Single(ReportSequence.Join([Specimens.Report(1, first)], [Specimens.Report(1, then)])).Outcome);

    [Fact]
    public void Keeps_the_order_and_the_failures_of_the_first()
    {
        var joined = ReportSequence.Join(
            [Specimens.Failed(1, ExitCode.Usage), Specimens.Report(2, Outcome.Done)], [Specimens.Report(2, Outcome.Done)]);

        Assert.Equal([1, 2], joined.Select(r => r.Instance));
        Assert.Equal(Outcome.Failed, joined[0].Outcome);
    }

    [Fact]
    public void Is_the_second_alone_when_there_was_no_first() =>
        Assert.Single(ReportSequence.Join([], [Specimens.Report(2, Outcome.Done)]));
}
