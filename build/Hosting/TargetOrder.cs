using Nuke.Common.Execution;

namespace Hosting;

/// <summary>
/// Lets targets run in the order in which they were called. NUKE orders targets that do not depend on each other by
/// their place in the class, last one first, so that <c>Clean Up</c> could become Up, then Clean.
/// </summary>
internal static class TargetOrder
{
    /// <summary>The same targets, each after those that it has to follow, else in the order of the names.</summary>
    public static IReadOnlyCollection<ExecutableTarget> Apply(
        IReadOnlyCollection<ExecutableTarget> plan, IReadOnlyList<string> called)
    {
        var ordered = new List<ExecutableTarget>();
        var names = called.Select(name => name.Replace("-", "", StringComparison.Ordinal));
        var first = names.Select(name => plan.First(target => target.Name.Equals(name, StringComparison.OrdinalIgnoreCase)));
        foreach (var target in first.Concat(plan))
            Add(target);
        return ordered;

        void Add(ExecutableTarget target)
        {
            if (ordered.Contains(target))
                return;
            foreach (var other in plan.Where(target.AllDependencies.Contains))
                Add(other);
            ordered.Add(target);
        }
    }
}
