using System.Text.Json.Nodes;
using InstanceKit.Engine;
using InstanceKit.Infra;
using InstanceKit.Models;
using InstanceKit.Observing;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Infra;

public sealed class EmbeddedProvidersTests
{
    [Theory]
    [InlineData("postgres:16-alpine", "PostgresProvider")]
    [InlineData("docker.io/library/postgres@sha256:0123", "PostgresProvider")]
    [InlineData("localhost:5000/redis", "RedisProvider")]
    [InlineData("valkey/valkey:8", "RedisProvider")]
    [InlineData("minio/minio:RELEASE.2024-10-02T17-50-41Z", "ObjectStoreProvider")]
    [InlineData("temporalio/auto-setup:1.25.2", "TemporalProvider")]
    [InlineData("grafana/loki:3.2.1", "LokiProvider")]
    [InlineData("redpandadata/redpanda:v24.2.5", "RedpandaProvider")]
    [InlineData("postgis/postgis:16", null)] // its extension would be missing
    [InlineData("minio/mc", null)]
    [InlineData("somebody/postgres", null)]
    [InlineData(null, null)]
    public void Image_decides(string? image, string? provider) =>
        Assert.Equal(provider, EmbeddedProviders.For(Service("x", image, 1), [])?.GetType().Name);

    [Fact]
    public void Stacks_own_command_goes_before_the_table()
    {
        var command = new EmbeddedCommand("postgres", ["mydb", "--listen={port}", "--at", "{data}/x"]);
        var provider = EmbeddedProviders.For(Service("postgres", "postgres:16", 5432), [command])!;

        var process = provider.Run(Embedded("postgres", "postgres:16", 5432, 5433), Found(provider.Tools[0]));

        Assert.Equal("/bin/mydb", process.Script);
        Assert.Equal(["--listen=5633", "--at", "/home/dev/studio/.instances/instance-2/data/postgres/x"], process.Arguments);
    }

    [Fact]
    public void Postgres_takes_settings_from_the_command_but_not_those_of_the_instance()
    {
        var service = Embedded("postgres", "postgres:16", 5432, 5433, s => s with
        {
            Environment = new Dictionary<string, string?> { ["POSTGRES_USER"] = "dev", ["POSTGRES_PASSWORD"] = "pw" },
            Command = ["postgres", "-c", "wal_level=logical", "-c", "port=1", "-c", "listen_addresses=*"],
            Mounts =
            [
                new ComposeMount("bind", "/w/init", "/docker-entrypoint-initdb.d/", false),
                new ComposeMount("bind", "/w/one.sql", "/docker-entrypoint-initdb.d/5.sql", true),
                new ComposeMount("volume", "data", "/var/lib/postgresql/data", false),
            ],
        });

        var settings = JsonNode.Parse(new PostgresProvider().Run(service, Found(EmbeddedTool.Fetched("postgres"))).Settings!)!;

        Assert.Equal("""["-c","wal_level=logical"]""", settings["options"]!.ToJsonString());
        Assert.Equal("""[":/w/init","5.sql:/w/one.sql"]""", settings["scriptMounts"]!.ToJsonString());
        Assert.Equal("dev", (string?)settings["database"]);
        Assert.Equal(5633, (int)settings["port"]!);
    }

    [Fact]
    public void Temporal_serves_the_instances_namespace_on_its_port() => Assert.Equal(
        "server start-dev --ip 127.0.0.1 --port 7433 --namespace shipsec-dev-2 "
        + "--db-filename /home/dev/studio/.instances/instance-2/data/temporal/temporal.db --headless",
        string.Join(' ', new TemporalProvider().Run(
            Embedded("temporal", "temporalio/auto-setup", 7233, 7233), Found(EmbeddedTool.Installed("temporal"))).Arguments));

