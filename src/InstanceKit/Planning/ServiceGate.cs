namespace InstanceKit.Planning;

/// <summary>What a service waits for before it is started: another service in some condition.</summary>
/// <param name="Service">The other service.</param>
/// <param name="Condition">The condition in the words of the compose specification, such as <c>service_healthy</c>.</param>
public sealed record ServiceGate(string Service, string Condition)
{
    /// <summary>It runs.</summary>
    public const string Started = "service_started";

    /// <summary>Its health check passes.</summary>
    public const string Healthy = "service_healthy";

    /// <summary>It has ended with exit code 0.</summary>
    public const string Completed = "service_completed_successfully";

    /// <summary>Whether the condition holds; one that has no health check counts as healthy once it runs.</summary>
    /// <param name="container">The other service's container, or <see langword="null"/>.</param>
    public bool IsMet(ObservedContainer? container) => Condition switch
    {
        Healthy => container is { State: ContainerState.Running, Health: ContainerHealth.None or ContainerHealth.Healthy }
            or { State: ContainerState.Running, PassesHealthTest: true },
        Completed => container is { State: ContainerState.Exited, ExitCode: 0 },
        _ => container is { State: ContainerState.Running or ContainerState.Restarting or ContainerState.Exited },
    };

    /// <summary>Whether waiting won't help: Compose itself has the words for it.</summary>
    /// <param name="container">The other service's container, or <see langword="null"/>.</param>
    public bool IsHopeless(ObservedContainer? container) => Condition switch
    {
        Healthy => container is { Health: ContainerHealth.Unhealthy } or { State: ContainerState.Exited, StaysEnded: true },
        Completed => container is { State: ContainerState.Exited, StaysEnded: true, ExitCode: not 0 },
        _ => false,
    };
}
