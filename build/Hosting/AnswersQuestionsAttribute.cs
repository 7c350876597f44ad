using Nuke.Common;
using Nuke.Common.Execution;

namespace Hosting;

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
        if (Build.Help) // said by a variable: the command line was answered before
            Environment.Exit(HelpText.Write(BuildProgram.Handbook(), ParameterCatalog.Of(Build.GetType())));
        if (!Build.Plan)
            return;
        foreach (var line in PlanText.Lines(plan))
            BuildStreams.Data.WriteLine(line);
        Environment.Exit(0);
    }
}
