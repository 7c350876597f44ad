namespace InstanceKit.Generation;

/// <summary>Loki: an installed <c>loki</c>, alone, with its data in one folder. The container's config names the container's paths.</summary>
public sealed class LokiProvider : EmbeddedProvider
{
    private const int TargetPort = 3100;

    /// <inheritdoc />
    public override IReadOnlyList<string> Images => ["grafana/loki", "loki"];

    /// <inheritdoc />
    public override IReadOnlyList<EmbeddedTool> Tools => [EmbeddedTool.Installed("loki")];

    /// <inheritdoc />
    public override string? Refuse(EmbeddedService service) =>
        service.PortOf(TargetPort) is null ? $"it publishes no port {TargetPort}" : null;

    /// <inheritdoc />
    public override EmbeddedProcess Run(EmbeddedService service, FoundTool tool)
    {
        var port = service.PortOf(TargetPort)!.Value;
        var config = Path.Combine(service.DataFolder, "loki.yml");
        return new EmbeddedProcess
        {
            Script = tool.Program("loki"),
            Arguments = [$"-config.file={config}"],
            Port = port,
            Files = new Dictionary<string, string> { [config] = ConfigOf(service, port) },
        };
    }

    private static string ConfigOf(EmbeddedService service, int port) =>
        $$"""
        auth_enabled: false
        analytics: { reporting_enabled: false }
        server:
          http_listen_address: {{service.Address}}
          http_listen_port: {{port}}
          grpc_listen_address: {{service.Address}}
          grpc_listen_port: 0
        common:
          path_prefix: '{{service.DataFolder.Replace("'", "''", StringComparison.Ordinal)}}'
          replication_factor: 1
          ring:
            instance_addr: 127.0.0.1
            kvstore: { store: inmemory }
          storage:
            filesystem: {}
        schema_config:
          configs:
            - from: 2024-01-01
              store: tsdb
              object_store: filesystem
              schema: v13
              index: { prefix: index_, period: 24h }

        """;
}
