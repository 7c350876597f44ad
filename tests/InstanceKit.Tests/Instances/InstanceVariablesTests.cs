using InstanceKit.Instances;
using Xunit;

namespace InstanceKit.Tests.Instances;

public sealed class InstanceVariablesTests
{
    [Fact]
    public void The_backend_has_the_nine_variables_of_the_specification() => Assert.Equal(
        """
        SHIPSEC_INSTANCE=1
        SHIPSEC_ENV=development
        NODE_ENV=development
        PORT=3311
        VITE_API_URL=http://localhost:3311
        TEMPORAL_ADDRESS=localhost:7333
        TEMPORAL_NAMESPACE=shipsec-dev-1
        TEMPORAL_TASK_QUEUE=shipsec-dev-1
        TERMINAL_REDIS_URL=redis://localhost:6479
        LOG_KAFKA_BROKERS=localhost:9192
        LOG_KAFKA_CLIENT_ID=shipsec-backend-1
        LOG_KAFKA_GROUP_ID=shipsec-backend-log-consumer-1
        EVENT_KAFKA_CLIENT_ID=shipsec-backend-events-1
        EVENT_KAFKA_GROUP_ID=shipsec-event-ingestor-1
        """.ReplaceLineEndings("\n"),
        Lines(1, "backend"));

    [Theory]
    [InlineData("frontend", "PORT=5273 VITE_PORT=5273")]
    [InlineData("backend", "PORT=3311")]
    [InlineData("worker", "PORT=3311")]
    public void Port_is_the_app_s_own_or_the_backend_s(string app, string expected) => Assert.Equal(
        expected,
        string.Join(' ', Lines(1, app).Split('\n').Where(l => l.Contains("PORT=", StringComparison.Ordinal))));

    [Fact]
    public void The_worker_finds_its_own_backend() =>
        Assert.Contains("STUDIO_API_BASE_URL=http://localhost:3711/api/v1", Lines(5, "worker").Split('\n'));

    [Fact]
    public void No_two_instances_share_an_address_or_a_name()
    {
        var shared = Studio.Stack.Apps.SelectMany(app =>
            Lines(1, app.Name).Split('\n').Intersect(Lines(2, app.Name).Split('\n'))).Distinct();

        Assert.Equal(["SHIPSEC_ENV=development", "NODE_ENV=development"], shared);
    }

    [Fact]
    public void An_app_with_a_port_gets_it_although_the_stack_sets_none()
    {
        var spec = Studio.Spec(1) with { Stack = Studio.Stack with { Variables = [] } };

        var variables = InstanceVariables.For(spec, Studio.Ports(1), Studio.App("backend") with { Variables = [] });

        Assert.Equal([new("PORT", "3311")], variables);
    }

    private static string Lines(int instance, string app) => string.Join(
        '\n',
        InstanceVariables.For(Studio.Spec(instance), Studio.Ports(instance), Studio.App(app)).Select(v => $"{v.Key}={v.Value}"));
}
