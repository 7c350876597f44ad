using InstanceKit.Platform;

namespace InstanceKit.Engine;

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

    /// <summary>The ports of 127.0.0.1 at which its TCP ports are published, by the latter.</summary>
    internal IReadOnlyDictionary<int, int> LocalPorts { get; init; } = new Dictionary<int, int>();

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

/// <summary>What a service waits for before it is started: another service in some condition.</summary>
/// <param name="Service">The other service.</param>
/// <param name="Condition">The condition as in the Compose specification, such as <c>service_healthy</c>.</param>
internal sealed record ServiceGate(string Service, string Condition)
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
    public bool CannotBeMet(ObservedContainer? container) => Condition switch
    {
        Healthy => container is { Health: ContainerHealth.Unhealthy } or { State: ContainerState.Exited, StaysEnded: true },
        Completed => container is { State: ContainerState.Exited, StaysEnded: true, ExitCode: not 0 },
        _ => false,
    };
}

/// <summary>The resources of one instance in the engine, found by this tool's labels.</summary>
public sealed record EngineInstance
{
    /// <summary>The Compose project.</summary>
    public required string Project { get; init; }

    /// <summary>The stack's name.</summary>
    public required string Stack { get; init; }

    /// <summary>The instance's number.</summary>
    public required int Number { get; init; }

    /// <summary>The workspace that created it, from the label of its newest container, or else of a volume or network; <see langword="null"/> if unknown.</summary>
    public string? Workspace { get; init; }

    /// <summary>Its containers, running or not.</summary>
    public IReadOnlyList<EngineThing> Containers { get; init; } = [];

    /// <summary>How many of them run.</summary>
    public int Running { get; init; }

    /// <summary>Its networks.</summary>
    public IReadOnlyList<EngineThing> Networks { get; init; } = [];

    /// <summary>Its volumes.</summary>
    public IReadOnlyList<EngineThing> Volumes { get; init; } = [];

    /// <summary>The host ports that its running containers publish, as <c>tcp/5533</c>.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>When its oldest container was created; <see langword="null"/> without one.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The part created by some workspaces; parts without a workspace label are included if no other workspace owns any.</summary>
    public EngineInstance Of(IReadOnlyCollection<string> workspaces)
    {
        var isShared = Containers.Concat(Networks).Concat(Volumes).Any(t => t.Workspace is { } other && !workspaces.Contains(other));
        return this with { Containers = Own(Containers), Networks = Own(Networks), Volumes = Own(Volumes) };

        IReadOnlyList<EngineThing> Own(IReadOnlyList<EngineThing> things) =>
            [.. things.Where(t => t.Workspace is { } workspace ? workspaces.Contains(workspace) : !isShared)];
    }
}

/// <summary>A container, network or volume.</summary>
/// <param name="Id">What the engine calls it.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Workspace">The workspace that its label names; <see langword="null"/> for none.</param>
public sealed record EngineThing(string Id, string Name, string? Workspace = null);

/// <summary>A network or volume of the engine that has to do with a project.</summary>
/// <param name="Kind"><c>network</c> or <c>volume</c>.</param>
/// <param name="Name">Its name.</param>
public sealed record EngineResource(string Kind, string Name)
{
    /// <summary>The Compose project in its label; <see langword="null"/> if Compose did not create it.</summary>
    public string? Project { get; init; }

    /// <summary>Whether it carries this tool's labels.</summary>
    public bool IsLabelled { get; init; }

    /// <summary>The workspace that its label names; <see langword="null"/> for none.</summary>
    public string? Workspace { get; init; }
}
