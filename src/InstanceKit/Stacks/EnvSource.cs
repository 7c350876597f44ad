namespace InstanceKit.Stacks;

/// <summary>The env file of the workspace from which an app's env file is generated.</summary>
/// <param name="Path">Its path, relative to the workspace: <c>backend/.env</c> or <c>backend/.env.example</c>.</param>
/// <param name="Text">Its text.</param>
public sealed record EnvSource(string Path, string Text)
{
    /// <summary>The names of the other env files that dev servers and loaders read; of one key, the last counts.</summary>
    public static IReadOnlyList<string> LayerNames { get; } = [".env.development", ".env.local", ".env.development.local"];

    /// <summary>The other existing env files of the app, in the order of <see cref="LayerNames"/>.</summary>
    public IReadOnlyList<EnvSource> Layers { get; init; } = [];
}
