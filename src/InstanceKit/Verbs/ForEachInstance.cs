using System.Diagnostics;
using InstanceKit.Instances;
using InstanceKit.Reconcile;

namespace InstanceKit.Verbs;

/// <summary>Runs a verb on several instances side by side. Whatever happens to one, the others run on and are reported.</summary>
internal static class ForEachInstance
{
    /// <summary>Runs it.</summary>
    /// <param name="atOnce">How many instances are processed concurrently.</param>
    /// <returns>As many reports as instances, in their order.</returns>
    public static async Task<IReadOnlyList<OperationReport>> RunAsync(
        IReadOnlyList<InstanceSpec> specs, IProgress<InstanceEvent> progress,
        Func<InstanceSpec, InstanceProgress, CancellationToken, Task<VerbResult>> verb, int atOnce, CancellationToken cancellation)
    {
        using var places = new SemaphoreSlim(Math.Max(1, atOnce));
        return await Task.WhenAll(specs.Select(async spec =>
        {
            await places.WaitAsync(CancellationToken.None);
            try
            {
                return await RunAsync(spec, new InstanceProgress(spec.Number, progress), verb, cancellation);
            }
            finally
            {
                places.Release();
            }
        }));
    }

    private static async Task<OperationReport> RunAsync(
        InstanceSpec spec, InstanceProgress progress, Func<InstanceSpec, InstanceProgress, CancellationToken, Task<VerbResult>> verb,
        CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var report = OperationReport.Begin(spec.Number, spec.Project);
        try
        {
            cancellation.ThrowIfCancellationRequested();
            var result = await verb(spec, progress, cancellation);
            report = report with { Outcome = result.Outcome, Plan = result.Plan, Status = result.Status };
        }
        catch (Exception e) when (report.EndedBy(e, cancellation) is var ended)
        {
            report = ended;
        }

        progress.Ended(report.Outcome);
        return report with { Notes = progress.Notes, Diffs = progress.Diffs, Elapsed = Stopwatch.GetElapsedTime(start) };
    }
}
