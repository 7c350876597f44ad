using System.Text.Json.Nodes;

namespace InstanceKit.IntegrationTests.Support;

/// <summary>A container as <c>docker inspect</c> shows it.</summary>
internal sealed record EngineContainer
{
    /// <summary>Its whole id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, without the slash.</summary>
    public required string Name { get; init; }

    /// <summary>The engine's word for its state: <c>running</c>.</summary>
    public required string State { get; init; }

    /// <summary>When it was last started, as the engine writes it.</summary>
    public required string StartedAt { get; init; }

    /// <summary>Its host name: the short id where none is chosen.</summary>
    public required string HostName { get; init; }

    /// <summary>Its labels.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Its published ports.</summary>
    public required IReadOnlyList<PortBinding> Bindings { get; init; }

    /// <summary>The Compose service.</summary>
    public string Service => Labels.GetValueOrDefault("com.docker.compose.service", "");

    /// <summary>Reads one element of what <c>docker inspect</c> prints.</summary>
    public static EngineContainer Read(JsonNode node)
    {
        return new EngineContainer
        {
            Id = At("Id").GetValue<string>(),
            Name = At("Name").GetValue<string>().TrimStart('/'),
            State = At("State", "Status").GetValue<string>(),
            StartedAt = At("State", "StartedAt").GetValue<string>(),
            HostName = At("Config", "Hostname").GetValue<string>(),
            Labels = ReadLabels(At("Config", "Labels")),
            Bindings = [.. ReadBindings(At("HostConfig")["PortBindings"], node["NetworkSettings"]?["Ports"])],
        };

        JsonNode At(params ReadOnlySpan<string> path)
        {
            var found = node;
            foreach (var step in path)
                found = found[step] ?? throw new InvalidOperationException($"docker inspect shows no {step}: {node}");
            return found;
        }
    }

    /// <summary>What was asked for; where the engine picks, alone or out of a range, what it picked.</summary>
    private static IEnumerable<PortBinding> ReadBindings(JsonNode? asked, JsonNode? picked)
    {
        foreach (var (key, bindings) in asked?.AsObject() ?? [])
        {
            var isFixed = bindings!.AsArray().All(b => int.TryParse((string)b!["HostPort"]!, out _));
            foreach (var binding in (isFixed ? bindings : picked?[key])?.AsArray() ?? [])
                yield return new PortBinding((string)binding!["HostIp"]!, int.Parse((string)binding["HostPort"]!), int.Parse(key.Split('/')[0]), key.Split('/')[^1]);
        }
    }

    /// <summary>Reads labels; none where there is nothing.</summary>
    public static IReadOnlyDictionary<string, string> ReadLabels(JsonNode? node) =>
        (node?.AsObject() ?? []).ToDictionary(l => l.Key, l => (string)l.Value!, StringComparer.Ordinal);
}

/// <summary>A published port.</summary>
/// <param name="Address">The host address it is bound to.</param>
/// <param name="Port">The port on the host.</param>
/// <param name="Target">The port in the container.</param>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
internal sealed record PortBinding(string Address, int Port, int Target, string Protocol = "tcp");
