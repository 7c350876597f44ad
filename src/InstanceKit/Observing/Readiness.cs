using InstanceKit.Engine;
using InstanceKit.Pm2;
using InstanceKit.Reconcile;

namespace InstanceKit.Observing;

/// <summary>Whether something can be used, and why not.</summary>
public enum ReadyState
{
    /// <summary>It can be used.</summary>
    Ready,

    /// <summary>Not yet; waiting may help.</summary>
    Waiting,

    /// <summary>Waiting won't help.</summary>
    Failed,

    /// <summary>It is stopped.</summary>
    Stopped,

    /// <summary>It can't run on this machine, and nothing waits for it.</summary>
    Skipped,
}

/// <summary>Readiness, always with its reason.</summary>
/// <param name="State">Whether it can be used.</param>
/// <param name="Reason">Why: "healthy", "exited with code 1", "listens on 3312, not on 3311".</param>
public sealed record Readiness(ReadyState State, string Reason)
{
    /// <summary>What has been started again this often will not become ready.</summary>
    public const int CrashLoopRestarts = Reconciler.CrashLoopRestarts;

    /// <summary>What exited with an error must then run for at least this many times its previous run time.</summary>
    private const int ClearlyLonger = 2;

    // The limit for an app that had run for a long time before it crashed.
    private static readonly TimeSpan LongestProof = TimeSpan.FromMinutes(3);

    // Without another check, a process counts as started after this run time. PM2 also considers a shorter run unstable.
    private static readonly TimeSpan ShortestProof = TimeSpan.FromSeconds(1);

    /// <summary>Whether it can be used.</summary>
    public bool IsReady => State == ReadyState.Ready;

    /// <summary>Whether nothing waits for it any more: it can be used, or never will be here.</summary>
    public bool IsSettled => State is ReadyState.Ready or ReadyState.Skipped;

    /// <summary>The readiness of a service, from its container.</summary>
    /// <remarks>
    /// A service that exited with code 0 is ready only if it need not keep running, see
    /// <see cref="ObservedContainer.IsDone"/>. One without a health check that was started again three times or more is ready
    /// once it has run for twice its previous average run time, and at most three minutes; the average is that since
    /// the container was created.
    /// </remarks>
    /// <param name="container">The container from the engine, or <see langword="null"/>.</param>
    /// <param name="now">The present time, for how long it has run.</param>
    public static Readiness OfService(ObservedContainer? container, DateTimeOffset now) => container switch
    {
        null => new(ReadyState.Stopped, "no container"),
        { Skipped: { } reason } => new(ReadyState.Skipped, $"skipped: {reason}"),
        { Lacks: { } lack } => new(ReadyState.Failed, lack),
        { State: ContainerState.Running, Health: ContainerHealth.None, RestartCount: > 0 } when OfRestarts(container, now) is { } waiting => waiting,
        { State: ContainerState.Running, Health: ContainerHealth.None } => new(ReadyState.Ready, "running"),
        { State: ContainerState.Running, Health: ContainerHealth.Healthy } => new(ReadyState.Ready, "healthy"),
        { State: ContainerState.Running, Health: ContainerHealth.Starting, PassesHealthTest: true } =>
            new(ReadyState.Ready, "its health check passes"),
        { State: ContainerState.Running, Health: ContainerHealth.Unhealthy } => new(ReadyState.Waiting, "unhealthy"),
        { State: ContainerState.Running } => new(ReadyState.Waiting, "health check has not passed yet"),
        { IsDone: true } => new(ReadyState.Ready, "exited with code 0"),
        { State: ContainerState.Exited, ExitCode: 0 } => new(ReadyState.Stopped, "exited with code 0"),
        { State: ContainerState.Exited, StaysEnded: true } => new(ReadyState.Failed, $"exited with code {container.ExitCode}"
            + (container.RestartCount > 0 ? $" after {container.RestartCount} restarts" : "")),
        { State: ContainerState.Restarting } when container.RestartCount - container.EarlierRestarts >= CrashLoopRestarts =>
            new(ReadyState.Failed, $"crash loop: {container.RestartCount} restarts, last exit code {container.ExitCode}"),
        { State: ContainerState.Restarting } =>
            new(ReadyState.Waiting, $"restarting after exit code {container.ExitCode}"),
        { State: ContainerState.Created } => new(ReadyState.Waiting, "created, not started"),
        { State: ContainerState.Exited } => new(ReadyState.Stopped, $"exited with code {container.ExitCode}"),
        _ => new(ReadyState.Stopped, StateWord.Of(container.State)),
    };

