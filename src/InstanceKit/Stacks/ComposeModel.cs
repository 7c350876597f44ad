namespace InstanceKit.Stacks;

/// <summary>What <c>docker compose config --format json</c> says of a project, as far as isolation needs it.</summary>
/// <param name="Project">The project's name.</param>
/// <param name="Services">The services, by name in ordinal order.</param>
/// <param name="Networks">The networks.</param>
/// <param name="Volumes">The volumes.</param>
/// <param name="Fingerprint">SHA-256 of the whole model.</param>
public sealed record ComposeModel(
    string Project,
    IReadOnlyList<ComposeService> Services,
    IReadOnlyList<ComposeNetwork> Networks,
    IReadOnlyList<ComposeVolume> Volumes,
    string Fingerprint)
{
    /// <summary>The <c>configs</c> and <c>secrets</c> whose texts are at hand.</summary>
    public IReadOnlyList<ComposeFile> Files { get; init; } = [];

    /// <summary>Every port that the services publish.</summary>
    public IReadOnlyList<PublishedPort> Ports => [.. Services.SelectMany(s => s.Ports)];

    /// <summary>The same without services that are to have no container.</summary>
    public ComposeModel WithoutScaledToZero() => this with { Services = [.. Services.Where(s => !s.IsScaledToZero)] };
}

/// <summary>A service of the model.</summary>
public sealed record ComposeService
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The fixed container name, or <see langword="null"/>.</summary>
    public string? ContainerName { get; init; }

    /// <summary>What it publishes.</summary>
    public IReadOnlyList<PublishedPort> Ports { get; init; } = [];

    /// <summary>Its environment; a variable without a value is taken from the shell.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Its command; <see langword="null"/> for the image's own.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Its entry point; <see langword="null"/> for the image's own.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string?> Labels { get; init; } = new Dictionary<string, string?>();

    /// <summary>The image's fixed name; <see langword="null"/> where Compose names what it builds.</summary>
    public string? Image { get; init; }

    /// <summary>Whether Compose builds its image.</summary>
    public bool IsBuilt { get; init; }

    /// <summary>The build's arguments; one without a value is taken from the shell.</summary>
    public IReadOnlyDictionary<string, string?> BuildArguments { get; init; } = new Dictionary<string, string?>();

    /// <summary>The container's own host name, where one is fixed.</summary>
    public string? Hostname { get; init; }

    /// <summary>The networks it is on; empty with a network mode.</summary>
    public IReadOnlyList<ComposeServiceNetwork> Networks { get; init; } = [];

    /// <summary>What is mounted into it.</summary>
    public IReadOnlyList<ComposeMount> Mounts { get; init; } = [];

    /// <summary>The ports it exposes to its networks only.</summary>
    public IReadOnlyList<int> Exposes { get; init; } = [];

    /// <summary>Names that it maps to addresses: <c>host.docker.internal</c> to <c>host-gateway</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ExtraHosts { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The name servers it is given.</summary>
    public IReadOnlyList<string> Dns { get; init; } = [];

    /// <summary>
    /// The names of containers that it refers to (<c>container:NAME</c> in a mode or <c>volumes_from</c>, an external
    /// link), each with the key that says so.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> ContainerReferences { get; init; } = [];

    /// <summary>Whose volumes it mounts too: <c>SERVICE</c> or <c>container:NAME</c>, perhaps with <c>:ro</c>.</summary>
    public IReadOnlyList<string> VolumesFrom { get; init; } = [];

    /// <summary>Containers of elsewhere that it finds by name: <c>NAME</c> or <c>NAME:ALIAS</c>.</summary>
    public IReadOnlyList<string> ExternalLinks { get; init; } = [];

    /// <summary>The services it depends on, each with its condition.</summary>
    public IReadOnlyDictionary<string, string> DependsOn { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it is to have no container: <c>scale: 0</c>, or <c>deploy.replicas: 0</c>.</summary>
    public bool IsScaledToZero { get; init; }

    /// <summary>Whether it can do without one of them: <c>required: false</c>.</summary>
    public bool HasOptionalDependency { get; init; }

    /// <summary>
    /// Whether Compose does more than the engine when it starts it: it writes texts of configs and secrets into the container,
    /// runs hooks, or asks a provider.
    /// </summary>
    public bool IsStartedByCompose { get; init; }

    /// <summary>Its health check; <see langword="null"/> when it declares none.</summary>
    public ComposeHealthCheck? HealthCheck { get; init; }

    /// <summary>The restart policy; <see langword="null"/> and <c>no</c> mean that it ends when it ends.</summary>
    public string? Restart { get; init; }

    /// <summary>The network mode, such as <c>host</c>; <see langword="null"/> for networks of the project.</summary>
    public string? NetworkMode { get; init; }

    /// <summary>Whether a container of it that has exited stays exited.</summary>
    public bool IsRestarted => Restart is not (null or "no");
}

/// <summary>When a service counts as healthy.</summary>
/// <param name="IsDisabled">Whether the image's own check is switched off.</param>
/// <param name="Interval">The time between two checks; the engine's default is 30 s.</param>
/// <param name="Retries">How many failures in a row make it unhealthy; the engine's default is 3.</param>
public sealed record ComposeHealthCheck(bool IsDisabled, TimeSpan Interval, int Retries)
{
    /// <summary>The check itself, in Compose's form: <c>CMD</c> or <c>CMD-SHELL</c> and its words; empty for the image's.</summary>
    public IReadOnlyList<string> Test { get; init; } = [];
}
