using InstanceKit.Addresses;
using InstanceKit.Env;
using InstanceKit.Setup;
using Xunit;

namespace InstanceKit.Tests.Setup;

/// <summary>Whole env files of instance 1, as people will see them.</summary>
public sealed class EnvPatchSnapshots
{
    private static readonly PortMap Ports = PortMap.Of(
        new[] { 5173, 3211, 7233, 8081, 5433, 9000, 9001, 6379, 3100, 9092, 8082 }
            .Select(port => KeyValuePair.Create(port, port + 100)));

    [Fact]
    public void Backend() => Snapshot.Verify(Patched(
        """
        # The API server. Copy to .env and adjust.

        NODE_ENV=development
        PORT=3211                     # HTTP

        # --- storage -------------------------------------------------
        DATABASE_URL="postgresql://studio:s3cr%40t@localhost:5433/studio?schema=public"
        # DATABASE_URL="postgresql://studio:secret@db.example.com:5433/studio"
        TERMINAL_REDIS_URL='redis://localhost:6379/0'
        MINIO_ENDPOINT=localhost
        MINIO_PORT=9000
        ARCHIVE_ENDPOINT=s3.example.com
        ARCHIVE_PORT=9000

        # --- messages ------------------------------------------------
        TEMPORAL_ADDRESS=localhost:7233
        TEMPORAL_NAMESPACE="studio-dev"
        LOG_KAFKA_BROKERS=localhost:9092,127.0.0.1:9092,broker.example.com:9092
        LOKI_URL = http://localhost:3100

        export CORS_ORIGINS=`["http://localhost:5173","http://127.0.0.1:5173","https://studio.example.com"]`
        AUTH_CALLBACK=https://id.example.com/login?next=http%3A%2F%2Flocalhost%3A5173%2Fdone
        SIGNING_KEY="-----BEGIN KEY-----
        bG9jYWxob3N0OjU0MzM=
        -----END KEY-----"
        """.ReplaceLineEndings("\n"), new("PORT", "3311"), new("NODE_ENV", "development"),
            new("TEMPORAL_NAMESPACE", "shipsec-dev-1"),
            new("TEMPORAL_TASK_QUEUE", "shipsec-dev-1"), new("SHIPSEC_INSTANCE", "1")), "env");

    [Fact]
    public void Worker() => Snapshot.Verify(Patched(
        """
        DB_HOST=127.0.0.1
        DB_PORT=5433
        DATABASE_URL=postgresql://studio:studio@${DB_HOST}:${DB_PORT}/studio
        TEMPORAL_ADDRESS=host.docker.internal:7233
        TEMPORAL_TASK_QUEUE=dev
        KAFKA: localhost:9092
        RATE=12:5433
        TEMPORAL_TASK_QUEUE=dev-again   # the last one counts

        """.ReplaceLineEndings("\r\n"), new("TEMPORAL_TASK_QUEUE", "shipsec-dev-1"),
            new("LOG_KAFKA_CLIENT_ID", "worker-1")), "env");

    [Fact]
    public void Frontend() => Snapshot.Verify(Patched(
        """
        VITE_API_URL=http://localhost:3211
        VITE_APP_NAME=Studio (local)
        VITE_LOGO=https://cdn.example.com:3211/logo.svg
        VITE_ANALYTICS=
        """.ReplaceLineEndings("\n"), new("VITE_API_URL", "http://localhost:3311"),
            new("VITE_INSTANCE_LABEL", "instance #1")), "env");

    /// <summary>The patched file, then what changed, as comments.</summary>
    private static string Patched(string text, params KeyValuePair<string, string>[] set)
    {
        var result = EnvPatch.Apply(DotEnvDocument.Parse(text), new Translator(Ports), set, "instance 1");
        var changes = result.Changes.Select(each => $"#: line {each.Line}, {each.Key}: {each.Cause}\n");
        return $"{result.Document}{string.Concat(changes)}#: needs {string.Join(", ", result.AddressedBasePorts)}\n";
    }
}
