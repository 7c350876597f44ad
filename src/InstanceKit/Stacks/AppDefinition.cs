namespace InstanceKit.Stacks;

/// <summary>An app of the workspace, run by PM2.</summary>
public sealed record AppDefinition
{
    /// <summary>The app's short name: <c>backend</c>. Its env file is named after it.</summary>
    public required string Name { get; init; }

    /// <summary>The app's folder, relative to the workspace.</summary>
    public required string Directory { get; init; }

    /// <summary>The name of the port it listens on; <see langword="null"/> for an app without one.</summary>
    public string? PortName { get; init; }

    /// <summary>Whether it is started only when the services are ready that its variables address.</summary>
    public bool WaitsForServices { get; init; } = true;

    /// <summary>
    /// Variables set for this app only, beside the stack's; values are templates, see <see cref="InstanceTemplate"/>.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; } = [];
}
