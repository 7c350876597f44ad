using InstanceKit.Models;

namespace InstanceKit.Stacks;

/// <summary>The stack of ShipSec Studio, according to its multi-instance specification.</summary>
public static class StudioStack
{
    /// <summary>The compose file that identifies a workspace.</summary>
    public const string ComposeFile = "docker/docker-compose.infra.yml";

    /// <summary>The overlay that publishes ports that later layouts of the infrastructure only expose.</summary>
    public const string PortsOverlay = "docker/docker-compose.dev-ports.yml";

    /// <summary>The stack's name where none is chosen.</summary>
    public const string DefaultName = "shipsec";

    /// <summary>Creates the stack.</summary>
    /// <param name="name">Begins every project, process and namespace name.</param>
    /// <param name="hasPortsOverlay">Whether the workspace has <see cref="PortsOverlay"/>.</param>
    public static StackDefinition Create(string name = DefaultName, bool hasPortsOverlay = false) => new()
    {
        Name = StackDefinition.RequireName(name),
        ConfigPrefix = DefaultName,
        ComposeFiles = hasPortsOverlay ? [ComposeFile, PortsOverlay] : [ComposeFile],
        Ports =
        [
            App("FRONTEND", "Frontend", 5173, "frontend"),
            App("BACKEND", "Backend", 3211, "backend"),
            Service("TEMPORAL_CLIENT", "Temporal Client", 7233, "temporal", 7233),
            Service("TEMPORAL_UI", "Temporal UI", 8081, "temporal-ui", 8080, "http"),
            Service("POSTGRES", "PostgreSQL", 5433, "postgres", 5432, "postgresql"),
            Service("MINIO_API", "MinIO API", 9000, "minio", 9000, "http"),
            Service("MINIO_CONSOLE", "MinIO Console", 9001, "minio", 9001, "http"),
            Service("REDIS", "Redis", 6379, "redis", 6379, "redis"),
            Service("LOKI", "Loki", 3100, "loki", 3100, "http"),
            // Env files of some layouts use 19092 for the broker; no layout publishes it.
            Service("REDPANDA", "Redpanda", 9092, "redpanda", 9092) with { AlsoKnownAs = [19092] },
            Service("REDPANDA_CONSOLE", "Redpanda Console", 8082, "redpanda-console", 8080, "http"),
        ],
        Apps =
        [
            new AppDefinition
            {
                Name = "frontend", Directory = "frontend", PortName = "FRONTEND", WaitsForServices = false,
                Variables = [new("VITE_PORT", "{port:FRONTEND}")],
            },
            new AppDefinition
            {
                Name = "backend", Directory = "backend", PortName = "BACKEND",
                Variables =
                [
                    new("LOG_KAFKA_CLIENT_ID", "{stack}-backend-{instance}"),
                    new("LOG_KAFKA_GROUP_ID", "{stack}-backend-log-consumer-{instance}"),
                    new("EVENT_KAFKA_CLIENT_ID", "{stack}-backend-events-{instance}"),
                    new("EVENT_KAFKA_GROUP_ID", "{stack}-event-ingestor-{instance}"),
                ],
            },
            new AppDefinition
            {
                Name = "worker", Directory = "worker",
                Variables =
                [
                    new("STUDIO_API_BASE_URL", "http://localhost:{port:BACKEND}/api/v1"),
                    new("LOG_KAFKA_CLIENT_ID", "{stack}-worker-{instance}"),
                    new("EVENT_KAFKA_CLIENT_ID", "{stack}-worker-events-{instance}"),
                ],
            },
        ],
        Variables =
        [
            new("SHIPSEC_INSTANCE", "{instance}"),
            new("SHIPSEC_ENV", "development"),
            new("NODE_ENV", "development"),
            new("PORT", "{port:BACKEND}"),
            new("VITE_API_URL", "http://localhost:{port:BACKEND}"),
            new("TEMPORAL_ADDRESS", "localhost:{port:TEMPORAL_CLIENT}"),
            new("TEMPORAL_NAMESPACE", "{project}"),
            new("TEMPORAL_TASK_QUEUE", "{project}"),
            new("TERMINAL_REDIS_URL", "redis://localhost:{port:REDIS}"),
            new("LOG_KAFKA_BROKERS", "localhost:{port:REDPANDA}"),
        ],
        // Its topics end in the number of the instance, its bucket and its search indexes have fixed names.
        DefaultSharing = new Dictionary<string, ServiceSharing>(StringComparer.Ordinal)
        {
            ["redpanda"] = ServiceSharing.Tenant, ["loki"] = ServiceSharing.Tenant, ["minio"] = ServiceSharing.Own, ["opensearch"] = ServiceSharing.Own,
        },
        SharedVariables = [new("LOKI_TENANT_ID", "{project}")],
    };

    private static NamedPort App(string name, string label, int basePort, string app) =>
        new(name, label, basePort, new PortOwner(OwnerKind.App, app), "http") { IsFixed = true };

    private static NamedPort Service(string name, string label, int basePort, string service, int targetPort, string? scheme = null) =>
        new(name, label, basePort, new PortOwner(OwnerKind.Service, service), scheme)
        {
            TargetPort = targetPort,
            IsFixed = true,
        };
}
