using System.Text.Json.Nodes;

namespace InstanceKit.Generation;

/// <summary>Redpanda: an installed <c>redpanda</c>, alone and in its mode for development.</summary>
public sealed class RedpandaProvider : EmbeddedProvider
{
    private const int KafkaPort = 9092;
    private const int AdminPort = 9644;

    /// <inheritdoc />
    public override IReadOnlyList<string> Images => ["redpandadata/redpanda", "vectorized/redpanda", "redpanda"];

    /// <inheritdoc />
    public override IReadOnlyList<EmbeddedTool> Tools => [EmbeddedTool.Installed("redpanda")];

    /// <inheritdoc />
    public override string? Refuse(EmbeddedService service) => PortOf(service) is null ? "it publishes no Kafka port" : null;

    /// <inheritdoc />
    public override EmbeddedProcess Run(EmbeddedService service, FoundTool tool)
    {
        var port = PortOf(service)!.Value;
        var admin = service.PortOf(AdminPort);
        return new EmbeddedProcess
        {
            Script = tool.Launcher("redpanda.cjs"),
            IsNodeScript = true,
            Settings = new JsonObject
            {
                ["program"] = tool.Program("redpanda"),
                ["data"] = service.DataFolder,
                ["address"] = service.Address,
                ["port"] = port,
                ["adminPort"] = admin,
            }.ToJsonString(),
            Port = port,
            Serves = admin is { } also ? [port, also] : [port],
            StopTimeout = 15_000,
        };
    }

    // 9092 within the container, or whatever an outside listener has.
    private static int? PortOf(EmbeddedService service) => service.PortOf(KafkaPort)
        ?? (service.Service.Ports.FirstOrDefault(p => p.Protocol == "tcp" && p.TargetPort is >= 9092 and <= 29092 and not AdminPort) is { } other
            ? service.PortOf(other.TargetPort) : null);
}
