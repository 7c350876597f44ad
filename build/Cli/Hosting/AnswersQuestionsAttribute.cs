using Nuke.Common;
using Nuke.Common.Execution;

namespace Cli.Hosting;

/// <summary>
/// Puts the plan into the order of the call, and answers <c>--plan</c> and <c>--help</c> as plain text before the engine
/// does: NUKE would open a browser for the plan.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class AnswersQuestionsAttribute : BuildExtensionAttributeBase, IOnBuildInitialized
{
    // NUKE's own answers have the priorities 10 and 5.
    public override float Priority { get; set; } = 20;

    public void OnBuildInitialized(
        IReadOnlyCollection<ExecutableTarget> executableTargets, IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
        var plan = TargetOrder.Apply(executionPlan, BuildProgram.CalledTargets);
        ((NukeBuild)Build).ExecutionPlan = plan;
        if (Build.Help) // set by a variable: the command line was handled before
            Environment.Exit(HelpText.Write(BuildProgram.Handbook(), ParameterCatalog.Of(Build.GetType())));
        if (!Build.Plan)
            return;
        foreach (var line in PlanText.Lines(plan))
            BuildStreams.Data.WriteLine(line);
        Environment.Exit(0);
    }
}

/// <summary>The output of <c>--plan</c>: what would run, in which order, and why.</summary>
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

/// <summary>
/// Runs targets in call order. NUKE orders targets that do not depend on each other by
/// their place in the class, last one first, so that <c>Clean Up</c> could become Up, then Clean.
/// </summary>
internal static class TargetOrder
{
    /// <summary>The same targets, each after its dependencies, else in the order of the names.</summary>
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
