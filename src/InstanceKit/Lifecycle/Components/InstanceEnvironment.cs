using InstanceKit.Instances;

namespace InstanceKit.Lifecycle;

/// <summary>The variables of an instance, or of one of its services or apps.</summary>
/// <param name="Spec">The instance.</param>
/// <param name="Component">The service or app; <see langword="null"/> for what is common to the instance.</param>
/// <param name="Variables">The variables, by name; what the workspace's own files hold of secrets is among them.</param>
public sealed record InstanceEnvironment(
    InstanceSpec Spec, string? Component, IReadOnlyList<KeyValuePair<string, string>> Variables);
