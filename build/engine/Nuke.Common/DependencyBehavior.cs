namespace Nuke.Common;

/// <summary>Whether the dependencies of a skipped target that nothing else needs are skipped with it.</summary>
public enum DependencyBehavior { Skip, Execute }
