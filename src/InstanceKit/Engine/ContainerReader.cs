using System.Globalization;
using System.Net;
using System.Text.Json;

namespace InstanceKit.Engine;

/// <summary>Reads the engine's API responses on containers.</summary>
internal static class ContainerReader
{
    private const string ServiceLabel = "com.docker.compose.service";
    private const string ConfigLabel = "com.docker.compose.config-hash";
    private const string ProjectFolderLabel = "com.docker.compose.project.working_dir";
    private const string ProjectLabel = "com.docker.compose.project";
    private const string DependsOnLabel = "com.docker.compose.depends_on";
    private const string OneOffLabel = "com.docker.compose.oneoff";

    /// <summary>The containers in an answer to <c>/containers/json</c> with their projects, except those of <c>compose run</c>.</summary>
    /// <param name="json">The answer.</param>
    /// <returns>Of each container only id, name, service, state and workspace.</returns>
    /// <exception cref="JsonException">It is not a valid response.</exception>
    public static IReadOnlyList<(string Project, ObservedContainer Container)> List(ReadOnlyMemory<byte> json) => Read(json, List);

    /// <summary>Where the running containers in an answer to <c>/containers/json</c> are reached.</summary>
    /// <param name="json">The answer.</param>
    /// <exception cref="JsonException">It is not a valid response.</exception>
    internal static IReadOnlyList<ReachableContainer> Reachable(ReadOnlyMemory<byte> json) =>
        Read(json, root => root.EnumerateArray().Select(Reachable).ToList());

    /// <summary>The variables of a container in an answer to <c>/containers/ID/json</c>, as <c>NAME=value</c>.</summary>
    /// <param name="json">The answer.</param>
    /// <exception cref="JsonException">It is not a valid response.</exception>
    internal static IReadOnlyList<string> Variables(ReadOnlyMemory<byte> json) => Read(json, root => Texts(Member(Member(root, "Config"), "Env")));

    /// <summary>The items in a response to <c>/networks</c> or <c>/volumes</c>, sorted by name.</summary>
    /// <param name="kind"><c>network</c> or <c>volume</c>.</param>
    /// <param name="json">The answer.</param>
    /// <exception cref="JsonException">It is not a valid response.</exception>
    public static IReadOnlyList<EngineResource> Resources(string kind, ReadOnlyMemory<byte> json) => Read(json, root => Resources(kind, root));

    /// <summary>The sizes of volumes in bytes in an answer to <c>/system/df</c>, by name.</summary>
    /// <param name="json">The answer.</param>
    /// <exception cref="JsonException">It is not a valid response.</exception>
    public static IReadOnlyDictionary<string, long> VolumeSizes(ReadOnlyMemory<byte> json) => Read(json, VolumeSizes);

    /// <summary>A container in an answer to <c>/containers/ID/json</c>.</summary>
    /// <param name="json">The answer.</param>
    /// <exception cref="JsonException">It is not a valid response.</exception>
    public static ObservedContainer Describe(ReadOnlyMemory<byte> json) => Read(json, Describe);

