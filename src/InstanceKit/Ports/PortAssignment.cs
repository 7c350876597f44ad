using InstanceKit.Stacks;

namespace InstanceKit.Ports;

/// <summary>One port of one instance.</summary>
/// <param name="Name">The name that <c>Ports</c> prints.</param>
/// <param name="Label">The name shown to people.</param>
/// <param name="BasePort">The port of instance 0.</param>
/// <param name="Port">The instance's port, 1 to 65535.</param>
/// <param name="Owner">The service or app that publishes it.</param>
/// <param name="Scheme">The URL scheme of its endpoint; <see langword="null"/> for host:port.</param>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
/// <param name="Count">How many ports follow each other from this one on, see <see cref="PublishedPort.Count"/>.</param>
/// <param name="Reason">Why it is this number, for people: "base 9200 + 2; MINIO_API of instance 2 is 9200".</param>
public sealed record PortAssignment(
    string Name, string Label, int BasePort, int Port, PortOwner Owner, string? Scheme = null, string Protocol = "tcp",
    int Count = 1, string Reason = "")
{
    /// <summary>The address to use from this machine: <c>http://localhost:5273</c> or <c>localhost:7333</c>.</summary>
    public string Endpoint => Scheme is null ? $"localhost:{Port}" : $"{Scheme}://localhost:{Port}";
}
