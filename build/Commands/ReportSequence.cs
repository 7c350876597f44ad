using InstanceKit.Lifecycle;
using InstanceKit.Planning;

namespace Commands;

/// <summary>Joins the reports of two commands of which the second went on where the first ended.</summary>
internal static class ReportSequence
{
    /// <summary>The reports of both, one for each instance, in the order of the first.</summary>
    /// <param name="first">What the first command did; it may have failed for some instances.</param>
    /// <param name="then">What the second did for the others.</param>
    public static IReadOnlyList<OperationReport> Join(
        IReadOnlyList<OperationReport> first, IReadOnlyList<OperationReport> then) =>
    [
        .. first.Select(f => then.FirstOrDefault(t => t.Instance == f.Instance) is { } t ? Join(f, t) : f),
        .. then.Where(t => first.All(f => f.Instance != t.Instance)),
    ];

    private static OperationReport Join(OperationReport first, OperationReport then) => then with
    {
        Outcome = then.Outcome == Outcome.Unchanged ? first.Outcome : then.Outcome,
        Plan = Join(first.Plan, then.Plan),
        Notes = [.. first.Notes.Union(then.Notes, StringComparer.Ordinal)],
        Diffs = [.. first.Diffs.Concat(then.Diffs).DistinctBy(d => d.File)],
        Elapsed = first.Elapsed + then.Elapsed,
    };

    /// <summary>When nothing is touched, the second command plans once more what the first has planned for a file.</summary>
    private static OperationPlan Join(OperationPlan first, OperationPlan then)
    {
        var files = first.Operations.Where(IsAboutFile).Select(o => o.Target).ToHashSet(StringComparer.Ordinal);
        return first.Then(new OperationPlan([.. then.Operations.Where(o => !IsAboutFile(o) || !files.Contains(o.Target))]));
    }

    private static bool IsAboutFile(Operation operation) =>
        operation.Kind is OperationKind.WriteFile or OperationKind.KeepFile;
}
