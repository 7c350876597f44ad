namespace InstanceKit.Generation;

/// <summary>A file of the workspace that is mounted into a service and may address the stack.</summary>
/// <param name="Service">The service.</param>
/// <param name="Target">Its path in the container.</param>
/// <param name="Path">Its path, relative to the workspace.</param>
/// <param name="Text">Its whole text.</param>
/// <param name="IsReadOnly">Whether the container may only read it.</param>
/// <param name="IsExecutable">Whether it is a program.</param>
public sealed record ConfigSource(
    string Service, string Target, string Path, string Text, bool IsReadOnly, bool IsExecutable);
