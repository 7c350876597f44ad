namespace InstanceKit.Instances;

/// <summary>A network or volume of the engine that has to do with a project.</summary>
/// <param name="Kind"><c>network</c> or <c>volume</c>.</param>
/// <param name="Name">Its name.</param>
public sealed record EngineResource(string Kind, string Name)
{
    /// <summary>The Compose project that its label names; <see langword="null"/> where Compose did not make it.</summary>
    public string? Project { get; init; }

    /// <summary>Whether it carries this tool's labels.</summary>
    public bool IsLabelled { get; init; }

    /// <summary>The workspace that its label names; <see langword="null"/> for none.</summary>
    public string? Workspace { get; init; }
}
