using Nuke.Common;

namespace Nuke.Components;

/// <summary>Restores the packages of the solution.</summary>
public interface IRestore : IHazSolution
{
    Target Restore => _ => _
        .Executes(() => DotNet.Run(
            this, ["restore", Solution, .. DotNet.Option("--ignore-failed-sources", IgnoreFailedSources)]));

    [Parameter("Ignore unreachable sources during " + nameof(Restore))]
    bool IgnoreFailedSources => TryGetValue<bool?>(() => IgnoreFailedSources) ?? false;
}
