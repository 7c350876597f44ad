using System.Text.Json;

namespace InstanceKit.Models;

/// <summary>The output of <c>docker compose config --format json</c> for a project, as far as isolation needs it.</summary>
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

    /// <summary>The same without some services, and without the volumes that only those use.</summary>
    public ComposeModel Without(IReadOnlyCollection<string> services)
    {
        var kept = Services.Where(s => !services.Contains(s.Name)).ToList();
        var used = kept.SelectMany(s => s.Mounts).Where(m => m.Type == "volume").Select(m => m.Source).ToHashSet(StringComparer.Ordinal);
        return this with { Services = kept, Volumes = [.. Volumes.Where(v => used.Contains(v.Key))] };
    }

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

    /// <summary>Its environment; a variable without a value is read from the shell.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Its command; <see langword="null"/> for the image's own.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Its entry point; <see langword="null"/> for the image's own.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string?> Labels { get; init; } = new Dictionary<string, string?>();

    /// <summary>The image's fixed name; <see langword="null"/> if Compose names the image that it builds.</summary>
    public string? Image { get; init; }

    /// <summary>Whether Compose builds its image.</summary>
    public bool IsBuilt { get; init; }

    /// <summary>The build arguments; one without a value is read from the shell.</summary>
    public IReadOnlyDictionary<string, string?> BuildArguments { get; init; } = new Dictionary<string, string?>();

    /// <summary>The absolute path of the directory that it is built from, or a URL; <see langword="null"/> if it is not built.</summary>
    public string? BuildContext { get; init; }

    /// <summary>The container's own host name, where one is fixed.</summary>
    public string? Hostname { get; init; }

    /// <summary>The networks it is on; empty with a network mode.</summary>
    public IReadOnlyList<ComposeServiceNetwork> Networks { get; init; } = [];

    /// <summary>The options of its log driver, which the engine reads on the host.</summary>
    public IReadOnlyDictionary<string, string?> LogOptions { get; init; } = new Dictionary<string, string?>();

    /// <summary>What is mounted into it.</summary>
    public IReadOnlyList<ComposeMount> Mounts { get; init; } = [];

    /// <summary>The ports it exposes to its networks only.</summary>
    public IReadOnlyList<int> Exposes { get; init; } = [];

    /// <summary>Names that it maps to addresses: <c>host.docker.internal</c> to <c>host-gateway</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ExtraHosts { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Its configured DNS servers.</summary>
    public IReadOnlyList<string> Dns { get; init; } = [];

    /// <summary>
    /// The names of containers that it refers to (<c>container:NAME</c> in a mode or <c>volumes_from</c>, an external
    /// link), each with its key.
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
    /// runs hooks, or uses a provider.
    /// </summary>
    public bool IsStartedByCompose { get; init; }

    /// <summary>Its health check; <see langword="null"/> when it declares none.</summary>
    public ComposeHealthCheck? HealthCheck { get; init; }

    /// <summary>The restart policy; <see langword="null"/> and <c>no</c> mean no restart.</summary>
    public string? Restart { get; init; }

    /// <summary>The network mode, such as <c>host</c>; <see langword="null"/> for networks of the project.</summary>
    public string? NetworkMode { get; init; }

    /// <summary>Whether the engine's socket, or the folder of it, is mounted into it.</summary>
    public bool UsesEngine => Mounts.Any(m => m is { Type: "bind", Source: { } source } && (source.TrimEnd('/') is "/run" or "/var/run"
        || source.EndsWith("/docker.sock", StringComparison.Ordinal) || source.EndsWith("/podman.sock", StringComparison.Ordinal)));

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

/// <summary>A named file that Compose provides to services: an entry of <c>configs</c> or <c>secrets</c>.</summary>
/// <param name="Section"><c>configs</c> or <c>secrets</c>.</param>
/// <param name="Key">Its key in the compose files.</param>
/// <param name="Path">The absolute path of its file; <see langword="null"/> if the compose files contain the text.</param>
/// <param name="Content">Its text; <see langword="null"/> where it is a file.</param>
/// <param name="Users">The services that get it.</param>
public sealed record ComposeFile(string Section, string Key, string? Path, string? Content, IReadOnlyList<string> Users);

/// <summary>A port that a service publishes on the host, according to its compose files.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="TargetPort">The port inside the container.</param>
/// <param name="BasePort">The port on the host; <see langword="null"/> where the engine picks a free one.</param>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
/// <param name="HostAddress">The host address it is bound to; <see langword="null"/> for all.</param>
/// <param name="Count">
/// How many consecutive ports start at the base port for one target port: the engine picks a free one of them.
/// </param>
public sealed record PublishedPort(
    string Service, int TargetPort, int? BasePort, string Protocol = "tcp", string? HostAddress = null, int Count = 1);

