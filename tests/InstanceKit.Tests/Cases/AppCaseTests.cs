using System.Text.Json.Nodes;
using InstanceKit.Apps;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Ports;
using InstanceKit.Setup;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Cases;

/// <summary>PM2 configs and env files that address the stack, in the shapes of public reports.</summary>
public sealed class AppCaseTests
{
    private static readonly (string Service, int Port)[] Services =
        [("pg", 5433), ("cache", 6381), ("grafana", 3000), ("loki", 3100), ("mq", 5672)];

    [Fact]
    public void What_a_PM2_config_writes_follows_although_it_looks_like_a_port_of_the_instance()
    {
        const string config = """
            [{"name": "api", "args": "shd --redis localhost:6381 --port 3388", "node_args": ["--title=x", "--db-port", "5433"],
              "env": {"PORT": 3388, "DB_HOST": "127.0.0.1", "DB_PORT": 5433, "PGPORT": 5433, "REDIS_HOST": "localhost", "REDIS_PORT": "6381",
                      "REDIS_DB": "0", "REDIS_URL": "redis://localhost:6381", "LOKI": "http://localhost:3100/loki", "GRAFANA": "http://localhost:3000",
                      "REMOTE_DB_HOST": "db.example.com", "REMOTE_DB_PORT": 5433}}]
            """;

        var entry = Entry(config, config, 3388);

        Assert.Equal(
            ["3488", "5533", "5533", "6481", "0", "redis://localhost:6481", "5433"],
            new[] { "PORT", "DB_PORT", "PGPORT", "REDIS_PORT", "REDIS_DB", "REDIS_URL", "REMOTE_DB_PORT" }.Select(n => entry.Env(n)));
        var ports = PortsOf(1, 3388);
        Assert.Equal($"http://localhost:{ports.Translate(3100)}/loki", entry.Env("LOKI"));
        Assert.Equal($"http://localhost:{ports.Translate(3000)}", entry.Env("GRAFANA"));
        Assert.Equal("shd --redis localhost:6481 --port 3488", entry.Node["args"]!.ToString());
        Assert.Equal(["--title=x", "--db-port", "5533"], entry.Node["node_args"]!.AsArray().Select(w => w!.ToString()));
    }

    [Fact]
    public void The_variables_of_a_mode_follow_too()
    {
        const string config = """[{"name": "api", "env_development": {"PORT": 4000, "DB": "localhost:5433"}, "env_production": {"PORT": 80}}]""";

        Assert.Equal(
            ($$"""{"PORT":"{{PortsOf(1).Translate(4000)}}","DB":"localhost:5533"}""", """{"PORT":"80"}"""),
            (Entry(config, config, 4000).Node["env_development"]!.ToJsonString(), Entry(config, config, 4000).Node["env_production"]!.ToJsonString()));
    }

    [Fact]
    public void What_a_PM2_config_computes_is_left()
    {
        var entry = Entry(
            """[{"name": "api", "env": {"LOKI": "http://localhost:3100", "GRAFANA": "http://localhost:3100", "DB": "localhost:5433"}, "args": "--loki localhost:3100"}]""",
            """[{"name": "api", "env": {"LOKI": "http://localhost:3000", "GRAFANA": "http://localhost:3000", "DB": "localhost:5433"}, "args": "--loki localhost:3000"}]""");

        Assert.Equal(("http://localhost:3100", "localhost:5533"), (entry.Env("LOKI"), entry.Env("DB")));
        Assert.Equal("--loki localhost:3100", entry.Node["args"]!.ToString());
    }

    [Theory]
    [InlineData("cross-env POSTGRES_URL=postgres://localhost:5433/app nodemon src/main.ts", "sets POSTGRES_URL, which")]
    [InlineData("PORT=3005 DATABASE_URL='postgres://localhost:5433/app' next dev", "sets DATABASE_URL, which")]
    [InlineData("dotenv -o -e .env.dev -- node jobs.js", "lets its .env override")]
    [InlineData("env-cmd -f .env.dev node jobs.js", "lets env-cmd override")]
    [InlineData("dotenv -e ../../.env -- next dev", null)]
    [InlineData("cross-env NODE_ENV=development REMOTE=postgres://db.example.com:5433/app node x", null)]
    public void A_script_that_overrides_the_environment_is_reported(string script, string? expected)
    {
        var (_, notes) = Create("""[{"name": "api", "script": "npm", "args": "run dev"}]""", null, 4000, script);

        Assert.Equal(expected is null ? 0 : 1, notes.Count(n => n.StartsWith("App api may use instance 0: its script ", StringComparison.Ordinal)));
        Assert.True(expected is null || notes.Any(n => n.Contains(expected, StringComparison.Ordinal)), string.Join('\n', notes));
    }

