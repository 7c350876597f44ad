namespace Nuke.Common;

/// <summary>What happens to the dependencies of a target that is skipped.</summary>
public enum DependencyBehavior
{
    /// <summary>Dependencies that no other target needs are skipped with it.</summary>
    Skip,

    /// <summary>Dependencies run nevertheless.</summary>
    Execute,
}
