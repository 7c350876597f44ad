namespace InstanceKit.Drivers;

/// <summary>What Compose answered.</summary>
/// <param name="Model">The model as it printed it.</param>
/// <param name="Snapshot">What it was answered from; <see langword="null"/> when that can't be read.</param>
public sealed record ComposeAnswer(string Model, ComposeSnapshot? Snapshot);