    [Theory]
    [InlineData("pnpm", "dev", "dotenv -e ../../.env -- next dev", "../../.env")]
    [InlineData("npm", "run dev", "env-cmd -f .env.dev node x", ".env.dev")]
    [InlineData("npm", "run dev", "dotenvx run -f .env.dev -- node x", ".env.dev")]
    [InlineData("node", "--env-file=../../.env src/jobs.js", "", "../../.env")]
    [InlineData("node", "--env-file .env.a --env-file-if-exists=.env.b src/jobs.js", "", ".env.a .env.b")]
    [InlineData("node", "src/jobs.js", "", "")]
    public void Env_files_are_found_where_commands_name_them(string script, string args, string text, string expected) => Assert.Equal(
        expected,
        string.Join(' ', StartCommand.EnvFilesOf(new JsonObject { ["script"] = script, ["args"] = args }, new Dictionary<string, string> { ["dev"] = text })));

    [Fact]
    public void The_env_file_in_the_root_counts_where_nothing_else_sets_its_variables()
    {
        var root = new EnvSource(".env", "DATABASE_URL=postgres://app@localhost:5433/app\nREDIS_URL=redis://localhost:6381\nPORT=3000\nOWN=localhost:5433\nDECLARED=localhost:5433\nMODE=x\n")
        {
            IsFallback = true,
            Except = ["PORT", "DECLARED"],
        };

        Assert.Equal(
            [new("DATABASE_URL", "postgres://app@localhost:5533/app"), new("REDIS_URL", "redis://localhost:6481")],
            EnvLayers.Decide(new EnvSource("api/.env", "OWN=db.example.com:5433\n") { Layers = [root] }, Spec(1).TranslatorFor(PortsOf(1))));
    }

    private static PublishedPort[] Published => [.. Services.Select(s => new PublishedPort(s.Service, s.Port, s.Port))];

    private static PortPlan PortsOf(int number, int? app = 4000) => PortPlanner.Plan(Spec(number, app).Stack, Published, number);

    private static InstanceSpec Spec(int number, int? app = 4000) => new(
        new StackDefinition
        {
            Name = "acme",
            ConfigPrefix = "acme",
            ComposeFiles = ["compose.yaml"],
            Ports = app is { } port ? [new NamedPort("API", "api", port, new PortOwner(OwnerKind.App, "api"), "http")] : [],
            Apps = [new AppDefinition { Name = "api", Directory = "api", ConfigName = "api", PortName = app is null ? null : "API", MayLackEnvFile = true }],
            Variables = [],
        },
        "/home/dev/case", number);

    private static (JsonObject Node, Func<string, string> Env) Entry(string config, string baseline, int? port = null)
    {
        var (node, _) = Create(config, baseline, port);
        return (node, name => node["env"]![name]!.ToString());
    }

    private static (JsonObject Node, IReadOnlyList<string> Notes) Create(string config, string? baseline, int? port, string script = "")
    {
        var spec = Spec(1, port);
        var app = spec.Stack.Apps[0];
        var ports = PortsOf(1, port);
        var ecosystem = Pm2Ecosystem.Create(
            spec, ports,
            [new AppPlan { Definition = app, ProcessName = "acme-api-1", Port = port is null ? null : ports.PortOf("API"), Needs = [] }],
            new Dictionary<string, IReadOnlyDictionary<string, string>> { ["api"] = new Dictionary<string, string>() },
            config, new Dictionary<string, IReadOnlyDictionary<string, string>> { ["api"] = new Dictionary<string, string> { ["dev"] = script } },
            baseline: baseline);
        return (JsonNode.Parse(ecosystem.Json)!["apps"]![0]!.AsObject(), ecosystem.Notes);
    }
}
