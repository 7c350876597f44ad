namespace InstanceKit.Planning;

/// <summary>The state of one instance at one time, from the engine and PM2.</summary>
/// <param name="Containers">The project's containers.</param>
/// <param name="Processes">The apps' processes, as PM2 lists them.</param>
/// <param name="AppliedModel">The fingerprint of the compose model that was last carried out, or <see langword="null"/>.</param>
public sealed record ObservedState(
    IReadOnlyList<ObservedContainer> Containers,
    IReadOnlyList<ObservedProcess> Processes,
    string? AppliedModel)
{
    /// <summary>Nothing runs and nothing was ever carried out.</summary>
    public static ObservedState Nothing { get; } = new([], [], null);

    /// <summary>Why nothing is known of the services; <see langword="null"/> when it is.</summary>
    public InstanceKitException? ServicesFailure { get; init; }

    /// <summary>Why nothing is known of the apps; <see langword="null"/> when it is.</summary>
    public InstanceKitException? AppsFailure { get; init; }

    /// <summary>Whether anything runs, be it ready or not.</summary>
    public bool IsRunning =>
        Containers.Any(c => c is { State: ContainerState.Running or ContainerState.Restarting })
        || Processes.Any(p => p.State is ProcessState.Online or ProcessState.Launching or ProcessState.WaitingRestart);

    /// <summary>The same state, with the number of restarts before an earlier observation; those are not counted as failures.</summary>
    /// <param name="earlier">The earlier observation.</param>
    public ObservedState Since(ObservedState earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return this with
        {
            Containers =
            [
                .. Containers.Select(c => earlier.Containers.FirstOrDefault(e => e.Id == c.Id) is { RestartCount: > 0 and var count }
                    && c.RestartCount >= count ? c with { EarlierRestarts = count } : c),
            ],
        };
    }

    /// <summary>The container of a service, or <see langword="null"/>.</summary>
    public ObservedContainer? ContainerOf(string service) => Containers.FirstOrDefault(c => c.Service == service);

    /// <summary>The process with a PM2 name, or <see langword="null"/>.</summary>
    public ObservedProcess? ProcessOf(string name) => Processes.FirstOrDefault(p => p.Name == name);
}

/// <summary>The engine's state of a container.</summary>
public enum ContainerState
{
    /// <summary>Created, but never started, for example because a port is in use.</summary>
    Created,

    /// <summary>Running.</summary>
    Running,

    /// <summary>Ended, and about to be started again.</summary>
    Restarting,

    /// <summary>Frozen.</summary>
    Paused,

    /// <summary>Ended.</summary>
    Exited,

    /// <summary>Being removed, or in a state of no use.</summary>
    Dead,
}

/// <summary>The engine's word for a container's health check.</summary>
public enum ContainerHealth
{
    /// <summary>It has no health check.</summary>
    None,

    /// <summary>Not healthy yet, and not unhealthy.</summary>
    Starting,

    /// <summary>The check passes.</summary>
    Healthy,

    /// <summary>The check failed more often than it may.</summary>
    Unhealthy,
}

/// <summary>A container as the engine describes it.</summary>
public sealed record ObservedContainer
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The service it belongs to.</summary>
    public required string Service { get; init; }

    /// <summary>Its state.</summary>
    public required ContainerState State { get; init; }

    /// <summary>Its health.</summary>
    public ContainerHealth Health { get; init; }

    /// <summary>What its health check runs, in the engine's form; empty without one.</summary>
    public IReadOnlyList<string> HealthTest { get; init; } = [];

    /// <summary>Whether its health check passed when it was run on demand, before the engine's first run.</summary>
    public bool PassesHealthTest { get; init; }

    /// <summary>Its last exit code; meaningful when it has exited.</summary>
    public long ExitCode { get; init; }

    /// <summary>The engine's words on why it did not start; <see langword="null"/> for none.</summary>
    public string? Error { get; init; }

    /// <summary>How often the engine has restarted it since it was started.</summary>
    public long RestartCount { get; init; }

    /// <summary>How many of these were before the current command.</summary>
    public long EarlierRestarts { get; init; }

    /// <summary>Whether Compose manages it: Compose ignores containers without a configuration hash.</summary>
    public bool IsKnownToCompose { get; init; } = true;

    /// <summary>Whether its compose file sets a stop grace period.</summary>
    public bool HasStopTimeout { get; init; }

    /// <summary>Its first process on the engine's machine; 0 when it does not run.</summary>
    public int Pid { get; init; }

    /// <summary>Its resource usage; <see langword="null"/> when not measured.</summary>
    public ResourceUse? Use { get; init; }

    /// <summary>When it was created; <see langword="null"/> when unknown.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was last started; <see langword="null"/> before.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Whether its restart policy keeps it stopped after it has exited: <c>no</c>, or <c>on-failure</c> with no retries left.</summary>
    public bool StaysEnded { get; init; }

    /// <summary>Why it is skipped on this machine: "needs Docker"; <see langword="null"/> if it is not.</summary>
    public string? Skipped { get; init; }

    /// <summary>The TCP ports of the host that it publishes, ascending, as long as it runs.</summary>
    public IReadOnlyList<int> Published { get; init; } = [];

    /// <summary>The UDP ports of the host that it publishes, ascending, as long as it runs.</summary>
    public IReadOnlyList<int> PublishedUdp { get; init; } = [];

    /// <summary>The networks it is connected to, each with its names there.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Networks { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Its deviation from the service: "it is not connected to network N"; <see langword="null"/> for none.</summary>
    public string? Lacks { get; init; }

    /// <summary>Why exit code 0 does not mean that it is done: "it publishes port 25432"; <see langword="null"/> if it does.</summary>
    public string? MustRun { get; init; }

    /// <summary>Whether it is done: it exited with code 0, will not be restarted, and need not keep running.</summary>
    public bool IsDone => this is { State: ContainerState.Exited, ExitCode: 0, StaysEnded: true, MustRun: null, Lacks: null };

    /// <summary>The image that its service names.</summary>
    public string Image { get; init; } = "";

    /// <summary>Whether that name no longer refers to the image that it was created from: rebuilt, or removed.</summary>
    public bool HasOldImage { get; init; }

    /// <summary>The instance's number in its label; <see langword="null"/> without one.</summary>
    public string? Instance { get; init; }

    /// <summary>The published ports that it serves; <see langword="null"/> for all.</summary>
    public IReadOnlyList<int>? Serves { get; init; }

    /// <summary>
    /// The workspace that created it, from its label; the project directory where Compose was used by hand; or
    /// <see langword="null"/>.
    /// </summary>
    public string? Workspace { get; init; }

    /// <summary>Whether it carries no label of this tool: Compose was used by hand, or by another tool.</summary>
    public bool IsByHand { get; init; }

    /// <summary>The services that it needs, as Compose has noted on it.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];
}

