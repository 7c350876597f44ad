namespace InstanceKit.Stacks;

/// <summary>A published port that the stack knows by name.</summary>
/// <param name="Name">The name that <c>Ports</c> prints: upper case, <c>TEMPORAL_UI</c>.</param>
/// <param name="Label">The name shown to people: "Temporal UI".</param>
/// <param name="BasePort">The port of instance 0, 1 to 65535.</param>
/// <param name="Owner">The service or app that publishes it.</param>
/// <param name="Scheme">The URL scheme of its endpoint, such as <c>http</c>; <see langword="null"/> for host:port.</param>
public sealed record NamedPort(string Name, string Label, int BasePort, PortOwner Owner, string? Scheme = null)
{
    /// <summary>
    /// The port inside the container; <see langword="null"/> for an app, or where the compose files say it. A service
    /// that only exposes it has it published by the instance.
    /// </summary>
    public int? TargetPort { get; init; }

    /// <summary>
    /// Whether it is base + instance × stride whatever else the stack publishes, as the specification promises of its
    /// eleven; any other is moved where two instances would meet.
    /// </summary>
    public bool IsFixed { get; init; }

    /// <summary>Further ports by which files of the workspace call it, such as one of earlier days: 19092.</summary>
    public IReadOnlyList<int> AlsoKnownAs { get; init; } = [];

    /// <summary><c>tcp</c> or <c>udp</c>.</summary>
    public string Protocol { get; init; } = "tcp";
}
