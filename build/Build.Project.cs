using Nuke.Common;
using Nuke.Common.ProjectModel;
using Nuke.Common.Tooling;
using Nuke.Common.Tools.DotNet;
using Nuke.Components;
using Output;

internal sealed partial class Build : ITest
{
    private const string FaultTests = "InstanceKit.IntegrationTests";

    [Parameter("Makes Test run all fault scenarios, and nothing else, and print a table.")]
    public bool Faults { get; private set; }

    private readonly DateTime _begun = DateTime.UtcNow;

    /// <summary>The test projects of the solution; for <c>--faults</c> the one that has them.</summary>
    IEnumerable<Project> ITest.TestProjects =>
        ((IHazSolution)this).Solution.AllProjects.Where(project => Faults ? project.Name == FaultTests : project.Name.EndsWith("Tests", StringComparison.Ordinal));

    /// <summary>Either all fault scenarios, or all tests with the quick ones of them. Their trait is set by FaultAttribute.</summary>
    Configure<DotNetTestSettings> ITest.TestSettings =>
        settings => settings.SetFilter(Faults ? "Fault=quick|Fault=slow" : "Fault!=slow");

    /// <summary>The table of faults.</summary>
    void ITest.ReportTestResults()
    {
        if (!Faults)
            return;
        var table = FaultTable.Read(Path.Combine(RootDirectory.ToString(), "artifacts", "faults"), _begun);
        Console.Write(table.ToText());
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
            table.WriteInto(Path.Combine(RootDirectory.ToString(), "docs", "reliability.md"));
    }

    /// <summary>Compiling and testing have steps worth announcing.</summary>
    protected override bool IsTalkative =>
        base.IsTalkative || ExecutionPlan.Any(target => target.Name is nameof(ITest.Restore) or nameof(ITest.Compile));
}
