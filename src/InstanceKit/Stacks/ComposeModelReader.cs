using System.Globalization;
using System.Text.Json;

namespace InstanceKit.Stacks;

/// <summary>Reads the JSON of <c>docker compose config --format json</c>.</summary>
public static class ComposeModelReader
{
    private static readonly TimeSpan EngineInterval = TimeSpan.FromSeconds(30);
    private const int EngineRetries = 3;

    /// <summary>Reads a model.</summary>
    /// <exception cref="JsonException">The text is not what Compose prints: a defect here or there.</exception>
    public static ComposeModel Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new ComposeModel(
            root.GetProperty("name").GetString()!,
            [.. Members(root, "services").Select(ReadService).OrderBy(s => s.Name, StringComparer.Ordinal)],
            [.. Members(root, "networks").Select(n => new ComposeNetwork(n.Name, NameOf(n), IsExternal(n)))],
            [.. Members(root, "volumes").Select(v => new ComposeVolume(v.Name, NameOf(v), IsExternal(v)))],
            ContentHash.Of(json));
    }

    private static ComposeService ReadService(JsonProperty property)
    {
        var service = property.Value;
        return new ComposeService
        {
            Name = property.Name,
            ContainerName = Text(service, "container_name"),
            Ports = [.. Items(service, "ports").Select(p => ReadPort(property.Name, p))],
            Environment = Members(service, "environment").ToDictionary(v => v.Name, v => Scalar(v.Value)),
            Command = service.TryGetProperty("command", out var command) && command.ValueKind == JsonValueKind.Array
                ? [.. command.EnumerateArray().Select(a => a.GetString()!)]
                : null,
            DependsOn = Members(service, "depends_on")
                .ToDictionary(d => d.Name, d => Text(d.Value, "condition") ?? "service_started"),
            HealthCheck = service.TryGetProperty("healthcheck", out var check) ? ReadHealthCheck(check) : null,
            Restart = Text(service, "restart"),
            NetworkMode = Text(service, "network_mode"),
        };
    }

    private static PublishedPort ReadPort(string service, JsonElement port)
    {
        // A published range before one target port: the engine takes a free one of it.
        var ends = Text(port, "published")?.Split('-') ?? [];
        int? first = ends is [{ Length: > 0 } text, ..] && text != "0" ? int.Parse(text, CultureInfo.InvariantCulture) : null;
        return new PublishedPort(
            service,
            port.GetProperty("target").GetInt32(),
            first,
            Text(port, "protocol") ?? "tcp",
            Text(port, "host_ip"),
            first is { } from && ends.Length == 2 ? int.Parse(ends[1], CultureInfo.InvariantCulture) - from + 1 : 1);
    }

    private static ComposeHealthCheck ReadHealthCheck(JsonElement check) => new(
        (check.TryGetProperty("disable", out var disable) && disable.ValueKind == JsonValueKind.True)
        || Items(check, "test").FirstOrDefault() is { ValueKind: JsonValueKind.String } test && test.GetString() == "NONE",
        // To the engine, 0 means its default.
        Text(check, "interval") is { } text && GoDuration.Parse(text) is var interval && interval > TimeSpan.Zero
            ? interval
            : EngineInterval,
        check.TryGetProperty("retries", out var retries) && retries.GetInt32() is > 0 and var count ? count : EngineRetries);

    private static string NameOf(JsonProperty resource) =>
        (resource.Value.ValueKind == JsonValueKind.Object ? Text(resource.Value, "name") : null) ?? resource.Name;

    private static bool IsExternal(JsonProperty resource) =>
        resource.Value.ValueKind == JsonValueKind.Object
        && resource.Value.TryGetProperty("external", out var external) && external.ValueKind == JsonValueKind.True;

    private static IEnumerable<JsonProperty> Members(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject()
            : Enumerable.Empty<JsonProperty>();

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray()
            : Enumerable.Empty<JsonElement>();

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? Scalar(value) : null;

    private static string? Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Null => null,
        _ => value.GetRawText(),
    };
}
