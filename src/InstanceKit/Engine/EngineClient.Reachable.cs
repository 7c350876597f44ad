using System.Net;

namespace InstanceKit.Engine;

/// <summary>Where containers are reached, whosever they are.</summary>
public sealed partial class EngineClient
{
    /// <summary>The addresses and published ports of all running containers.</summary>
    /// <exception cref="InstanceKitException">The engine does not answer.</exception>
    internal Task<IReadOnlyList<ReachableContainer>> ListReachableAsync(CancellationToken cancellation) =>
        ReadAsync(engine => ContainerReader.Reachable(engine.Get("/containers/json")), cancellation);

    /// <summary>The variables that a container was created with, as <c>NAME=value</c>; none when it is gone.</summary>
    /// <exception cref="InstanceKitException">The engine does not answer.</exception>
    internal Task<IReadOnlyList<string>> ReadVariablesAsync(string container, CancellationToken cancellation) =>
        ReadAsync(engine => engine.Get($"/containers/{container}/json") is { } answer ? ContainerReader.Variables(answer) : [], cancellation);
}

/// <summary>A running container, and where it is reached.</summary>
internal sealed record ReachableContainer
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its Compose project; <see langword="null"/> if Compose did not create it.</summary>
    public string? Project { get; init; }

    /// <summary>Its service; <see langword="null"/> if Compose did not create it.</summary>
    public string? Service { get; init; }

    /// <summary>The instance's number in its label; <see langword="null"/> without one.</summary>
    public int? Instance { get; init; }

    /// <summary>The workspace in its label; <see langword="null"/> without one.</summary>
    public string? Workspace { get; init; }

    /// <summary>Whose network it uses: <c>host</c>, <c>container:ID</c>, or the name of its own.</summary>
    public string NetworkMode { get; init; } = "";

    /// <summary>Its addresses on its networks.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>This host's addresses on its networks.</summary>
    public IReadOnlyList<IPAddress> Gateways { get; init; } = [];

    /// <summary>The addresses and TCP ports of this host that it publishes.</summary>
    public IReadOnlyList<IPEndPoint> Published { get; init; } = [];
}