/// <summary>A network or volume.</summary>
/// <param name="Key">Its key in the compose files.</param>
/// <param name="Name">Its name in the engine.</param>
/// <param name="IsExternal">Whether it is created and owned outside of the project.</param>
public abstract record ComposeResource(string Key, string Name, bool IsExternal)
{
    /// <summary>The options of its driver.</summary>
    public IReadOnlyDictionary<string, string> DriverOptions { get; init; } = new Dictionary<string, string>();
}

/// <summary>A network.</summary>
/// <inheritdoc cref="ComposeResource(string, string, bool)"/>
public sealed record ComposeNetwork(string Key, string Name, bool IsExternal) : ComposeResource(Key, Name, IsExternal)
{
    /// <summary>Its address ranges, where the compose files fix them.</summary>
    public IReadOnlyList<ComposeSubnet> Subnets { get; init; } = [];

    /// <summary>Whether it is isolated from outside: the engine publishes no ports of containers that are only on such networks.</summary>
    public bool IsInternal { get; init; }

    /// <summary>The driver of its address management, where one is named.</summary>
    public string? AddressDriver { get; init; }
}

/// <summary>A volume.</summary>
/// <inheritdoc cref="ComposeResource(string, string, bool)"/>
public sealed record ComposeVolume(string Key, string Name, bool IsExternal) : ComposeResource(Key, Name, IsExternal);

/// <summary>An address range of a network, as the compose files fix it.</summary>
/// <param name="Range">The range in CIDR form: <c>172.28.0.0/16</c>.</param>
/// <param name="Gateway">The gateway's address, or <see langword="null"/>.</param>
/// <param name="AddressPool">The part from which containers get addresses (<c>ip_range</c>), or <see langword="null"/>.</param>
/// <param name="Auxiliary">Reserved addresses (<c>aux_addresses</c>), by host name.</param>
public sealed record ComposeSubnet(
    string Range, string? Gateway, string? AddressPool, IReadOnlyDictionary<string, string> Auxiliary);

/// <summary>A service's place on a network.</summary>
/// <param name="Network">The network's key.</param>
/// <param name="Aliases">Its additional names there.</param>
/// <param name="Ipv4Address">Its fixed address, or <see langword="null"/>.</param>
/// <param name="Ipv6Address">Its fixed IPv6 address, or <see langword="null"/>.</param>
public sealed record ComposeServiceNetwork(
    string Network, IReadOnlyList<string> Aliases, string? Ipv4Address = null, string? Ipv6Address = null);

/// <summary>Something that is mounted into a service.</summary>
/// <param name="Type"><c>bind</c>, <c>volume</c> or <c>tmpfs</c>.</param>
/// <param name="Source">The absolute path on the host, or the volume's key; <see langword="null"/> for none.</param>
/// <param name="Target">The path in the container.</param>
/// <param name="IsReadOnly">Whether the container may only read it.</param>
public sealed record ComposeMount(string Type, string? Source, string Target, bool IsReadOnly)
{
    /// <summary>Its SELinux label: <c>z</c> shared, <c>Z</c> private; <see langword="null"/> if not set.</summary>
    public string? Relabel { get; init; }
}

/// <summary>Reads members of Compose's JSON, where anything may be missing or <c>null</c>.</summary>
internal static class ComposeJson
{
    /// <summary>The members of an object; none if it is not an object.</summary>
    public static IEnumerable<JsonProperty> Members(this JsonElement element, string name) =>
        Find(element, name) is { ValueKind: JsonValueKind.Object } value ? value.EnumerateObject() : Enumerable.Empty<JsonProperty>();

    /// <summary>The items of a list; none if it is not a list.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        Find(element, name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : Enumerable.Empty<JsonElement>();

    /// <summary>The strings of a list; <see langword="null"/> if it is not a list.</summary>
    public static IReadOnlyList<string>? Texts(this JsonElement element, string name) =>
        Find(element, name) is { ValueKind: JsonValueKind.Array } value ? [.. value.EnumerateArray().Select(i => Scalar(i) ?? "")] : null;

    /// <summary>Texts by name; one without a value is <see langword="null"/>.</summary>
    public static IReadOnlyDictionary<string, string?> Values(this JsonElement element, string name) =>
        element.Members(name).ToDictionary(v => v.Name, v => Scalar(v.Value));

    /// <summary>A text, number or truth value as text; <see langword="null"/> where there is none.</summary>
    public static string? Text(this JsonElement element, string name) => Find(element, name) is { } value ? Scalar(value) : null;

    /// <summary>Whether a member is there and true.</summary>
    public static bool IsTrue(this JsonElement element, string name) => Find(element, name) is { ValueKind: JsonValueKind.True };

    private static JsonElement? Find(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    private static string? Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Null => null,
        _ => value.GetRawText(),
    };
}