/// <summary>The PM2 state of a process. Online means spawned, not listening.</summary>
public enum ProcessState
{
    /// <summary>A word that this library does not know.</summary>
    Unknown,

    /// <summary>Spawned.</summary>
    Online,

    /// <summary>Being spawned.</summary>
    Launching,

    /// <summary>Stopping.</summary>
    Stopping,

    /// <summary>Ended, and not to be started again.</summary>
    Stopped,

    /// <summary>Crashed too often; no longer restarted.</summary>
    Errored,

    /// <summary>Crashed, and to be started again after a delay.</summary>
    WaitingRestart,
}

/// <summary>A process of an app, as PM2 describes it.</summary>
public sealed record ObservedProcess
{
    /// <summary>Its PM2 name.</summary>
    public required string Name { get; init; }

    /// <summary>Its process id; 0 when it does not run.</summary>
    public required int Pid { get; init; }

    /// <summary>PM2's word for its state. Online means spawned, not listening.</summary>
    public required ProcessState State { get; init; }

    /// <summary>Whether PM2 reports it online.</summary>
    public bool IsOnline => State == ProcessState.Online;

    /// <summary>How often PM2 started it again, also at the request of <c>pm2 restart</c>.</summary>
    public int Restarts { get; init; }

    /// <summary>Its last exit code; <see langword="null"/> before its first exit. PM2 reports 0 for a signal.</summary>
    public int? ExitCode { get; init; }

    /// <summary>
    /// When it was last started by a command; <see langword="null"/> when unknown. PM2 keeps this time (<c>created_at</c>)
    /// when it restarts the app automatically.
    /// </summary>
    public DateTimeOffset? RequestedAt { get; init; }

    /// <summary>How often it has exited within a second since then.</summary>
    public int EarlyEnds { get; init; }

    /// <summary>When it was last started; <see langword="null"/> when unknown.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The workspace and project it belongs to, from its environment; <see langword="null"/> when it carries none.</summary>
    public string? Owner { get; init; }

    /// <summary>The fingerprint of the configuration it was started with; <see langword="null"/> when it carries none.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The resource usage of its process tree; <see langword="null"/> when it is not running.</summary>
    public ResourceUse? Use { get; init; }

    /// <summary>The ports that its process tree listens on.</summary>
    public IReadOnlyList<int> ListensOn { get; init; } = [];

    /// <summary>Those of its ports that it listens on for all interfaces of this host, each by the address it is bound to.</summary>
    public IReadOnlyDictionary<int, string> OpenToAll { get; init; } = new Dictionary<int, string>();
}

/// <summary>What a service waits for before it is started: another service in some condition.</summary>
/// <param name="Service">The other service.</param>
/// <param name="Condition">The condition as in the Compose specification, such as <c>service_healthy</c>.</param>
public sealed record ServiceGate(string Service, string Condition)
{
    /// <summary>It runs.</summary>
    public const string Started = "service_started";

    /// <summary>Its health check passes.</summary>
    public const string Healthy = "service_healthy";

    /// <summary>It has exited with code 0.</summary>
    public const string Completed = "service_completed_successfully";

    /// <summary>Whether the condition is met; a container without a health check counts as healthy when it is running.</summary>
    /// <param name="container">The other service's container, or <see langword="null"/>.</param>
    public bool IsMet(ObservedContainer? container) => Condition switch
    {
        Healthy => container is { State: ContainerState.Running, Health: ContainerHealth.None or ContainerHealth.Healthy }
            or { State: ContainerState.Running, PassesHealthTest: true },
        Completed => container is { State: ContainerState.Exited, ExitCode: 0 },
        _ => container is { State: ContainerState.Running or ContainerState.Restarting or ContainerState.Exited },
    };

    /// <summary>Whether the condition can no longer be met, for which Compose reports the reason.</summary>
    /// <param name="container">The other service's container, or <see langword="null"/>.</param>
    public bool IsHopeless(ObservedContainer? container) => Condition switch
    {
        Healthy => container is { Health: ContainerHealth.Unhealthy } or { State: ContainerState.Exited, StaysEnded: true },
        Completed => container is { State: ContainerState.Exited, StaysEnded: true, ExitCode: not 0 },
        _ => false,
    };
}
