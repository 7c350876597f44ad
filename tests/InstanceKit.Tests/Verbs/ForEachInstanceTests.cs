using InstanceKit.Instances;
using InstanceKit.Reconcile;
using InstanceKit.Verbs;
using Xunit;

namespace InstanceKit.Tests.Verbs;

/// <summary>Whatever happens to one instance, the reports of the others are there.</summary>
public sealed class ForEachInstanceTests : IProgress<InstanceEvent>
{
    private readonly List<string> _events = [];

    [Fact]
    public async Task No_failure_of_one_hides_the_reports_of_the_others()
    {
        using var user = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        var reports = await ForEachInstance.RunAsync(
            [.. Enumerable.Range(0, 6).Select(Studio.Spec)], this,
            async (spec, progress, c) =>
            {
                progress.Note("x", $"note {spec.Number}");
                if (spec.Number == 4)
                    await user.CancelAsync();
                return spec.Number switch
                {
                    1 => throw InstanceKitException.Usage("No."),
                    2 => throw new InvalidOperationException("of nowhere"),
                    3 => throw new UnauthorizedAccessException("Access to the path '/x/y' is denied."),
                    4 => throw new OperationCanceledException(c),
                    _ => new VerbResult(Outcome.Done, new OperationPlan([])),
                };
            }, atOnce: 1, user.Token);

        Assert.Equal(
            [Outcome.Done, Outcome.Failed, Outcome.Failed, Outcome.Failed, Outcome.Interrupted, Outcome.Interrupted], reports.Select(r => r.Outcome));
        Assert.Equal([0, 1, 2, 3, 4, 5], reports.Select(r => r.Instance));
        Assert.Equal("No.", reports[1].Error!.Message);
        Assert.Equal("Internal error: of nowhere (InvalidOperationException).", reports[2].Error!.Message);
        Assert.Contains("--verbosity verbose", reports[2].Error!.Remedy, StringComparison.Ordinal);
        Assert.Contains("'/x/y'", reports[3].Error!.Message, StringComparison.Ordinal);
        Assert.Equal(["note 2"], reports[2].Notes);
        Assert.Empty(reports[5].Notes); // cancelled before it began
        Assert.Equal(["done", "failed", "failed", "failed", "interrupted", "interrupted"], _events);
    }

    [Fact]
    public async Task A_time_out_that_nobody_asked_for_is_no_interruption()
    {
        var reports = await ForEachInstance.RunAsync(
            [Studio.Spec(1)], this, (_, _, _) => throw new TaskCanceledException(), 1, TestContext.Current.CancellationToken);

        Assert.Equal((Outcome.Failed, ExitCode.Failed), (reports[0].Outcome, reports[0].Error!.ExitCode));
    }

    void IProgress<InstanceEvent>.Report(InstanceEvent value)
    {
        if (value.Kind is InstanceEventKind.Ended)
            _events.Add(value.Message);
    }
}
