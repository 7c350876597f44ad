using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Cases;

/// <summary>What is found of a workspace: its compose file, its PM2 config, its apps with their ports, and its packages.</summary>
public sealed class FoundCases : Scenario
{
    private const string Database = "services:\n  pg: {image: \"postgres:16\", ports: [\"5433:5432\"], scale: 0}\n";

    [Fact]
    public async Task Ports_are_found_wherever_a_config_has_them()
    {
        var workspace = await CreateAsync(Database);
        await workspace.With("apps/pay/.env", "PAY=http://localhost:3010\nSITE=http://localhost:3001\nERP=http://localhost:3002\nML=http://localhost:8081\n")
            .With("apps/pay/package.json", """{"scripts":{"start:dev":"nest start --watch"}}""")
            .With("ecosystem.config.js", """
                const path = require('path');
                const app = (o) => ({ autorestart: true, ...o });
                module.exports = { apps: [
                  app({ name: 'Site Front', cwd: 'apps/site', script: 'node node_modules/.bin/next dev -p 3001' }),
                  app({ name: 'core.pay.api', cwd: path.join(__dirname, 'apps/pay'), script: 'npm run start:dev', env_development: { PORT: 3010 }, env_production: { PORT: 80 } }),
                  app({ name: 'core.pay.worker', cwd: path.join(__dirname, 'apps/pay'), script: './worker.js', node_args: '--inspect=9230', args: 'shd' }),
                  app({ name: 'erp', cwd: 'apps/erp', script: 'server.js', env: { API_PORT: 3002 }, interpreter_args: '--inspect=127.0.0.1:9231' }),
                  app({ name: 'ml', cwd: 'apps/ml', script: 'main.py', interpreter: 'python3', args: ['--host', '0.0.0.0', '--server-port', '8081'] }),
                  app({ name: 'bun-api', cwd: 'apps/bun', script: 'index.ts', interpreter: '~/.bun/bin/bun', args: '--port 8082', instances: 'max', exec_mode: 'cluster' }),
                  app({ name: 'gunicorn', cwd: 'apps/gun', script: 'gunicorn', interpreter: 'none', args: '-w 2 -b 127.0.0.1:8083 app:app' }),
                  app({ name: 'uv', cwd: 'apps/uv', script: 'uvicorn', interpreter: 'none', args: 'main:app --host 127.0.0.1 --port 8084 --reload' }),
                ] };
                """).InitAsync();
        (string Name, int Base)[] expected =
        [
            ("SITE_FRONT", 3001), ("CORE_PAY_API", 3010), ("CORE_PAY_WORKER_INSPECT", 9230), ("ERP", 3002), ("ERP_INSPECT", 9231), ("ML", 8081),
            ("BUN_API", 8082), ("GUNICORN", 8083), ("UV", 8084),
        ];

        for (var n = 0; n <= 2; n++)
        {
            var ports = (await workspace.RunJsonAsync(0, "Ports", new TestInstance(workspace, n))).Json["instances"]![0]!["ports"]!.AsObject();
            Assert.Equal(expected.Select(p => $"{p.Name} {p.Base + n * 100}"), expected.Select(p => $"{p.Name} {ports[p.Name]}"));
            Assert.Equal(
                [$"http://localhost:{3010 + n * 100}", $"http://localhost:{3001 + n * 100}", $"http://localhost:{3002 + n * 100}", $"http://localhost:{8081 + n * 100}"],
                new[] { "PAY", "SITE", "ERP", "ML" }.Select(v => workspace.Env(n, "core-pay-api")[v]));
            Assert.Equal(n > 0, workspace.Notes(n).Contains("No port is known of app core-pay-worker.", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Ports_are_written_back_where_they_were_read()
    {
        var workspace = await CreateAsync(Database, isUp: true);
        workspace.With("text/main.js", TinyStack.Server).With("mode/main.js", TinyStack.Server).With("erp/main.js", TinyStack.Server).With("ecosystem.config.js", """
            module.exports = { apps: [
              { name: 'text', cwd: 'text', script: 'node main.js -p 14611' },
              { name: 'mode', cwd: 'mode', script: 'main.js', env_development: { PORT: 14612 }, node_args: '--inspect=14613' },
              { name: 'erp', cwd: 'erp', script: 'main.js', args: '-b 127.0.0.1:14614 --server-port 14615', env: { NODE_OPTIONS: '--inspect=127.0.0.1:14616' } },
            ] };
            """);

        foreach (var n in (await workspace.UpAsync()).Select(i => i.Number))
        {
            Assert.Equal($"node main.js -p {14611 + n * 100}", $"{workspace.Entry(n, "text")["script"]}");
            Assert.Equal($"{14612 + n * 100}", $"{workspace.Entry(n, "mode")["env"]!["PORT"]}");
            Assert.Equal($"--inspect={14613 + n * 100}", $"{workspace.Entry(n, "mode")["node_args"]}");
            Assert.Equal($"-b 127.0.0.1:{14614 + n * 100} --server-port 14615", $"{workspace.Entry(n, "erp")["args"]}");
            Assert.Equal($"--inspect=127.0.0.1:{14616 + n * 100}", $"{workspace.Entry(n, "erp")["env"]!["NODE_OPTIONS"]}");
        }
    }

    [Fact]
    public async Task A_PM2_config_in_YAML_is_one()
    {
        var workspace = await CreateAsync(Database);
        await workspace.With("api/.env", "DATABASE_URL=postgres://localhost:5433/x\n")
            .With("ecosystem.config.yml", "apps:\n  - name: api\n    cwd: ./api\n    script: server.js\n    env: {PORT: 4100}\n").InitAsync();

        for (var n = 0; n <= 2; n++)
            Assert.Equal(($"{4100 + n * 100}", $"postgres://localhost:{5433 + n * 100}/x"), (workspace.Env(n, "api")["PORT"], workspace.Env(n, "api")["DATABASE_URL"]));
    }

    [Fact]
    public async Task Files_for_development_are_found()
    {
        var workspace = await CreateAsync(Database);
        File.Move(workspace.PathOf("compose.yaml"), workspace.PathOf("docker-compose.dev.yml"));
        workspace.With("docker-compose.prod.yml", "services: {web: {image: acme, ports: ['80:80']}}\n").With("api/.env", "DATABASE_URL=postgres://localhost:5433/x\n")
            .With("ecosystem.dev.config.js", "module.exports = { apps: [{ name: 'api', cwd: './api', script: 'server.js', env: { PORT: 4100 } }] };");

        (await workspace.RunAsync("InitInstance", "--instance", "1")).Expect(0);

        Assert.Equal(("4200", "postgres://localhost:5533/x"), (workspace.Env(1, "api")["PORT"], workspace.Env(1, "api")["DATABASE_URL"]));
        Assert.Contains("5533", workspace.Generated(1, "docker-compose.override.yml"), StringComparison.Ordinal);

        // Two of a kind are a choice.
        workspace.With("docker-compose.local.yml", Database);
        var refused = await workspace.RunAsync("InitInstance", "--instance", "2");
        refused.Expect(2);
        Assert.Contains("docker-compose.dev.yml, docker-compose.local.yml", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("compose: {files: [docker-compose.dev.yml]}", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_config_that_needs_a_package_without_a_lock_file_is_refused()
    {
        var workspace = await CreateAsync(Database);
        workspace.With("package.json", """{"type":"module"}""")
            .With("ecosystem.config.js", "import 'no-such-package/config';\nexport const apps = [{ name: 'api', cwd: 'api', script: 'bun run dev', interpreter: 'none' }];\n");

        var error = await workspace.InitFailsAsync(2, 3);

        Assert.Contains("no-such-package", error, StringComparison.Ordinal);
        Assert.Contains("npm install", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Packages_that_a_config_needs_are_installed_first()
    {
        var workspace = await CreateAsync(Database);
        await workspace.With("package.json", """{"name":"fresh","private":true,"dependencies":{"settings":"file:settings"}}""")
            .With("settings/package.json", """{"name":"settings","version":"1.0.0"}""").With("settings/index.js", "module.exports = { port: 4600 };")
            .With("package-lock.json", """
                {"name": "fresh", "lockfileVersion": 3, "requires": true, "packages": {
                  "": {"name": "fresh", "dependencies": {"settings": "file:settings"}},
                  "node_modules/settings": {"resolved": "settings", "link": true},
                  "settings": {"version": "1.0.0"}
                }}
                """)
            .With("ecosystem.config.cjs", "module.exports = { apps: [{ name: 'api', cwd: 'api', script: 'a.js', env: { PORT: require('settings').port } }] };").InitAsync();

        Assert.Equal(["4600", "4700", "4800"], Enumerable.Range(0, 3).Select(n => workspace.Env(n, "api")["PORT"]));
        Assert.True(Directory.Exists(workspace.PathOf("node_modules/settings")));
    }

    [Fact]
    public async Task A_package_manager_that_is_missing_is_named()
    {
        var workspace = await CreateAsync(Database);
        workspace.With("package.json", """{"packageManager":"bun@1.1.0"}""").With("bun.lock", "{}\n")
            .With("ecosystem.config.cjs", "module.exports = { apps: [{ name: 'api', cwd: 'api', script: require('no-such-package') }] };");
        var path = string.Join(Path.PathSeparator, System.Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Where(d => !File.Exists(Path.Combine(d, "bun"))));
        workspace.Environment["PATH"] = path;

        var error = await workspace.InitFailsAsync(3);

        Assert.Contains("npm install --global bun@1.1.0", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_that_gains_a_port_later_is_known_to_every_command()
    {
        var workspace = await CreateAsync(Database);
        await workspace.With("ecosystem.config.js", "module.exports = { apps: [{ name: 'api', cwd: 'api', script: 'a.js' }] };").InitAsync();
        workspace.With("instancekit.yml", "ports: {named: {API: {base: 14700, app: api}}}\n");

        var status = await workspace.RunAsync("Status", "--instance", "1", "--json");

        Assert.DoesNotContain("Internal error", status.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Internal error", (await workspace.RunAsync("Wait", "--instance", "1", "--timeout", "1")).ToString(), StringComparison.Ordinal);
        Assert.Contains("14800", status.Output, StringComparison.Ordinal);
        await workspace.InitAsync();
        Assert.Equal("14800", workspace.Env(1, "api")["PORT"]);
    }

    private async Task<CaseWorkspace> CreateAsync(string compose, bool isUp = false) => Remember(await CaseWorkspace.CreateAsync(compose, isUp: isUp));
}
