using System.Globalization;
using System.Text.Json;

namespace InstanceKit.Models;

/// <summary>Reads the JSON of <c>docker compose config --format json</c>.</summary>
internal static class ComposeModelReader
{
    private const int LongestShown = 300;
    private const int DeepestJson = 1000; // extensions (x-) may contain anything

    /// <summary>Reads a model.</summary>
    /// <exception cref="InstanceKitException">The text is not valid output of Compose, or a number in it is out of range.</exception>
    public static ComposeModel Read(string json)
    {
        try
        {
            return ReadModel(json);
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException or InvalidOperationException
            or KeyNotFoundException or ArgumentException)
        {
            throw new InstanceKitException(
                ExitCode.Usage, $"The model of the compose files contains an invalid value: {e.Message[..Math.Min(e.Message.Length, LongestShown)].TrimEnd('.')}.",
                "Compare the ports, health checks and networks of the compose files with the output of 'docker compose config'.", e);
        }
    }

    private static ComposeModel ReadModel(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = DeepestJson });
        var root = document.RootElement;
        return new ComposeModel(
            root.GetProperty("name").GetString()!,
            [.. root.Members("services").Select(ComposeServiceReader.Read).OrderBy(s => s.Name, StringComparer.Ordinal)],
            [.. root.Members("networks").Select(ReadNetwork)],
            [.. root.Members("volumes").Select(v => new ComposeVolume(v.Name, NameOf(v), v.Value.IsTrue("external")) { DriverOptions = OptionsOf(v) })],
            ContentHash.Of(json))
        {
            Files = ComposeFileReader.Read(root),
        };
    }

    private static ComposeNetwork ReadNetwork(JsonProperty network)
    {
        var management = network.Value.ValueKind == JsonValueKind.Object && network.Value.TryGetProperty("ipam", out var found) ? found : default;
        return new ComposeNetwork(network.Name, NameOf(network), network.Value.IsTrue("external"))
        {
            DriverOptions = OptionsOf(network),
            IsInternal = network.Value.IsTrue("internal"),
            AddressDriver = management.Text("driver"),
            Subnets =
            [
                .. management.Items("config").Where(c => c.Text("subnet") is not null).Select(c => new ComposeSubnet(
                    c.Text("subnet")!, c.Text("gateway"), c.Text("ip_range"), TextsOf(c.Values("aux_addresses")))),
            ],
        };
    }

    private static string NameOf(JsonProperty resource) => resource.Value.Text("name") ?? resource.Name;

    private static Dictionary<string, string> OptionsOf(JsonProperty resource) => TextsOf(resource.Value.Values("driver_opts"));

    private static Dictionary<string, string> TextsOf(IReadOnlyDictionary<string, string?> values) =>
        values.ToDictionary(v => v.Key, v => v.Value ?? "");
}

/// <summary>Reads the <c>configs</c> and <c>secrets</c> of Compose's JSON, as far as they are texts at hand.</summary>
internal static class ComposeFileReader
{
    private static readonly string[] Sections = ["configs", "secrets"];

    /// <summary>All entries that are a file or a text in the compose files.</summary>
    public static IReadOnlyList<ComposeFile> Read(JsonElement root) =>
    [
        .. from section in Sections
           from entry in root.Members(section)
           let file = new ComposeFile(
               section, entry.Name, entry.Value.Text("file"), entry.Value.Text("content"),
               [.. root.Members("services").Where(s => s.Value.Items(section).Any(i => i.Text("source") == entry.Name)).Select(s => s.Name)])
           where file.Path is not null || file.Content is not null
           select file,
    ];
}

/// <summary>Reads a service from Compose's JSON.</summary>
internal static class ComposeServiceReader
{
    private const string ContainerPrefix = "container:";
    private static string? ReplicasOf(JsonElement service) =>
        service.TryGetProperty("deploy", out var deploy) ? deploy.Text("replicas") : null;

    private static readonly TimeSpan EngineInterval = TimeSpan.FromSeconds(30);
    private const int EngineRetries = 3;

    private static readonly string[] StartedByCompose = ["configs", "secrets", "post_start", "provider"];

    /// <summary>Reads one.</summary>
    public static ComposeService Read(JsonProperty property)
    {
        var service = property.Value;
        return new ComposeService
        {
            Name = property.Name,
            ContainerName = service.Text("container_name"),
            Ports = [.. service.Items("ports").Select(p => ReadPort(property.Name, p))],
            Environment = service.Values("environment"),
            Command = service.Texts("command"),
            Entrypoint = service.Texts("entrypoint"),
            Labels = service.Values("labels"),
            LogOptions = service.TryGetProperty("logging", out var logging) ? logging.Values("options") : new Dictionary<string, string?>(),
            Image = service.Text("image"),
            IsBuilt = service.TryGetProperty("build", out var build) && build.ValueKind == JsonValueKind.Object,
            BuildArguments = build.Values("args"),
            BuildContext = build.ValueKind == JsonValueKind.Object ? build.Text("context") : null,
            Hostname = service.Text("hostname"),
            Networks = [.. service.Members("networks").Select(ReadPlace)],
            Mounts = [.. service.Items("volumes").Select(ReadMount)],
            Exposes = [.. service.Items("expose").SelectMany(e => ReadExposed(e.ToString()))],
            ExtraHosts = ReadExtraHosts(service),
            Dns = service.Texts("dns") ?? (service.Text("dns") is { } server ? [server] : []),
            ContainerReferences = [.. ReadReferences(service)],
            VolumesFrom = service.Texts("volumes_from") ?? [],
            ExternalLinks = service.Texts("external_links") ?? [],
            DependsOn = service.Members("depends_on").ToDictionary(d => d.Name, d => d.Value.Text("condition") ?? "service_started"),
            HasOptionalDependency = service.Members("depends_on").Any(
                d => d.Value.ValueKind == JsonValueKind.Object && d.Value.TryGetProperty("required", out var required) && required.ValueKind == JsonValueKind.False),
            IsScaledToZero = (service.Text("scale") ?? ReplicasOf(service)) == "0",
            IsStartedByCompose = StartedByCompose.Any(key => service.Members(key).Any() || service.Items(key).Any())
                || service.IsTrue("use_api_socket"),
            HealthCheck = service.TryGetProperty("healthcheck", out var check) ? ReadHealthCheck(check) : null,
            Restart = service.Text("restart"),
            NetworkMode = service.Text("network_mode"),
        };
    }