    [Fact]
    public void Temporals_own_interface_has_the_port_of_the_service_that_would_show_it()
    {
        var ui = Service("temporal-ui", "temporalio/ui:2.34.0", 8080, 8081);
        var temporal = Service("temporal", "temporalio/auto-setup", 7233);
        var ports = Studio.Ports(2, [.. temporal.Ports, .. ui.Ports]);
        var service = new EmbeddedService(Studio.Spec(2), temporal, ports) { Siblings = [temporal, ui] };

        var words = new TemporalProvider().Run(service, Found(EmbeddedTool.Installed("temporal"))).Arguments;

        Assert.Equal(["--ui-port", "8281", "--ui-ip", "127.0.0.1"], words.TakeLast(4));
        Assert.Equal(new EmbeddedCompanion("temporal", IsLasting: true), EmbeddedCompanion.Of(service with { Service = ui }, []));
    }

    [Theory]
    [InlineData("mc alias set local http://minio:9000 a b && mc mb --ignore-existing local/files && mc mb -p local/more", null, "files,more")]
    [InlineData("until mc alias set x; do sleep 1; done; mc mb \"x/$BUCKET\" || true", "named", "named")]
    [InlineData("/opt/make-bucket.sh", "named", "named")]
    [InlineData("mc mb local/../../etc", null, "")]
    [InlineData("mc ls", null, "")]
    public void The_buckets_that_the_MinIO_client_would_make_are_known(string line, string? variable, string buckets)
    {
        var client = Service("init", "minio/mc:latest", 1) with
        {
            Entrypoint = ["/bin/sh", "-c", line],
            Environment = new Dictionary<string, string?> { ["BUCKET"] = variable, ["MINIO_BUCKET"] = variable },
        };

        Assert.Equal(buckets, string.Join(',', ObjectStoreClient.BucketsOf(client)));
        Assert.Equal(buckets.Length > 0, ObjectStoreClient.IsOne(client));
    }

    [Fact]
    public void No_secret_stands_in_a_command_line()
    {
        var redis = Embedded("redis", "redis", 6379, 6379, s => s with { Command = ["sh", "-c", "redis-server --requirepass 'hidden'"] });
        foreach (var tool in new RedisProvider().Tools)
        {
            var process = new RedisProvider().Run(redis, Found(tool));
            Assert.DoesNotContain(process.Arguments, a => a.Contains("hidden", StringComparison.Ordinal));
            Assert.Contains("\"hidden\"", process.Settings, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_skipped_service_names_what_of_Docker_is_missing()
    {
        var service = Embedded("x", "example/search:1", 9200, 9200);
        var planner = new EmbeddedPlanner(new EmbeddedTools(Path.GetTempPath(), "", _ => { }), [], "Docker Compose");

        var choices = await planner.ChooseAsync(
            service.Spec, new ComposeModel("p", [service.Service], [], [], ""), service.Ports, TestContext.Current.CancellationToken);

        Assert.Equal("needs Docker Compose", Assert.Single(choices).Skipped);
    }

    [Fact]
    public void Skipped_service_is_settled_but_not_ready()
    {
        var skipped = new ObservedContainer
        {
            Id = "", Name = "", Service = "loki", State = ContainerState.Exited, StaysEnded = true, Skipped = "needs Docker",
        };

        var readiness = Readiness.OfService(skipped, DateTimeOffset.UnixEpoch);

        Assert.Equal("skipped: needs Docker", readiness.Reason);
        Assert.Equal((true, false), (readiness.IsSettled, readiness.IsReady));
    }

    private static ComposeService Service(string name, string? image, int target, int? basePort = null) =>
        new() { Name = name, Image = image, Ports = [new PublishedPort(name, target, basePort ?? target)] };

    private static EmbeddedService Embedded(
        string name, string image, int target, int basePort, Func<ComposeService, ComposeService>? change = null)
    {
        var service = Service(name, image, target, basePort);
        return new EmbeddedService(Studio.Spec(2), change is null ? service : change(service), Studio.Ports(2, [.. service.Ports]));
    }

    private static FoundTool Found(EmbeddedTool tool) =>
        new(tool, "/tools/x", "/tools/x", "/tools/launchers", tool.Programs.ToDictionary(p => p, p => $"/bin/{p}"));
}
