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
    public void An_app_needs_the_services_that_its_PM2_config_addresses()
    {
        const string config = """
            [{"name": "api", "env": {"DB_HOST": "localhost", "DB_PORT": 5433, "CACHE": "redis://localhost:6381", "MQ": "amqp://mq.example.com:5672", "NOTHING": null, "PAGE": "http://localhost:3000"}}]
            """;

        var (_, _, ecosystem) = Create(config, config, 4000, env: new Dictionary<string, string> { ["PAGE"] = "" });

        Assert.Equal([5433, 6381], ecosystem.Addressed["acme-api-1"].Order());
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
    [InlineData("cross-env POSTGRES_URL=postgres://localhost:5433/app nodemon src/main.ts", "cross-env POSTGRES_URL=postgres://localhost:5533/app nodemon src/main.ts", "sets POSTGRES_URL")]
    [InlineData("PORT=4000 DATABASE_URL='postgres://localhost:5433/app' next dev", "PORT=4100 DATABASE_URL='postgres://localhost:5533/app' next dev --port 4100", "sets PORT, DATABASE_URL")]
    [InlineData("PORT=3999 tsx watch src/main.ts --port 4000", "PORT=4100 tsx watch src/main.ts --port 4100", "sets PORT")]
    [InlineData("wait-on tcp:localhost:5433 && node x", "wait-on tcp:localhost:5533 && node x", "addresses the stack")]
    [InlineData("dotenv -o -e .env.dev -- node jobs.js -o", "dotenv -e .env.dev -- node jobs.js -o", "lets an env file override")]
    [InlineData("dotenvx run --overload -f .env.dev -- node x", "dotenvx run -f .env.dev -- node x", "lets an env file override")]
    [InlineData("env-cmd -f .env.dev node jobs.js", "env-cmd --no-override -f .env.dev node jobs.js", "lets an env file override")]
    public void A_script_that_overrides_the_environment_is_run_with_that_of_the_instance(string script, string expected, string how)
    {
        var (entry, notes, _) = Create("""[{"name": "api", "cwd": "apps/api", "script": "npm", "args": "run dev"}]""", null, 4000, script);

        Assert.Equal(("/bin/sh", "none"), ($"{entry["script"]}", $"{entry["interpreter"]}"));
        Assert.Equal(
            ["-c", $"export PATH=\"$PWD/node_modules/.bin:$PWD/../node_modules/.bin:$PWD/../../node_modules/.bin:$PATH\"; {expected}"],
            entry["args"]!.AsArray().Select(w => $"{w}"));
        Assert.StartsWith($"App api runs its script 'dev' without npm and with the instance's addresses, because the script {how}", Assert.Single(notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("npm", "run dev", """{"dev": "DATABASE_URL=localhost:5433 node x", "predev": "tsc"}""", "sets DATABASE_URL, which")]
    [InlineData("npm", "run dev", """{"dev": "DATABASE_URL=localhost:5433 node $npm_package_main"}""", "sets DATABASE_URL, which")]
    [InlineData("pnpm", "--filter web dev", """{"dev": "node x", "web": "DATABASE_URL=localhost:5433 node x"}""", "sets DATABASE_URL, which")]
    [InlineData("npm", "run dev", """{"dev": "concurrently npm:dev:*", "dev:api": "npm run api", "api": "DB_PORT=5433 node x"}""", "sets DB_PORT, which")]
    [InlineData("npm", "run dev", """{"dev": "run-p css api", "api": "env-cmd node x"}""", "lets an env file override")]
    [InlineData("npm", "run dev", """{"dev": "wait-on tcp:localhost:5433 && node x", "postdev": "tsc"}""", "addresses the stack")]
    public void A_script_that_only_its_package_manager_can_run_is_reported(string script, string args, string scripts, string expected)
    {
        var (entry, notes, _) = Create($$"""[{"name": "api", "script": "{{script}}", "args": "{{args}}"}]""", null, null, scripts: JsonNode.Parse(scripts)!.AsObject());

        Assert.Equal((script, args), ($"{entry["script"]}", $"{entry["args"]}"));
        Assert.StartsWith($"App api may use instance 0: its script {expected}", Assert.Single(notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dotenv -e ../../.env -- next dev")]
    [InlineData("env-cmd -f .env.dev --no-override node x")]
    [InlineData("cross-env NODE_ENV=development REMOTE=postgres://db.example.com:5433/app node x -o")]
    [InlineData("vite --port 4000")]
    public void Other_scripts_are_left(string script)
    {
        var (entry, notes, _) = Create("""[{"name": "api", "script": "npm", "args": "run dev"}]""", null, 4000, script);

        Assert.Equal("npm", $"{entry["script"]}");
        Assert.Empty(notes);
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
        var (node, _, _) = Create(config, baseline, port);
        return (node, name => node["env"]![name]!.ToString());
    }

    private static (JsonObject Node, IReadOnlyList<string> Notes, Pm2Ecosystem Ecosystem) Create(
        string config, string? baseline, int? port, string script = "", JsonObject? scripts = null, Dictionary<string, string>? env = null)
    {
        var spec = Spec(1, port);
        var app = spec.Stack.Apps[0];
        var ports = PortsOf(1, port);
        var ecosystem = Pm2Ecosystem.Create(
            spec, ports,
            [new AppPlan { Definition = app, ProcessName = "acme-api-1", Port = port is null ? null : ports.PortOf("API"), Needs = [] }],
            new Dictionary<string, IReadOnlyDictionary<string, string>> { ["api"] = env ?? [] },
            config, new Dictionary<string, IReadOnlyDictionary<string, string>>
            {
                ["api"] = scripts?.ToDictionary(s => s.Key, s => $"{s.Value}") ?? new Dictionary<string, string> { ["dev"] = script },
            },
            baseline: baseline);
        return (JsonNode.Parse(ecosystem.Json)!["apps"]![0]!.AsObject(), ecosystem.Notes, ecosystem);
    }
}