    private static PublishedPort ReadPort(string service, JsonElement port)
    {
        // A published range for one target port: the engine picks a free one.
        var ends = port.Text("published")?.Split('-') ?? [];
        int? first = ends is [{ Length: > 0 } text, ..] && text != "0" ? Port(text) : null;
        return new PublishedPort(
            service,
            port.GetProperty("target").GetInt32(),
            first,
            port.Text("protocol") ?? "tcp",
            port.Text("host_ip"),
            first is { } from && ends.Length == 2 ? Count(from, Port(ends[1])) : 1);
    }

    private static int Count(int first, int last) =>
        last >= first ? last - first + 1 : throw new FormatException($"the port range {first}-{last} is descending");

    private static int Port(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : throw new FormatException($"'{text}' is not a port");

    private static ComposeHealthCheck ReadHealthCheck(JsonElement check)
    {
        var test = check.Texts("test") ?? [];
        return new ComposeHealthCheck(
            check.IsTrue("disable") || test is ["NONE", ..],
            // To the engine, 0 means its default.
            check.Text("interval") is { } text && GoDuration.Parse(text) is var interval && interval > TimeSpan.Zero
                ? interval
                : EngineInterval,
            check.TryGetProperty("retries", out var retries) && retries.GetInt32() is > 0 and var count ? count : EngineRetries)
        {
            Test = test,
        };
    }

    private static ComposeServiceNetwork ReadPlace(JsonProperty place) => new(
        place.Name, place.Value.Texts("aliases") ?? [], place.Value.Text("ipv4_address"), place.Value.Text("ipv6_address"));

    private static ComposeMount ReadMount(JsonElement mount) => new(
        mount.Text("type") ?? "volume", mount.Text("source"), mount.Text("target") ?? "", mount.IsTrue("read_only"))
    {
        Relabel = mount.ValueKind == JsonValueKind.Object && mount.TryGetProperty("bind", out var bind) ? bind.Text("selinux") : null,
    };

    /// <summary>An exposed port or range of them: <c>8080</c>, <c>9000-9002/udp</c>.</summary>
    private static IEnumerable<int> ReadExposed(string text)
    {
        var ends = text.Split('/')[0].Split('-');
        return ushort.TryParse(ends[0], CultureInfo.InvariantCulture, out var first)
            && ushort.TryParse(ends[^1], CultureInfo.InvariantCulture, out var last) && last >= first
                ? Enumerable.Range(first, last - first + 1)
                : [];
    }

    /// <summary>By version, Compose prints a list of <c>name=address</c> or <c>name:address</c>, or addresses by name.</summary>
    private static Dictionary<string, IReadOnlyList<string>> ReadExtraHosts(JsonElement service)
    {
        var pairs = service.Items("extra_hosts").Select(h => h.ToString())
            .Select(h => (Host: h, At: h.IndexOfAny(['=', ':']))).Where(h => h.At > 0)
            .Select(h => (Name: h.Host[..h.At], Address: h.Host[(h.At + 1)..]))
            .Concat(service.Members("extra_hosts").SelectMany(h => h.Value.ValueKind == JsonValueKind.Array
                ? h.Value.EnumerateArray().Select(a => (h.Name, Address: a.ToString()))
                : [(h.Name, Address: h.Value.ToString())]));
        return pairs.GroupBy(p => p.Name).ToDictionary(
            g => g.Key, g => (IReadOnlyList<string>)[.. g.Select(p => p.Address.Trim('[', ']')).Distinct()]);
    }

    private static IEnumerable<KeyValuePair<string, string>> ReadReferences(JsonElement service)
    {
        foreach (var key in new[] { "network_mode", "pid", "ipc" })
        {
            if (service.Text(key) is { } mode && mode.StartsWith(ContainerPrefix, StringComparison.Ordinal))
                yield return new(key, mode[ContainerPrefix.Length..]);
        }

        foreach (var source in (service.Texts("volumes_from") ?? []).Where(v => v.StartsWith(ContainerPrefix, StringComparison.Ordinal)))
            yield return new("volumes_from", source[ContainerPrefix.Length..].Split(':')[0]);
        foreach (var link in service.Texts("external_links") ?? [])
            yield return new("external_links", link.Split(':')[0]);
    }
}
