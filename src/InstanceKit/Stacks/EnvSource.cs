namespace InstanceKit.Stacks;

/// <summary>The env file of the workspace from which an app's env file is generated.</summary>
/// <param name="Path">Its path, relative to the workspace: <c>backend/.env</c> or <c>backend/.env.example</c>.</param>
/// <param name="Text">Its text.</param>
public sealed record EnvSource(string Path, string Text)
{
    /// <summary>The names of the other env files that dev servers and loaders read; of one key, the last counts.</summary>
    public static IReadOnlyList<string> LayerNames { get; } = [".env.development", ".env.local", ".env.development.local"];

    /// <summary>
    /// Whether its values count only where nothing else sets them: the <c>.env</c> in the root of a monorepo, which loaders
    /// find from an app's folder.
    /// </summary>
    public bool IsFallback { get; init; }

    /// <summary>Variables of it that do not count, since something else sets them.</summary>
    public IReadOnlyList<string> Except { get; init; } = [];

    /// <summary>The other existing env files of the app, in the order of <see cref="LayerNames"/>.</summary>
    public IReadOnlyList<EnvSource> Layers { get; init; } = [];
}
