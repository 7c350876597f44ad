using InstanceKit.Planning;

namespace InstanceKit.Status;

/// <summary>Whether something can be used, and why not.</summary>
public enum ReadyState
{
    /// <summary>It can be used.</summary>
    Ready,

    /// <summary>Not yet; waiting may help.</summary>
    Waiting,

    /// <summary>Waiting won't help.</summary>
    Failed,

    /// <summary>It is not meant to run now.</summary>
    Stopped,

    /// <summary>It can't run on this machine, and nothing waits for it.</summary>
    Skipped,
}

/// <summary>Readiness, always with its reason.</summary>
/// <param name="State">Whether it can be used.</param>
/// <param name="Reason">Why: "healthy", "exited with code 1", "listens on 3312, not on 3311".</param>
public sealed record Readiness(ReadyState State, string Reason)
{
    /// <summary>A container that was started again this often while it was waited for will not become ready.</summary>
    public const int HopelessRestarts = 3;

    /// <summary>Whether it can be used.</summary>
    public bool IsReady => State == ReadyState.Ready;

    /// <summary>Whether nothing waits for it any more: it can be used, or never will be here.</summary>
    public bool IsSettled => State is ReadyState.Ready or ReadyState.Skipped;

    /// <summary>The readiness of a service, from its container.</summary>
    /// <remarks>A service that ends by itself with exit code 0 has done its work: it is ready.</remarks>
    /// <param name="container">What the engine says, or <see langword="null"/>.</param>
    /// <param name="now">The present time, for how long it has run.</param>
    public static Readiness OfService(ObservedContainer? container, DateTimeOffset now) => container switch
    {
        null => new(ReadyState.Stopped, "no container"),
        { Skipped: { } reason } => new(ReadyState.Skipped, $"skipped: {reason}"),
        { State: ContainerState.Running, Health: ContainerHealth.None, RestartCount: > 0 } when !HasStayed(container.StartedAt, now) =>
            new(ReadyState.Waiting, $"just started again ({container.RestartCount} restarts)"),
        { State: ContainerState.Running, Health: ContainerHealth.None } => new(ReadyState.Ready, "running"),
        { State: ContainerState.Running, Health: ContainerHealth.Healthy } => new(ReadyState.Ready, "healthy"),
        { State: ContainerState.Running, Health: ContainerHealth.Starting, PassesHealthTest: true } =>
            new(ReadyState.Ready, "its health check passes"),
        { State: ContainerState.Running, Health: ContainerHealth.Unhealthy } => new(ReadyState.Waiting, "unhealthy"),
        { State: ContainerState.Running } => new(ReadyState.Waiting, "health check has not passed yet"),
        { State: ContainerState.Exited, ExitCode: 0, StaysEnded: true } => new(ReadyState.Ready, "exited with code 0"),
        { State: ContainerState.Exited, StaysEnded: true } => Failed(container),
        { State: ContainerState.Restarting, RestartCount: >= HopelessRestarts } => Failed(container),
        { State: ContainerState.Restarting } =>
            new(ReadyState.Waiting, $"restarting after exit code {container.ExitCode}"),
        { State: ContainerState.Created } => new(ReadyState.Waiting, "created, not started"),
        { State: ContainerState.Exited } => new(ReadyState.Stopped, $"exited with code {container.ExitCode}"),
        _ => new(ReadyState.Stopped, StateWord.Of(container.State)),
    };

    /// <summary>The readiness of an app, from its process.</summary>
    /// <param name="process">What PM2 says, or <see langword="null"/>.</param>
    /// <param name="port">The port it must listen on itself; <see langword="null"/> for an app without one.</param>
    /// <param name="now">The present time, for how long it has run.</param>
    public static Readiness OfApp(ObservedProcess? process, int? port, DateTimeOffset now) => process switch
    {
        null => new(ReadyState.Stopped, "no process"),
        { State: ProcessState.Errored } => new(ReadyState.Failed, $"PM2 gave up after {process.Restarts} restarts"),
        { State: ProcessState.Stopped } => new(ReadyState.Stopped, "stopped"),
        { IsOnline: false } => new(ReadyState.Waiting, StateWord.Of(process.State)),
        { Restarts: >= HopelessRestarts } when !ListensOn(process, port) && !HasStayed(process.StartedAt, now) =>
            new(ReadyState.Failed, $"it ends again and again ({process.Restarts} restarts)"),
        _ when port is { } wanted => OfListener(process, wanted),
        _ => HasStayed(process.StartedAt, now) ? new(ReadyState.Ready, "online") : new(ReadyState.Waiting, "just started"),
    };

    private static Readiness OfListener(ObservedProcess process, int port)
    {
        if (process.ListensOn.Contains(port))
            return new(ReadyState.Ready, $"listens on {port}");
        var others = string.Join(", ", process.ListensOn.Order());
        return new(ReadyState.Waiting, others.Length == 0 ? $"does not listen on {port} yet" : $"listens on {others}, not on {port}");
    }

    /// <summary>What nothing else vouches for counts as started once it has lived for this long.</summary>
    private static bool HasStayed(DateTimeOffset? startedAt, DateTimeOffset now) =>
        startedAt is { } start && now - start >= TimeSpan.FromSeconds(1);

    private static bool ListensOn(ObservedProcess process, int? port) =>
        port is { } wanted && process.ListensOn.Contains(wanted);

    private static Readiness Failed(ObservedContainer container) =>
        new(ReadyState.Failed, $"exited with code {container.ExitCode}"
            + (container.RestartCount > 0 ? $" and was restarted {container.RestartCount} times" : ""));
}
