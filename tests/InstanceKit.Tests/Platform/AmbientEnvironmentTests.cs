using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.Tests.Platform;

public sealed class AmbientEnvironmentTests
{
    [Theory]
    [InlineData("COMPOSE_FILE", "other.yml")]
    [InlineData("COMPOSE_PROJECT_NAME", "other")]
    [InlineData("COMPOSE_PROFILES", "")]
    [InlineData("NUKE_INSTANCE", "3")]
    [InlineData("SHIPSEC_INSTANCE", "3")]
    [InlineData("SHIPSEC_ENV", "production")]
    [InlineData("NODE_ENV", "production")]
    [InlineData("PORT", "80")]
    [InlineData("MINIO_PORT", "9000")]
    [InlineData("VITE_PORT", "1")]
    [InlineData("VITE_API_URL", "https://studio.example.com")]
    [InlineData("TEMPORAL_NAMESPACE", "x")]
    [InlineData("TEMPORAL_TASK_QUEUE", "x")]
    [InlineData("TERMINAL_REDIS_URL", "x")]
    [InlineData("LOG_KAFKA_BROKERS", "x")]
    [InlineData("NODE_APP_INSTANCE", "0")]
    [InlineData("pm_id", "0")]
    [InlineData("DATABASE_URL", "postgresql://u:p@localhost:5433/studio")]
    [InlineData("BROKERS", "kafka.example.com:9092,localhost:9092")]
    [InlineData("BROKER", "LocalHost:9092")]
    [InlineData("URL", "http://127.0.0.1:80")]
    [InlineData("URL", "http://127.1.2.3:80")]
    [InlineData("URL", "http://[::1]:80")]
    [InlineData("URL", "http://0.0.0.0:80")]
    [InlineData("URL", "redis://host.docker.internal:6379")]
    [InlineData("LIST", "[\"localhost:9092\"]")]
    [InlineData("OPTIONS", "--broker=localhost:9092 --x")]
    public void What_would_lead_elsewhere_goes(string name, string value) =>
        Assert.Equal([new(name, null)], Scrub(name, value));

    [Theory]
    [InlineData("PATH", "/usr/bin:/bin")]
    [InlineData("HOME", "/home/dev")]
    [InlineData("DOCKER_HOST", "tcp://localhost:2375")]
    [InlineData("DOCKER_CONTEXT", "colima")]
    [InlineData("http_proxy", "http://localhost:3128")]
    [InlineData("HTTPS_PROXY", "http://127.0.0.1:3128")]
    [InlineData("ALL_Proxy", "socks5://localhost:1080")]
    [InlineData("DATABASE_URL", "postgresql://u:p@db.example.com:5433/studio")]
    [InlineData("URL", "http://localhost/")]
    [InlineData("URL", "http://mylocalhost:80")]
    [InlineData("URL", "http://localhost.example.com:80")]
    [InlineData("PORTS", "80")]
    [InlineData("MY_COMPOSE_FILE", "x")]
    [InlineData("compose_file", "x")]
    public void Everything_else_stays(string name, string value) => Assert.Empty(Scrub(name, value));

    [Fact]
    public void What_is_named_stays_whatever_the_rules_say() => Assert.Equal(
        [new("COMPOSE_FILE", null)],
        AmbientEnvironment.Scrub([new("COMPOSE_FILE", "a"), new("PORT", "1"), new("X", "localhost:1")], keep: ["PORT", "X"]));

    private static IReadOnlyDictionary<string, string?> Scrub(string name, string value) =>
        AmbientEnvironment.Scrub([new(name, value), new("PLAIN", "text")]);
}
