namespace Nuke.Common.Execution;

/// <summary>An attribute on the build class that takes part in the run.</summary>
public interface IBuildExtension
{
    /// <summary>Higher goes first.</summary>
    float Priority { get; }
}

/// <summary>Called once the plan is known and before anything runs.</summary>
public interface IOnBuildInitialized : IBuildExtension
{
    void OnBuildInitialized(
        IReadOnlyCollection<ExecutableTarget> executableTargets,
        IReadOnlyCollection<ExecutableTarget> executionPlan);
}

/// <summary>The base of such attributes.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class BuildExtensionAttributeBase : Attribute, IBuildExtension
{
    public INukeBuild Build { get; internal set; } = null!;

    public virtual float Priority { get; set; }
}
