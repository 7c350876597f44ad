namespace InstanceKit.Stacks;

/// <summary>How a service is run without Docker, as a stack says it.</summary>
/// <param name="Service">The service.</param>
/// <param name="Words">The program and its arguments; <c>{port}</c> and <c>{data}</c> are the instance's. At least one.</param>
/// <param name="TargetPort">The container's port whose instance port is <c>{port}</c>; the first published one when not given.</param>
public sealed record EmbeddedCommand(string Service, IReadOnlyList<string> Words, int? TargetPort = null);
