namespace InstanceKit.Planning;

/// <summary>The changes that lead from what is observed to what is desired, in order.</summary>
/// <param name="Operations">The changes.</param>
public sealed record OperationPlan(IReadOnlyList<Operation> Operations)
{
    /// <summary>Whether nothing has to change.</summary>
    public bool IsEmpty => Operations.All(o => o.Kind == OperationKind.KeepFile);

    /// <summary>The targets of one kind of change.</summary>
    public IReadOnlyList<string> TargetsOf(OperationKind kind) =>
        [.. Operations.Where(o => o.Kind == kind).Select(o => o.Target)];

    /// <summary>This plan, and then another.</summary>
    public OperationPlan Then(OperationPlan next) => new([.. Operations, .. next.Operations]);

    /// <summary>One operation a line.</summary>
    public override string ToString() => string.Concat(Operations.Select(o => $"{o}\n"));
}
