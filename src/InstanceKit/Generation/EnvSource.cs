namespace InstanceKit.Generation;

/// <summary>The env file of the workspace that an app's env file is made from.</summary>
/// <param name="Path">Its path, relative to the workspace: <c>backend/.env</c> or <c>backend/.env.example</c>.</param>
/// <param name="Text">Its text.</param>
public sealed record EnvSource(string Path, string Text);
