using InstanceKit.Observing;
using InstanceKit.Platform;
using InstanceKit.Reconcile;

namespace InstanceKit.Verbs;

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
