using System.Globalization;

namespace InstanceKit.Tenants;

/// <summary>Which servers can be shared by tenants, and what they need for it.</summary>
internal static class TenantKinds
{
    /// <summary>The number of an instance is the index of its database; an unused one costs nothing.</summary>
    private const int LogicalDatabases = 256;

    private const int OwnConnections = 100;
    private const int ConnectionsOfTenant = 40;

    /// <summary>By the last part of an image's name: <c>bitnami/postgresql</c>.</summary>
    private static readonly Dictionary<string, TenantKind> Images = new(StringComparer.Ordinal)
    {
        ["postgres"] = TenantKind.PostgreSql, ["postgresql"] = TenantKind.PostgreSql, ["pgvector"] = TenantKind.PostgreSql,
        ["postgis"] = TenantKind.PostgreSql, ["timescaledb"] = TenantKind.PostgreSql, ["timescaledb-ha"] = TenantKind.PostgreSql,
        ["mysql"] = TenantKind.MySql, ["mysql-server"] = TenantKind.MySql, ["mariadb"] = TenantKind.MySql, ["percona-server"] = TenantKind.MySql,
        ["mongo"] = TenantKind.MongoDb, ["mongodb"] = TenantKind.MongoDb, ["mongodb-community-server"] = TenantKind.MongoDb,
        ["redis"] = TenantKind.Redis, ["valkey"] = TenantKind.Redis, ["redis-stack"] = TenantKind.Redis, ["redis-stack-server"] = TenantKind.Redis,
        ["temporal"] = TenantKind.Temporal, ["auto-setup"] = TenantKind.Temporal,
        ["kafka"] = TenantKind.Kafka, ["cp-kafka"] = TenantKind.Kafka, ["redpanda"] = TenantKind.Kafka,
        ["rabbitmq"] = TenantKind.RabbitMq,
        ["loki"] = TenantKind.Loki,
        ["minio"] = TenantKind.S3,
    };

    private static readonly Dictionary<TenantKind, TenantClient> Clients = new()
    {
        [TenantKind.PostgreSql] = new PostgreSqlClient(), [TenantKind.MySql] = new MySqlClient(), [TenantKind.MongoDb] = new MongoDbClient(),
        [TenantKind.Redis] = new RedisClient(), [TenantKind.Temporal] = new TemporalClient(), [TenantKind.Kafka] = new KafkaClient(),
        [TenantKind.RabbitMq] = new RabbitMqClient(), [TenantKind.Loki] = new LokiClient(), [TenantKind.S3] = new MinIoClient(),
    };

    /// <summary>What the server in an image is; <see langword="null"/> if no tenants of it are known.</summary>
    /// <param name="image">A reference with or without registry, tag and digest.</param>
    public static TenantKind? OfImage(string image)
    {
        var name = image.Split('@')[0];
        name = name[(name.LastIndexOf('/') + 1)..].Split(':')[0];
        return Images.TryGetValue(name, out var kind) && Clients.ContainsKey(kind) ? kind : null;
    }

    /// <summary>The port of a kind's protocol, inside its container.</summary>
    public static int PortOf(TenantKind kind) => kind switch
    {
        TenantKind.PostgreSql => 5432, TenantKind.MySql => 3306, TenantKind.MongoDb => 27017, TenantKind.Redis => 6379, TenantKind.Temporal => 7233,
        TenantKind.Kafka => 9092, TenantKind.RabbitMq => 5672, TenantKind.Loki => 3100, _ => 9000,
    };

    /// <summary>Manages the tenants of a kind.</summary>
    public static TenantClient Of(TenantKind kind) => Clients[kind];

    /// <summary>Words to add to the command of a shared server so that it can hold the tenants; none if its defaults do.</summary>
    /// <param name="instances">How many instances there may be, counted from 0.</param>
    public static IReadOnlyList<string> CommandFor(TenantKind kind, int instances) => kind switch
    {
        TenantKind.PostgreSql => ["-c", string.Create(CultureInfo.InvariantCulture, $"max_connections={OwnConnections + (ConnectionsOfTenant * instances)}")],
        TenantKind.Redis => ["--databases", Math.Max(LogicalDatabases, instances).ToString(CultureInfo.InvariantCulture)],
        // Without it, Loki takes all clients for one tenant.
        TenantKind.Loki => ["-auth.enabled=true"],
        _ => [],
    };

    /// <summary>The command of an image whose own one the words of <see cref="CommandFor"/> would replace; empty where its entry point adds it.</summary>
    public static IReadOnlyList<string> UsualCommand(TenantKind kind) => kind == TenantKind.Loki ? ["-config.file=/etc/loki/local-config.yaml"] : [];
}
