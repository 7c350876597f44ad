using InstanceKit.IntegrationTests.Support;
using InstanceKit.Tests;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>What the apps of three instances were started with.</summary>
public sealed class AppEnvironmentTests(StudioFixture studio) : StudioScenario(studio)
{
    private static readonly string[] Apps = ["backend", "frontend", "worker"];

    [Theory]
    [InlineData("backend")]
    [InlineData("frontend")]
    [InlineData("worker")]
    public async Task Every_app_has_the_nine_variables_of_the_specification(string app)
    {
        foreach (var instance in Studio.All)
        {
            var variables = await VariablesAsync(instance, app);

            Assert.Equal($"{instance.Number}", variables["SHIPSEC_INSTANCE"]);
            Assert.Equal("development", variables["SHIPSEC_ENV"]);
            Assert.Equal("development", variables["NODE_ENV"]);
            Assert.Equal($"{(app == "frontend" ? instance.FrontendPort : instance.BackendPort)}", variables["PORT"]);
            Assert.Equal($"http://localhost:{instance.BackendPort}", variables["VITE_API_URL"]);
            Assert.Equal(instance.Project, variables["TEMPORAL_NAMESPACE"]);
            Assert.Equal(instance.Project, variables["TEMPORAL_TASK_QUEUE"]);
            Assert.StartsWith($"redis://localhost:{instance.Port(6379)}", variables["TERMINAL_REDIS_URL"], StringComparison.Ordinal);
            Assert.Equal($"localhost:{instance.Port(9092)}", variables["LOG_KAFKA_BROKERS"]);
        }
    }

    [Theory]
    [InlineData("backend")]
    [InlineData("worker")]
    public async Task Kafka_knows_the_clients_of_each_instance_apart(string app)
    {
        foreach (var instance in Studio.All)
            Assert.Equal(instance.ProcessName(app), (await VariablesAsync(instance, app))["LOG_KAFKA_CLIENT_ID"]);
    }

    [Fact]
    public async Task Processes_are_named_after_app_and_instance()
    {
        var names = (await Studio.Workspace.ProcessesAsync()).Select(p => p.Name).Order(StringComparer.Ordinal);

        Assert.Equal(
            Studio.All.SelectMany(i => Apps.Select(i.ProcessName)).Order(StringComparer.Ordinal), names);
    }

    [Fact]
    public async Task Variables_of_the_shell_that_started_the_instances_reach_no_app()
    {
        var hostile = Studio.HostileVariables.Where(v => v.Key.StartsWith("COMPOSE_", StringComparison.Ordinal)
            || v.Value is "9" or "7" or "production" || v.Value.Contains("localhost", StringComparison.Ordinal));
        foreach (var instance in new[] { Studio.B, Studio.C })
        foreach (var app in Apps)
        {
            var variables = await VariablesAsync(instance, app);
            Assert.All(hostile, h => Assert.False(variables.GetValueOrDefault(h.Key) == h.Value, $"{app} of {instance.Number} got {h}"));
            Assert.All(variables, v => Assert.False(PointsTo(v.Value, Studio.A), $"{app} of {instance.Number} got {v}"));
        }
    }

    /// <summary>Of the process that answers, not of npm above it; of an app without a port, the one that PM2 lists.</summary>
    private async Task<IReadOnlyDictionary<string, string>> VariablesAsync(TestInstance instance, string app)
    {
        int? port = app switch { "backend" => instance.BackendPort, "frontend" => instance.FrontendPort, _ => null };
        var pid = port is { } open
            ? (int)(await Studio.Workspace.GetAsync(open, "/whoami"))["pid"]!
            : (await instance.ProcessAsync(app)).Pid!.Value;
        return ProcessEnvironment.Of(pid);
    }

    private static bool PointsTo(string value, TestInstance instance) =>
        new[] { 3211, 5173, 5433, 6379, 7233, 9000, 9092, 3100 }
            .Any(p => value.Contains($":{instance.Port(p)}", StringComparison.Ordinal));
}
