using System.Diagnostics;
using InstanceKit.Instances;
using InstanceKit.Observing;
using InstanceKit.Platform;
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
                return await RunAsync(spec, new InstanceProgress(spec.Number, progress, spec.Stack.IsShared), verb, cancellation);
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

/// <summary>What a verb did to an instance when it did not fail.</summary>
internal sealed record VerbResult(Outcome Outcome, OperationPlan Plan, InstanceStatus? Status = null)
{
    /// <summary>Together with what happened to shared services.</summary>
    /// <param name="shared">What happened; <see langword="null"/> for nothing.</param>
    /// <param name="names">The services.</param>
    public VerbResult With(VerbResult? shared, IReadOnlyCollection<string> names) => shared is null ? this : this with
    {
        Outcome = Outcome == Outcome.Unchanged ? shared.Outcome : Outcome,
        Plan = new OperationPlan([.. shared.Plan.Operations, .. Plan.Operations]),
        Status = shared.Status is { } infrastructure ? Status?.WithShared(infrastructure, names) : Status,
    };
}

/// <summary>What a command did to one instance.</summary>
public sealed record OperationReport
{
    /// <summary>The instance's number.</summary>
    public required int Instance { get; init; }

    /// <summary>Its Compose project.</summary>
    public required string Project { get; init; }

    /// <summary>The outcome.</summary>
    public required Outcome Outcome { get; init; }

    /// <summary>The changes, made or planned, each with its cause.</summary>
    public required OperationPlan Plan { get; init; }

    /// <summary>Notes for the user.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>How edited files differ from what would be written.</summary>
    public IReadOnlyList<FileDiff> Diffs { get; init; } = [];

    /// <summary>The final status of the instance; only after <c>Up</c>.</summary>
    public InstanceStatus? Status { get; init; }

    /// <summary>Why it failed; only with <see cref="Outcome.Failed"/>.</summary>
    public InstanceKitException? Error { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The report of a command that has done nothing yet.</summary>
    internal static OperationReport Begin(int instance, string project) => new()
    {
        Instance = instance, Project = project, Outcome = Outcome.Failed, Plan = new OperationPlan([]),
    };

    /// <summary>The report of a command that an exception ended, whatever it is.</summary>
    internal OperationReport EndedBy(Exception cause, CancellationToken cancellation) => cause is OperationCanceledException && cancellation.IsCancellationRequested
        ? this with { Outcome = Outcome.Interrupted }
        : this with { Outcome = Outcome.Failed, Error = FileFailure.Of(cause) ?? InstanceKitException.Internal(cause) };
}
