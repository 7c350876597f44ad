namespace Nuke.Common.CI;

/// <summary>A host on which nobody answers questions.</summary>
public interface IBuildServer
{
    string? Branch { get; }

    string? Commit { get; }
}
