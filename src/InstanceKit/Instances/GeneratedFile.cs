namespace InstanceKit.Instances;

/// <summary>A file of an instance as it should be.</summary>
/// <param name="Name">Its name in the instance's folder.</param>
/// <param name="Content">Its whole text.</param>
/// <param name="Source">What it was made from, relative to the workspace; <see langword="null"/> for none.</param>
public sealed record GeneratedFile(string Name, string Content, string? Source = null)
{
    /// <summary>What else it was made from, relative to the workspace.</summary>
    public IReadOnlyList<string> FurtherSources { get; init; } = [];

    /// <summary>Who may use it, beside its owner.</summary>
    public FileAudience Audience { get; init; } = FileAudience.Owner;
}

/// <summary>Who may use a generated file. Programs in containers run as users of their own.</summary>
public enum FileAudience
{
    /// <summary>Its owner alone: it may hold secrets.</summary>
    Owner,

    /// <summary>Containers may read it.</summary>
    Containers,

    /// <summary>Containers may read and run it.</summary>
    ContainersRun,
}
