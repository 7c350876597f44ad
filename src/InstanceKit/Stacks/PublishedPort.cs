namespace InstanceKit.Stacks;

/// <summary>A port that a service publishes on the host, as its compose files say.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="TargetPort">The port inside the container.</param>
/// <param name="BasePort">The port on the host; <see langword="null"/> where the engine picks a free one.</param>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
/// <param name="HostAddress">The host address it is bound to; <see langword="null"/> for all.</param>
/// <param name="Count">
/// How many ports follow each other from the base port on, for one target port: the engine takes a free one of them.
/// </param>
public sealed record PublishedPort(
    string Service, int TargetPort, int? BasePort, string Protocol = "tcp", string? HostAddress = null, int Count = 1);
