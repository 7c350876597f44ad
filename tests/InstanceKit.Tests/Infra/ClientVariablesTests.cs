using InstanceKit.Infra;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Ports;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Infra;

/// <summary>The variables by which clients on this machine find a service.</summary>
public sealed class ClientVariablesTests
{
    private static readonly InstanceSpec Spec = new(StudioStack.Create(), "/w", 1);

    [Fact]
    public void PostgreSQL_is_found_by_libpq_whatever_its_image() => Assert.Equal(
        ["POSTGRES_PORT=5533", "PGHOST=localhost", "PGPORT=5533", "PGUSER=ann", "PGPASSWORD=s3 cret", "PGDATABASE=notes"],
        Of("postgres", "pgvector/pgvector:pg16", 5432, ("POSTGRES_USER", "ann"), ("POSTGRES_PASSWORD", "s3 cret"), ("POSTGRES_DB", "notes")));

    [Fact]
    public void What_the_compose_file_leaves_out_is_what_the_image_does() => Assert.Equal(
        ["POSTGRES_PORT=5533", "PGHOST=localhost", "PGPORT=5533", "PGUSER=postgres", "PGDATABASE=postgres"],
        Of("postgres", "postgres:16", 5432, ("POSTGRES_HOST_AUTH_METHOD", "trust")));

    [Fact]
    public void Redis_is_an_address() => Assert.Equal(
        ["REDIS_PORT=6479", "REDIS_URL=redis://localhost:6479"], Of("redis", "redis:7", 6379));

    [Fact]
    public void A_password_of_redis_is_in_it() => Assert.Equal(
        ["REDIS_PORT=6479", "REDISCLI_AUTH=p@ss", "REDIS_URL=redis://:p%40ss@localhost:6479"],
        Variables(Service("redis", "redis:7", 6379) with { Command = ["redis-server", "--requirepass", "p@ss"] }));

    [Fact]
    public void Temporal_has_the_namespace_of_the_instance() => Assert.Equal(
        ["TEMPORAL_CLIENT_PORT=7333", "TEMPORAL_ADDRESS=localhost:7333", "TEMPORAL_NAMESPACE=shipsec-dev-1"],
        Of("temporal", "temporalio/auto-setup:1", 7233));

    [Fact]
    public void An_object_store_is_found_by_the_clients_of_S3() => Assert.Equal(
        [
            "MINIO_API_PORT=9100", "MINIO_CONSOLE_PORT=9101", "AWS_ENDPOINT_URL=http://localhost:9100", "AWS_ACCESS_KEY_ID=root",
            "AWS_SECRET_ACCESS_KEY=pw", "AWS_REGION=us-east-1",
        ],
        Of("minio", "minio/minio", 9000, ("MINIO_ROOT_USER", "root"), ("MINIO_ROOT_PASSWORD", "pw")));

    [Fact]
    public void Of_another_service_the_ports_are_known() =>
        Assert.Equal(["LOKI_PORT=3200"], Of("loki", "grafana/loki:3", 3100));

    private static IEnumerable<string> Of(string name, string image, int target, params (string Name, string Value)[] environment) =>
        Variables(Service(name, image, target) with
        {
            Environment = environment.ToDictionary(v => v.Name, v => (string?)v.Value, StringComparer.Ordinal),
        });

    private static ComposeService Service(string name, string image, int target) => new()
    {
        Name = name,
        Image = image,
        Ports = [new PublishedPort(name, target, Spec.Stack.Ports.First(p => p.Owner.Name == name && p.TargetPort == target).BasePort)],
    };

    private static IEnumerable<string> Variables(ComposeService service) =>
        ClientVariables.Of(new EmbeddedService(Spec, service, PortPlanner.Plan(Spec.Stack, service.Ports, Spec.Number)))
            .Select(v => $"{v.Key}={v.Value}");
}
