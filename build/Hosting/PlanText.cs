using Nuke.Common.Execution;

namespace Hosting;

/// <summary>The answer to <c>--plan</c>: what would run, in which order, and why.</summary>
internal static class PlanText
{
    public static IEnumerable<string> Lines(IReadOnlyCollection<ExecutableTarget> plan)
    {
        var number = 0;
        foreach (var target in plan)
            yield return $"{++number}. {target.Name}{Cause(target, plan)}";
    }

    private static string Cause(ExecutableTarget target, IReadOnlyCollection<ExecutableTarget> plan)
    {
        if (target.Invoked)
            return "";
        if (plan.FirstOrDefault(other => other.ExecutionDependencies.Contains(target)) is { } needing)
            return $", needed by {needing.Name}";
        if (plan.FirstOrDefault(other => other.Triggers.Contains(target)) is { } triggering)
            return $", triggered by {triggering.Name}";
        return target.IsDefault ? ", the default" : "";
    }
}
