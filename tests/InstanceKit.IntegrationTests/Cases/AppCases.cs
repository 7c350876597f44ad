using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Cases;

/// <summary>PM2 configs, scripts of package.json, and several checkouts of one workspace.</summary>
public sealed class AppCases : Scenario
{
    private const string Database = "services:\n  pg: {image: \"postgres:16\", ports: [\"5433:5432\"], scale: 0}\n";

    [Fact]
    public async Task What_a_PM2_config_writes_follows_and_is_waited_for()
    {
        var workspace = await CreateAsync(isUp: true, compose: """
            services:
              pg: {image: "postgres:16", ports: ["5433:5432"], scale: 0}
              cache: {image: "redis:7", ports: ["6381:6379"], scale: 0}
              charts: {image: grafana/grafana, ports: ["3000:3000"], scale: 0}
              loki: {image: grafana/loki, ports: ["3100:3100"], scale: 0}
            """);
        workspace.With("api/main.js", TinyStack.Server).With("sched/main.js", TinyStack.Loop).With("ecosystem.config.js", """
            const REDIS = { REDIS_HOST: 'localhost', REDIS_PORT: '6381', REDIS_DB: '0', REDIS_URL: 'redis://localhost:6381' };
            module.exports = { apps: [
              { name: 'api', cwd: 'api', script: 'main.js', env: { PORT: 14388, DB_HOST: '127.0.0.1', DB_PORT: 5433, PGPORT: 5433, ...REDIS,
                LOKI: 'http://localhost:3100/loki', CHARTS: 'http://localhost:3000', REMOTE_DB_HOST: 'db.example.com', REMOTE_DB_PORT: 5433 } },
              { name: 'sched', cwd: 'sched', script: 'main.js', args: 'shd --redis localhost:6381', env: { ...REDIS } },
            ] };
            """);

        foreach (var n in (await workspace.UpAsync()).Select(i => i.Number))
        {
            var env = workspace.Entry(n, "api")["env"]!;
            Assert.Equal(
                [
                    $"{14388 + n * 100}", $"{5433 + n * 100}", $"{5433 + n * 100}", $"{6381 + n * 100}", "0", $"redis://localhost:{6381 + n * 100}",
                    $"http://localhost:{workspace.Port(n, "loki", 3100)}/loki", $"http://localhost:{workspace.Port(n, "charts", 3000)}", "5433",
                ],
                new[] { "PORT", "DB_PORT", "PGPORT", "REDIS_PORT", "REDIS_DB", "REDIS_URL", "LOKI", "CHARTS", "REMOTE_DB_PORT" }.Select(v => (string?)env[v]));
            Assert.Equal($"shd --redis localhost:{6381 + n * 100}", $"{workspace.Entry(n, "sched")["args"]}");
            Assert.Equal($"{14388 + n * 100}", (string?)(await TinyWorkspace.AskAsync(14388 + n * 100))["env"]!["PORT"]);
        }
    }

    [Fact]
    public async Task Scripts_that_set_variables_run_with_those_of_the_instance()
    {
        var workspace = await CreateAsync(Database, isUp: true);
        workspace.With("web/package.json", """{"scripts":{"dev":"PORT=14305 DATABASE_URL=postgres://localhost:5433/app next dev -p 14305"}}""")
            .With("api/package.json", """{"scripts":{"dev":"cross-env POSTGRES_URL=postgres://localhost:5433/app node main.js"}}""")
            .With("api/.env", "POSTGRES_URL=postgres://localhost:5433/app\n").With("api/main.js", TinyStack.Server)
            .With("jobs/package.json", """{"scripts":{"start":"dotenv -o -e .env.dev -- node jobs.js"}}""")
            .With("jobs/.env.dev", "DATABASE_URL=postgres://localhost:5433/app\n")
            .With("ecosystem.config.js", """
                module.exports = { apps: [
                  { name: 'web', cwd: 'web', script: 'npm', args: 'run dev' },
                  { name: 'api', cwd: 'api', script: 'npm', args: 'run dev', env: { PORT: 14304 } },
                  { name: 'jobs', cwd: 'jobs', script: 'npm', args: 'start' },
                ] };
                """);
        AddProgram(workspace, "web", "next", "#!/usr/bin/env node\nprocess.env.PORT = process.argv.at(-1);\n" + TinyStack.Server);
        AddProgram(workspace, "", "cross-env", "#!/bin/sh\nexec env \"$@\"\n");
        AddProgram(workspace, "", "dotenv", "#!/bin/sh\n[ \"$1\" != -o ] || exit 9\nexec sleep 1000\n");

        foreach (var n in (await workspace.UpAsync()).Select(i => i.Number))
        {
            var notes = workspace.Notes(n);
            Assert.Contains("App web runs its script 'dev' without npm and with the instance's addresses, because the script sets PORT, DATABASE_URL", notes, StringComparison.Ordinal);
            Assert.Contains("App api runs its script 'dev' without npm", notes, StringComparison.Ordinal);
            Assert.Contains("App jobs runs its script 'start' without npm and with the instance's addresses, because the script lets an env file override", notes, StringComparison.Ordinal);
            var database = $"postgres://localhost:{5433 + n * 100}/app";
            Assert.Equal(database, (string?)(await TinyWorkspace.AskAsync(14305 + n * 100))["env"]!["DATABASE_URL"]);
            Assert.Equal(database, (string?)(await TinyWorkspace.AskAsync(14304 + n * 100))["env"]!["POSTGRES_URL"]);
            Assert.Equal(database, workspace.Env(n, "jobs")["DATABASE_URL"]);
        }
    }

