using InstanceKit;
using InstanceKit.Reconcile;
using InstanceKit.Verbs;

namespace Cli;

/// <summary>The exit code for the results of several instances.</summary>
internal static class ReportOutcome
{
    /// <summary>
    /// 130 when the work was interrupted; else the code that all failures share, or 1 when they differ; 0 without any.
    /// </summary>
    public static ExitCode ExitCodeOf(IReadOnlyList<OperationReport> reports)
    {
        if (reports.Any(r => r.Outcome == Outcome.Interrupted))
            return ExitCode.Interrupted;
        var codes = reports.Where(r => r.Outcome == Outcome.Failed)
            .Select(r => r.Error?.ExitCode ?? ExitCode.Failed).Distinct().ToList();
        return codes switch
        {
            [] => ExitCode.Ok,
            [var only] => only,
            _ => ExitCode.Failed,
        };
    }
}
