using InstanceKit.Compose;
using InstanceKit.Env;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Setup;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Setup;

public sealed class InstancePlannerTests
{
    private static readonly ComposeModel Model = RecordedCompose.Model("studio");

    private static readonly Dictionary<string, EnvSource> Sources = new()
    {
        ["backend"] = new("backend/.env", "DATABASE_URL=postgresql://localhost:5433/studio\nMINIO_PORT=9000\nMINIO_ENDPOINT=localhost\n"),
        ["worker"] = new("worker/.env.example", "LOG_KAFKA_BROKERS=localhost:9092\nADMIN=http://localhost:9644\n"),
        ["frontend"] = new("frontend/.env", "VITE_LOKI=http://localhost:3100\n"),
    };

    [Fact]
    public void The_files_are_those_of_the_specification() => Assert.Equal(
        [
            ("frontend.env", "frontend/.env"), ("backend.env", "backend/.env"), ("worker.env", "worker/.env.example"),
            ("docker-compose.override.yml", null),
        ],
        Plan().Files.Select(f => (f.Name, f.Source)));

    [Fact]
    public void The_env_files_hold_the_instance_s_values()
    {
        var values = DotEnvDocument.Parse(Plan().Files.Single(f => f.Name == "backend.env").Content).EffectiveValues();

        Assert.Equal("postgresql://localhost:5533/studio", values["DATABASE_URL"]);
        Assert.Equal("9100", values["MINIO_PORT"]);
        Assert.All(
            InstanceVariables.For(Studio.Spec(1), Plan().Ports, Studio.App("backend")), v => Assert.Equal(v.Value, values[v.Key]));
    }

    [Fact]
    public void The_override_is_the_written_one() => Assert.Equal(
        ComposeOverrideWriter.Write(ComposeOverride.Create(Model, Studio.Spec(1), Plan().Ports), "shipsec-dev-1"),
        Plan().Files[^1].Content);

    [Fact]
    public void The_ports_hold_what_the_stack_does_not_name() => Assert.Equal(9744, Plan().Ports.PortOf("REDPANDA_9644"));

    [Theory]
    [InlineData("backend", "shipsec-backend-1", 3311, "minio:9100 postgres:5533 redis:6479 redpanda:9192 temporal:7333")]
    [InlineData("worker", "shipsec-worker-1", null, "redis:6479 redpanda:9192 redpanda:9744 temporal:7333")]
    [InlineData("frontend", "shipsec-frontend-1", 5273, "")]
    public void An_app_needs_the_services_that_its_variables_address(string app, string process, int? port, string needs)
    {
        var plan = Plan().Apps.Single(a => a.Definition.Name == app);

        Assert.Equal((process, port), (plan.ProcessName, plan.Port));
        Assert.Equal(needs, string.Join(' ', plan.Needs.Select(n => $"{n.Service}:{n.Port}").Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void A_service_elsewhere_is_not_needed()
    {
        var elsewhere = new Dictionary<string, EnvSource>(Sources)
        {
            ["backend"] = new("backend/.env", "DATABASE_URL=postgresql://db.example.com:5433/studio\n"),
        };

        Assert.DoesNotContain("postgres", Plan(elsewhere).Apps.Single(a => a.Definition.Name == "backend").Needs.Select(n => n.Service));
    }

    [Fact]
    public void An_app_without_an_env_source_gets_the_instance_s_variables_alone()
    {
        var plan = InstancePlanner.Create(Studio.Spec(1), Model, new Dictionary<string, EnvSource>());

        Assert.All(plan.Files.Take(3), f => Assert.Null(f.Source));
        Assert.Contains("TEMPORAL_NAMESPACE=shipsec-dev-1", plan.Files[0].Content, StringComparison.Ordinal);
    }

    [Fact]
    public void What_lies_beside_an_env_file_is_a_source_of_its_app_alone()
    {
        var plan = Plan(new Dictionary<string, EnvSource>(Sources)
        {
            ["frontend"] = Sources["frontend"] with { Layers = [new("frontend/.env.local", "VITE_DB=localhost:5433\n")] },
        });

        var file = plan.Files.Single(f => f.Name == "frontend.env");
        Assert.Equal("localhost:5533", DotEnvDocument.Parse(file.Content)["VITE_DB"]);
        Assert.DoesNotContain("frontend/.env.local", plan.SourcesOfOthers(file));
        Assert.Contains("frontend/.env.local", plan.SourcesOfOthers(plan.Files.Single(f => f.Name == "backend.env")));
    }

    [Fact]
    public void The_same_sources_give_the_same_files() => Assert.Equal(Plan().Files, Plan().Files);

    [Fact]
    public void What_is_shared_by_all_instances_is_noted() => Assert.Equal(
        4, InstancePlanner.Create(Studio.SpecOnHost(1), RecordedCompose.Model("ties"), Sources).Notes.Count);

    [Fact]
    public void A_number_too_high_is_refused_before_anything_is_decided() =>
        Assert.Throws<InstanceKitException>(() => InstancePlanner.Create(Studio.Spec(99999), Model, Sources));

    private static InstancePlan Plan(IReadOnlyDictionary<string, EnvSource>? sources = null) =>
        InstancePlanner.Create(Studio.Spec(1), Model, sources ?? Sources);
}