    [Fact]
    public async Task Apps_of_one_name_are_refused_and_no_other_is_lost_or_taken_for_a_service()
    {
        var workspace = await CreateAsync("services: {pg: {image: 'postgres:16', ports: ['5433:5432']}, api: {image: acme/legacy, ports: ['8099:80']}}\n");
        workspace.With("w/.env", "DB=postgres://localhost:5433/x\n").With("ecosystem.config.js", """
            module.exports = { apps: [
              { name: 'worker', cwd: 'w', script: 'w.js', args: 'mail' },
              { name: 'worker', cwd: 'w', script: 'w.js', args: 'pdf' },
            ] };
            """);
        Assert.Contains("2 apps named 'worker'", await workspace.InitFailsAsync(2), StringComparison.Ordinal);

        await workspace.With("ecosystem.config.js", """
            module.exports = { apps: [
              { name: 'worker', cwd: 'w', script: 'w.js' },
              { name: 'API', cwd: 'a', script: 'a.js', env: { PORT: 14500 } },
              { name: 'api', cwd: 'b', script: 'b.js', env: { PORT: 14501 } },
              { script: 'c.js', cwd: 'c', env: { PORT: 14502 } },
            ] };
            """).InitAsync();

        for (var n = 0; n <= 2; n++)
        {
            var files = Directory.EnumerateFiles(workspace.PathOf($".instances/instance-{n}"), "*.env").Select(f => workspace.Env(n, Path.GetFileNameWithoutExtension(f))).ToList();
            Assert.Equal(4, files.Count);
            Assert.Equal([$"{14500 + n * 100}", $"{14501 + n * 100}", $"{14502 + n * 100}"], files.Select(f => f.GetValueOrDefault("PORT")).OfType<string>().Order());
            Assert.Single(files, f => f.GetValueOrDefault("DB") == $"postgres://localhost:{5433 + n * 100}/x");
            Assert.Equal(8099 + n * 100, workspace.Port(n, "api", 80));
        }

        (await workspace.RunAsync("Env", "--instance", "1", "--only", "api")).Expect(0);
    }

    [Fact]
    public async Task Two_checkouts_of_one_workspace_keep_apart()
    {
        const string compose = """
            name: pinned
            services:
              db: {image: "postgres:16", container_name: pinned-db, ports: ["15432:5432"], volumes: ["pg:/var/lib/postgresql/data", "./state:/data"]}
            volumes: {pg: {name: pinned_pg}}
            """;
        var (main, feature) = (await CreateAsync(compose), await CreateAsync(compose));
        feature.StateHome = main.StateHome;
        feature.StackName = main.StackName;
        (await main.RunAsync("InitInstance", "--instance", "1")).Expect(0);

        var refused = await feature.RunAsync("InitInstance", "--instance", "1");
        refused.Expect(2).ExpectError(main.Folder, "0");
        Assert.False(Directory.Exists(feature.PathOf(".instances/instance-1")));
        (await feature.RunAsync("InitInstance", "--instance", "auto")).Expect(0);
        Assert.True(Directory.Exists(feature.PathOf(".instances/instance-0")));
        Assert.Equal("0", (await File.ReadAllTextAsync(feature.PathOf(".shipsec-instance"), Cancellation)).Trim());
        Assert.NotEqual(0, (await feature.RunAsync("Clean", "--instance", "1")).ExitCode);
        Assert.True(File.Exists(main.PathOf(".instances/instance-1/docker-compose.override.yml")));
        var (a, b) = (await File.ReadAllTextAsync(main.PathOf(".instances/instance-1/docker-compose.override.yml"), Cancellation),
            await File.ReadAllTextAsync(feature.PathOf(".instances/instance-0/docker-compose.override.yml"), Cancellation));
        Assert.Contains($"{main.StackName}-dev-1_pg", a, StringComparison.Ordinal);
        Assert.Contains($"{main.StackName}-dev-0_pg", b, StringComparison.Ordinal);
        Assert.Contains("15532", a, StringComparison.Ordinal);
        Assert.All([a, b], text => Assert.Contains("container_name: !reset", text, StringComparison.Ordinal));
    }

    private async Task<CaseWorkspace> CreateAsync(string compose, bool isUp = false) => Remember(await CaseWorkspace.CreateAsync(compose, isUp: isUp));

    private static void AddProgram(CaseWorkspace workspace, string folder, string name, string text)
    {
        var path = Path.Combine(folder, "node_modules/.bin", name);
        workspace.With(path, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(workspace.PathOf(path), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
