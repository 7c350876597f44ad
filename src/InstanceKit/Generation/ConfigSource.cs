using InstanceKit.Instances;

namespace InstanceKit.Generation;

/// <summary>A file of the workspace that is given to a service and may address the stack.</summary>
/// <param name="Service">The service; empty for one of several.</param>
/// <param name="Target">Its path in the container; empty where each service may choose one.</param>
/// <param name="Path">Its path, relative to the workspace.</param>
/// <param name="Text">Its whole text.</param>
/// <param name="IsReadOnly">Whether the container may only read it.</param>
/// <param name="Audience">Who may use it: a copy is neither more nor less open than the original.</param>
public sealed record ConfigSource(
    string Service, string Target, string Path, string Text, bool IsReadOnly, FileAudience Audience)
{
    /// <inheritdoc cref="Stacks.ComposeMount.Relabel"/>
    public string? Relabel { get; init; }
}
