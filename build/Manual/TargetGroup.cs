namespace Manual;

/// <summary>Targets that stand together in the manual.</summary>
/// <param name="Title">What they have in common: "Run instances".</param>
/// <param name="Pages">The targets, the most used one first.</param>
internal sealed record TargetGroup(string Title, IReadOnlyList<TargetPage> Pages);