    /// <summary>The readiness of an app, from its process.</summary>
    /// <remarks>
    /// <para>
    /// Crashes are judged by what happened since the last start by a command. PM2 records the time of
    /// that (<c>created_at</c>, updated by each <c>pm2 start</c>, <c>restart</c> and <c>reload</c>) and of the current run
    /// (<c>pm_uptime</c>). The time between them, divided by the number of restarts, is the previous average run time.
    /// An app that exited with an error is not ready until it has run for twice as long, and at least one second;
    /// three minutes are always enough. Status has only one observation, so the rule is stateless.
    /// </para>
    /// <para>
    /// While in doubt, an app that was started again three times or more is in a crash loop, even if it listens; after fewer
    /// restarts an app is ready if it listens on its port, and one without a port is not.
    /// </para>
    /// </remarks>
    /// <param name="process">The process from PM2, or <see langword="null"/>.</param>
    /// <param name="port">The port it must listen on itself; <see langword="null"/> for an app without one.</param>
    /// <param name="now">The present time, for how long it has run.</param>
    /// <param name="proof">The minimum run time of an app without a port if it was in a crash loop before this start.</param>
    public static Readiness OfApp(ObservedProcess? process, int? port, DateTimeOffset now, TimeSpan proof = default) => process switch
    {
        null => new(ReadyState.Stopped, "no process"),
        { State: ProcessState.Errored } => new(ReadyState.Failed, $"PM2 gave up after {process.Restarts} restarts"
            + (process.ExitCode is > 0 and { } code ? $", last exit code {code}" : "")),
        { State: ProcessState.Stopped } => new(ReadyState.Stopped, process.ExitCode is > 0 and { } code ? $"stopped, last exit code {code}" : "stopped"),
        _ when OfCrashes(process, port, now) is { } crashes => crashes,
        { IsOnline: false } => new(ReadyState.Waiting, StateWord.Of(process.State)),
        { Restarts: >= CrashLoopRestarts, RequestedAt: null } when !ListensOn(process, port) && !HasLived(process.StartedAt, ShortestProof, now) =>
            new(ReadyState.Failed, $"it exits repeatedly ({process.Restarts} restarts)"),
        _ when port is { } wanted => OfListener(process, wanted),
        _ when !HasLived(process.StartedAt, proof, now) =>
            new(ReadyState.Waiting, $"was in a crash loop before; ready once it has run for {proof.TotalSeconds:0} s"),
        _ => HasLived(process.StartedAt, ShortestProof, now) ? new(ReadyState.Ready, "online") : new(ReadyState.Waiting, "just started"),
    };

    /// <summary>How long an app that exited with an error since its last start must run before it counts as ready.</summary>
    /// <returns><see langword="null"/> for an app that did not exit with an error since then.</returns>
    public static TimeSpan? ProofOf(ObservedProcess process)
    {
        ArgumentNullException.ThrowIfNull(process);
        if (process is not { ExitCode: > 0, Restarts: > 0, RequestedAt: { } asked, StartedAt: { } started })
            return null;
        // pm2 restart leaves an exit code, too: that of the process it stopped, within a moment.
        var lived = started - asked;
        if (process.EarlyEnds == 0 && lived < ShortestProof)
            return null;
        var proof = lived / process.Restarts * ClearlyLonger;
        return proof < ShortestProof ? ShortestProof : proof > LongestProof ? LongestProof : proof;
    }

    private static Readiness? OfCrashes(ObservedProcess process, int? port, DateTimeOffset now)
    {
        if (ProofOf(process) is not { } proof || (process.IsOnline && HasLived(process.StartedAt, proof, now)))
            return null;
        if (process.Restarts >= CrashLoopRestarts)
            return new(ReadyState.Failed, $"crash loop: {process.Restarts} restarts, last exit code {process.ExitCode}");
        return process.IsOnline && port is null
            ? new(ReadyState.Waiting, $"exited with code {process.ExitCode} before; ready once it has run for {proof.TotalSeconds:0} s")
            : null;
    }

    private static Readiness? OfRestarts(ObservedContainer container, DateTimeOffset now)
    {
        if (!HasLived(container.StartedAt, ShortestProof, now))
            return new(ReadyState.Waiting, $"just started again ({container.RestartCount} restarts)");
        if (container is not { RestartCount: >= CrashLoopRestarts, CreatedAt: { } created, StartedAt: { } started })
            return null;
        var proof = (started - created) / container.RestartCount * ClearlyLonger;
        return proof > LongestProof || HasLived(started, proof, now)
            ? null
            : new(ReadyState.Waiting, $"restarted {container.RestartCount} times; ready once it has run for {proof.TotalSeconds:0} s");
    }

    private static Readiness OfListener(ObservedProcess process, int port)
    {
        if (process.ListensOn.Contains(port))
            return new(ReadyState.Ready, $"listens on {port}");
        var others = string.Join(", ", process.ListensOn.Order());
        return new(ReadyState.Waiting, others.Length == 0 ? $"does not listen on {port} yet" : $"listens on {others}, not on {port}");
    }

    private static bool HasLived(DateTimeOffset? startedAt, TimeSpan time, DateTimeOffset now) =>
        time == TimeSpan.Zero || (startedAt is { } start && now - start >= time);

    private static bool ListensOn(ObservedProcess process, int? port) =>
        port is { } wanted && process.ListensOn.Contains(wanted);
}
