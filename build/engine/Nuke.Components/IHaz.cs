using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.ProjectModel;

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
