namespace InstanceKit.Stacks;

/// <summary>An app of the workspace, run by PM2.</summary>
public sealed record AppDefinition
{
    private readonly IReadOnlyList<string>? _envFiles;

    /// <summary>The app's short name: <c>backend</c>. Its env file is named after it.</summary>
    public required string Name { get; init; }

    /// <summary>The app's folder, relative to the workspace.</summary>
    public required string Directory { get; init; }

    /// <summary>The name of the port it listens on; <see langword="null"/> for an app without one.</summary>
    public string? PortName { get; init; }

    /// <summary>The env files it may have, relative to the workspace: the first that exists is the instance's source.</summary>
    public IReadOnlyList<string> EnvFiles
    {
        get => _envFiles ?? [$"{Directory}/.env", $"{Directory}/.env.example"];
        init => _envFiles = value;
    }

    /// <summary>Whether it may have no env file at all.</summary>
    public bool MayLackEnvFile { get; init; }

    /// <summary>Its name in the workspace's PM2 config; <see langword="null"/> where that follows from the stack's names.</summary>
    public string? ConfigName { get; init; }

    /// <summary>What runs it where no PM2 config does, in its folder; <see langword="null"/> for <c>npm run dev</c>.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>
    /// Words added to what runs it, for an app that does not take its port from the environment; templates, see
    /// <see cref="InstanceTemplate"/>. <see langword="null"/> lets the dev server it starts decide.
    /// </summary>
    public IReadOnlyList<string>? PortArguments { get; init; }

    /// <summary>Whether it is started only when the services are ready that its variables address.</summary>
    public bool WaitsForServices { get; init; } = true;

    /// <summary>The services that it can do without: it is started although they are skipped.</summary>
    public IReadOnlyList<string> Optional { get; init; } = [];

    /// <summary>
    /// Variables set for this app only, beside the stack's; values are templates, see <see cref="InstanceTemplate"/>.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; } = [];
}