    /// <summary>Whatever else answers at the engine's address: a member is missing, of another kind, or no text.</summary>
    private static T Read<T>(ReadOnlyMemory<byte> json, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new JsonException("the server is not a Docker engine", e);
        }
    }

    private static List<(string Project, ObservedContainer Container)> List(JsonElement root)
    {
        var listed = new List<(string, ObservedContainer)>();
        foreach (var container in root.EnumerateArray())
        {
            var labels = Member(container, "Labels");
            if (Text(labels, OneOffLabel) == "True")
                continue;
            listed.Add((Text(labels, ProjectLabel) ?? "", new ObservedContainer
            {
                Id = Text(container, "Id") ?? throw new FormatException("A container has no id."),
                Name = Texts(Member(container, "Names")) is [var name, ..] ? name.TrimStart('/') : "",
                Service = Text(labels, ServiceLabel) ?? "",
                State = StateOf(Text(container, "State")),
                Workspace = WorkspaceOf(labels),
                IsByHand = Text(labels, InstanceLabels.Workspace) is null,
                Instance = Text(labels, InstanceLabels.Instance),
                // The list shows the id instead of a name that now refers to another image, or to none.
                HasOldImage = Text(container, "Image") is { } image && image == Text(container, "ImageID"),
            }));
        }

        return listed;
    }

    private static ReachableContainer Reachable(JsonElement container)
    {
        var labels = Member(container, "Labels");
        var (addresses, gateways) = (new List<IPAddress>(), new List<IPAddress>());
        if (Member(Member(container, "NetworkSettings"), "Networks") is { ValueKind: JsonValueKind.Object } networks)
        {
            foreach (var network in networks.EnumerateObject())
            {
                addresses.AddRange(Addresses(network.Value, "IPAddress", "GlobalIPv6Address"));
                gateways.AddRange(Addresses(network.Value, "Gateway", "IPv6Gateway"));
            }
        }

        return new ReachableContainer
        {
            Id = Text(container, "Id") ?? "",
            Name = Texts(Member(container, "Names")) is [var name, ..] ? name.TrimStart('/') : "",
            Project = Text(labels, ProjectLabel),
            Service = Text(labels, ServiceLabel),
            Instance = int.TryParse(Text(labels, InstanceLabels.Instance), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null,
            Workspace = Text(labels, InstanceLabels.Workspace),
            NetworkMode = Text(Member(container, "HostConfig"), "NetworkMode") ?? "",
            Addresses = addresses,
            Gateways = gateways,
            Published = [.. PublishedEnds(Member(container, "Ports"))],
        };
    }

    private static IEnumerable<IPAddress> Addresses(JsonElement network, params string[] names) =>
        names.Select(n => IPAddress.TryParse(Text(network, n), out var address) ? address : null).OfType<IPAddress>();

    // [{"IP": "127.0.0.1", "PrivatePort": 5432, "PublicPort": 5533, "Type": "tcp"}]
    private static IEnumerable<IPEndPoint> PublishedEnds(JsonElement ports)
    {
        foreach (var port in ports.ValueKind == JsonValueKind.Array ? ports.EnumerateArray() : default)
        {
            if (Text(port, "Type") == "tcp" && Number(port, "PublicPort") is > 0 and <= IPEndPoint.MaxPort and var number)
                yield return new IPEndPoint(IPAddress.TryParse(Text(port, "IP"), out var address) ? address : IPAddress.Any, (int)number);
        }
    }

    private static List<EngineResource> Resources(string kind, JsonElement root)
    {
        var list = root.ValueKind == JsonValueKind.Object ? Member(root, "Volumes") : root;
        var resources = new List<EngineResource>();
        if (list.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in list.EnumerateArray())
            {
                var labels = Member(item, "Labels");
                resources.Add(new EngineResource(kind, Text(item, "Name") ?? "")
                {
                    Project = Text(labels, ProjectLabel),
                    IsLabelled = Text(labels, InstanceLabels.Instance) is not null,
                    Workspace = Text(labels, InstanceLabels.Workspace),
                });
            }
        }

        resources.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return resources;
    }

    private static Dictionary<string, long> VolumeSizes(JsonElement root)
    {
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        if (Member(root, "Volumes") is { ValueKind: JsonValueKind.Array } volumes)
        {
            foreach (var volume in volumes.EnumerateArray())
            {
                if (Text(volume, "Name") is { } name && Number(Member(volume, "UsageData"), "Size") is >= 0 and var size)
                    sizes[name] = size;
            }
        }

        return sizes;
    }

    private static ObservedContainer Describe(JsonElement root)
    {
        var (state, config) = (Member(root, "State"), Member(root, "Config"));
        var labels = Member(config, "Labels");
        return new ObservedContainer
        {
            Id = Text(root, "Id") ?? "",
            Name = (Text(root, "Name") ?? "").TrimStart('/'),
            Service = Text(labels, ServiceLabel) ?? "",
            State = StateOf(Text(state, "Status")),
            Health = HealthOf(Text(Member(state, "Health"), "Status")),
            HealthTest = Texts(Member(Member(config, "Healthcheck"), "Test")),
            ExitCode = Number(state, "ExitCode"),
            Error = Text(state, "Error") is { Length: > 0 } error ? error : null,
            RestartCount = Number(root, "RestartCount"),
            IsKnownToCompose = Text(labels, ConfigLabel) is not null,
            Pid = (int)Math.Clamp(Number(state, "Pid"), 0, int.MaxValue),
            HasStopTimeout = Member(config, "StopTimeout").ValueKind == JsonValueKind.Number,
            CreatedAt = TimeOf(Text(root, "Created")),
            StartedAt = TimeOf(Text(state, "StartedAt")),
            StaysEnded = Text(Member(Member(root, "HostConfig"), "RestartPolicy"), "Name") is not ("always" or "unless-stopped"),
            Published = PublishedOf(Member(Member(root, "NetworkSettings"), "Ports"), "/tcp"),
            LocalPorts = LocalPortsOf(Member(Member(root, "NetworkSettings"), "Ports")),
            PublishedUdp = PublishedOf(Member(Member(root, "NetworkSettings"), "Ports"), "/udp"),
            Networks = NetworksOf(Member(Member(root, "NetworkSettings"), "Networks")),
            Image = Text(config, "Image") ?? "",
            Workspace = WorkspaceOf(labels),
            IsByHand = Text(labels, InstanceLabels.Workspace) is null,
            Instance = Text(labels, InstanceLabels.Instance),
            DependsOn = DependenciesOf(Text(labels, DependsOnLabel)),
        };
    }

    // "redis:service_started:false,postgres:service_healthy:false"; before 2.3 "redis,postgres".
    private static IReadOnlyList<string> DependenciesOf(string? label) =>
        label is null ? [] : [.. label.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(d => d.Split(':')[0])];

    private static string? WorkspaceOf(JsonElement labels) =>
        Text(labels, InstanceLabels.Workspace) ?? Text(labels, ProjectFolderLabel);

    // {"5432/tcp": [{"HostIp": "127.0.0.1", "HostPort": "5533"}], "9093/tcp": null}
    private static IReadOnlyList<int> PublishedOf(JsonElement ports, string protocol)
    {
        if (ports.ValueKind != JsonValueKind.Object)
            return [];
        var published = new SortedSet<int>();
        foreach (var port in ports.EnumerateObject())
        {
            if (port.Value.ValueKind != JsonValueKind.Array || !port.Name.EndsWith(protocol, StringComparison.Ordinal))
                continue;
            foreach (var binding in port.Value.EnumerateArray())
            {
                if (int.TryParse(Text(binding, "HostPort"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
                    published.Add(number);
            }
        }

        return [.. published];
    }

    private static Dictionary<int, int> LocalPortsOf(JsonElement ports)
    {
        var local = new Dictionary<int, int>();
        foreach (var port in ports.ValueKind == JsonValueKind.Object ? ports.EnumerateObject() : default)
        {
            foreach (var binding in port.Value.ValueKind == JsonValueKind.Array ? port.Value.EnumerateArray() : default)
            {
                if (port.Name.EndsWith("/tcp", StringComparison.Ordinal) && Text(binding, "HostIp") is null or "" or "0.0.0.0" or "127.0.0.1"
                    && int.TryParse(port.Name[..^4], NumberStyles.None, CultureInfo.InvariantCulture, out var target)
                    && int.TryParse(Text(binding, "HostPort"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
                    local[target] = number;
            }
        }

        return local;
    }

    private static Dictionary<string, IReadOnlyList<string>> NetworksOf(JsonElement networks)
    {
        var found = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (networks.ValueKind != JsonValueKind.Object)
            return found;
        foreach (var network in networks.EnumerateObject())
            found[network.Name] = Texts(Member(network.Value, "Aliases"));
        return found;
    }

    private static ContainerState StateOf(string? word) => word switch
    {
        "created" => ContainerState.Created,
        "running" => ContainerState.Running,
        "restarting" => ContainerState.Restarting,
        "paused" => ContainerState.Paused,
        "exited" => ContainerState.Exited,
        _ => ContainerState.Dead,
    };

    private static ContainerHealth HealthOf(string? word) => word switch
    {
        "starting" => ContainerHealth.Starting,
        "healthy" => ContainerHealth.Healthy,
        "unhealthy" => ContainerHealth.Unhealthy,
        _ => ContainerHealth.None,
    };

    // The engine returns year 1 for a container that was never started.
    private static DateTimeOffset? TimeOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) && time.Year > 1 ? time : null;

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) ? member : default;

    private static string? Text(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static long Number(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : 0;

    private static List<string> Texts(JsonElement list)
    {
        var texts = new List<string>();
        if (list.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in list.EnumerateArray())
                texts.Add(item.GetString() ?? "");
        }

        return texts;
    }
}

/// <summary>The labels on everything that an instance creates in the engine.</summary>
internal static class InstanceLabels
{
    /// <summary>The instance's number.</summary>
    public const string Instance = "dev.instancekit.instance";

    /// <summary>The stack's name.</summary>
    public const string Stack = "dev.instancekit.stack";

    /// <summary>
    /// The path of the workspace that created it. The engine never changes the labels of an existing volume or network: after
    /// a move of the workspace they name its former place.
    /// </summary>
    public const string Workspace = "dev.instancekit.workspace";

    /// <summary>The hash of the mounted files of which the instance has its own version; on containers with such files.</summary>
    public const string Configs = "dev.instancekit.configs";
}
