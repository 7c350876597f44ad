using System.ComponentModel;
using System.Xml.Linq;
using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.ProjectModel;
using Nuke.Common.Tooling;
using Nuke.Common.Tools.DotNet;

namespace Nuke.Components;

/// <summary>A build with a solution.</summary>
public interface IHazSolution : INukeBuild
{
    [Solution] [Required] Solution Solution => TryGetValue(() => Solution)!;
}

/// <summary>A build with a configuration: Debug where a person works, Release on a server.</summary>
public interface IHazConfiguration : INukeBuild
{
    [Parameter]
    Configuration Configuration =>
        TryGetValue(() => Configuration) ?? (IsLocalBuild ? Configuration.Debug : Configuration.Release);
}

/// <summary>A build that leaves files for others.</summary>
public interface IHazArtifacts : INukeBuild
{
    AbsolutePath ArtifactsDirectory => RootDirectory / "artifacts";
}

/// <summary>Compiles the solution.</summary>
public interface ICompile : IRestore, IHazConfiguration
{
    Target Compile => _ => _
        .DependsOn(Restore)
        .WhenSkipped(DependencyBehavior.Skip)
        .Executes(() => DotNet.Run(
            this,
            ["build", Solution, "--configuration", Configuration, .. DotNet.Option("--no-restore", Succeeded(nameof(Restore)))]));

    internal sealed bool Succeeded(string target) => SucceededTargets.Any(one => one.Name == target);
}

/// <summary>Restores the packages of the solution.</summary>
public interface IRestore : IHazSolution
{
    Target Restore => _ => _
        .Executes(() => DotNet.Run(
            this, ["restore", Solution, .. DotNet.Option("--ignore-failed-sources", IgnoreFailedSources)]));

    [Parameter("Ignore unreachable sources during " + nameof(Restore))]
    bool IgnoreFailedSources => TryGetValue<bool?>(() => IgnoreFailedSources) ?? false;
}

/// <summary>The two configurations of a .NET build.</summary>
[TypeConverter(typeof(TypeConverter<Configuration>))]
public class Configuration : Enumeration
{
    public static readonly Configuration Debug = new() { Value = nameof(Debug) };
    public static readonly Configuration Release = new() { Value = nameof(Release) };

    public static implicit operator string(Configuration configuration) => configuration.Value;
}

/// <summary>Runs the test projects one after the other, all of them even when one fails, and leaves a TRX file of each.</summary>
public interface ITest : ICompile, IHazArtifacts
{
    AbsolutePath TestResultDirectory => ArtifactsDirectory / "test-results";

    Configure<DotNetTestSettings> TestSettings => settings => settings;

    IEnumerable<Project> TestProjects { get; }

    Target Test => _ => _
        .DependsOn(Compile)
        .Executes(() =>
        {
            var failed = TestProjects.Where(project => !Passes(project)).Select(project => project.Name).ToList();
            ReportTestResults();
            ReportTestCount();
            Assert.True(failed.Count == 0, $"Tests failed in {string.Join(", ", failed)}; see the output above.");
        });

    void ReportTestResults()
    {
    }

    private bool Passes(Project project)
    {
        // What a run of before has left must not count when this one does not even start.
        Directory.CreateDirectory(TestResultDirectory.ToString());
        File.Delete(ResultFile(project));
        var filter = TestSettings(new DotNetTestSettings()).Filter;
        return DotNet.Passes(this,
        [
            "test", project, "--configuration", Configuration, "--results-directory", TestResultDirectory.ToString(),
            "--logger", $"trx;LogFileName={project.Name}.trx",
            .. filter is null ? (string[])[] : ["--filter", filter],
            .. DotNet.Option("--no-build", Succeeded(nameof(Compile))),
        ]);
    }

    private void ReportTestCount()
    {
        var outcomes = TestProjects.Select(ResultFile).Where(File.Exists)
            .SelectMany(file => XDocument.Load(file).Descendants())
            .Where(element => element.Name.LocalName == "UnitTestResult")
            .CountBy(result => result.Attribute("outcome")?.Value ?? "")
            .ToDictionary();
        ReportSummary(_ => new[] { ("Failed", "Failed"), ("Passed", "Passed"), ("Skipped", "NotExecuted") }
            .Where(kind => outcomes.ContainsKey(kind.Item2))
            .ToDictionary(kind => kind.Item1, kind => $"{outcomes[kind.Item2]}"));
    }

    private string ResultFile(Project project) => (TestResultDirectory / $"{project.Name}.trx").ToString();
}
