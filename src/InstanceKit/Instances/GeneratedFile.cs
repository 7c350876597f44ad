namespace InstanceKit.Instances;

/// <summary>A file of an instance as it should be.</summary>
/// <param name="Name">Its name in the instance's folder.</param>
/// <param name="Content">Its whole text.</param>
/// <param name="Source">What it was made from, relative to the workspace; <see langword="null"/> for none.</param>
public sealed record GeneratedFile(string Name, string Content, string? Source = null);
