using Build.Tests.Rendering;
using Cli;
using InstanceKit;
using InstanceKit.Reconcile;
using InstanceKit.Verbs;
using Xunit;

namespace Build.Tests.Commands;

public sealed class ReportOutcomeTests
{
    private static readonly OperationReport Fine = Specimens.Report(1, Outcome.Done);

    [Fact]
    public void Nothing_and_success_are_0()
    {
        Assert.Equal(ExitCode.Ok, ReportOutcome.ExitCodeOf([]));
        Assert.Equal(ExitCode.Ok, ReportOutcome.ExitCodeOf([Fine, Specimens.Report(2, Outcome.Planned), Specimens.Report(3, Outcome.Unchanged)]));
    }

    [Fact]
    public void A_code_that_all_failures_share_is_kept() =>
        Assert.Equal(ExitCode.PortTaken, ReportOutcome.ExitCodeOf([Fine, Specimens.Failed(2, ExitCode.PortTaken), Specimens.Failed(3, ExitCode.PortTaken)]));

    [Fact]
    public void Different_failures_are_1() =>
        Assert.Equal(ExitCode.Failed, ReportOutcome.ExitCodeOf([Specimens.Failed(2, ExitCode.PortTaken), Specimens.Failed(3, ExitCode.Locked)]));

    [Fact]
    public void An_interruption_is_130_whatever_else_happened() =>
        Assert.Equal(ExitCode.Interrupted, ReportOutcome.ExitCodeOf([Specimens.Failed(2, ExitCode.PortTaken), Specimens.Report(3, Outcome.Interrupted)]));
}
