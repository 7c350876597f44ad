using Nuke.Common.ProjectModel;
using Nuke.Components;

internal sealed partial class Build : ITest
{
    /// <summary>The test projects of the solution.</summary>
    IEnumerable<Project> ITest.TestProjects =>
        ((IHazSolution)this).Solution.AllProjects.Where(project => project.Name.EndsWith("Tests", StringComparison.Ordinal));

    /// <summary>Compiling and testing have steps worth announcing.</summary>
    protected override bool IsTalkative =>
        base.IsTalkative || ExecutionPlan.Any(target => target.Name is nameof(ITest.Restore) or nameof(ITest.Compile));
}
