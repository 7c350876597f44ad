using Nuke.Common;

namespace Nuke.Components;

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
