namespace InstanceKit.Instances;

/// <summary>What the container of a service needs to be of use, as the compose files say; kept so that <c>Status</c> needs no Compose.</summary>
/// <param name="Service">The service.</param>
public sealed record ExpectedContainer(string Service)
{
    /// <summary>The number in the label of its instance; <see langword="null"/> where the compose files don't set that label.</summary>
    public string? Label { get; init; }

    /// <summary>The engine's names of its networks. On each the container must be reachable by the service's name.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>The host ports that it publishes, as <c>25432/tcp</c>, or <c>27000-27009/udp</c> where any port of a range will do.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>Why it is not done when it has ended with exit code 0: "it publishes port 25432"; <see langword="null"/> for no reason.</summary>
    public string? MustRun { get; init; }

    /// <summary>Whether other services wait for its end (<c>service_completed_successfully</c>).</summary>
    public bool IsOneShot { get; init; }
}
