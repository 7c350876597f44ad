namespace InstanceKit.Generation;

/// <summary>The env file of the workspace that an app's env file is made from.</summary>
/// <param name="Path">Its path, relative to the workspace: <c>backend/.env</c> or <c>backend/.env.example</c>.</param>
/// <param name="Text">Its text.</param>
public sealed record EnvSource(string Path, string Text)
{
    /// <summary>The further env files beside the app that exist, in the order of <see cref="EnvLayers.Names"/>.</summary>
    public IReadOnlyList<EnvSource> Layers { get; init; } = [];
}
