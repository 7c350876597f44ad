using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>A workspace that nobody has described: other names, other folders, other ports, a dev server with a mind of its own.</summary>
public sealed class StrangeWorkspaceTests : Scenario
{
    private const string Compose = """
        name: acme
        services:
          cache:
            image: ${REDIS_IMAGE}
            ports: ["6443:6379"]
          store:
            image: ${REDIS_IMAGE}
            profiles: [never]
            ports: ["6444:6379"]
        """;

    private const string Ecosystem = """
        module.exports = { apps: [
          { name: 'acme-api', cwd: 'apps/api', script: 'app.cjs', instances: 2, exec_mode: 'cluster',
            env: { PORT: 4037, CACHE_URL: 'redis://localhost:6443' } },
          { name: 'acme-site', cwd: 'apps/site', script: 'npm', args: 'run dev', interpreter: 'none' },
        ] };
        """;

    /// <summary>Takes its port by option alone, the last one counts, as Vite does.</summary>
    private const string Vite = """
        #!/usr/bin/env node
        const port = Number(process.argv[process.argv.lastIndexOf('--port') + 1]);
        if (!process.argv.includes('--strictPort')) throw new Error('another port would do');
        require('http').createServer((q, r) => r.end(JSON.stringify({ env: process.env }))).listen(port, '127.0.0.1');
        """;

    [Fact]
    public async Task It_is_discovered_runs_side_by_side_and_is_the_same_by_the_stack_file_that_InitStack_writes()
    {
        var workspace = await CreateAsync();
        var (a, b) = (workspace.TakeInstance(), workspace.TakeInstance());

        await workspace.UpAsync(a);
        await workspace.UpAsync(b);

        foreach (var instance in new[] { a, b })
        {
            Assert.Equal(["cache"], (await instance.ContainersAsync()).Select(c => c.Service));
            Assert.Equal(
                $"redis://localhost:{instance.Port(6443)}",
                (string?)(await TinyWorkspace.AskAsync(instance.Port(4037)))["env"]!["CACHE_URL"]);
            Assert.Equal(
                $"http://localhost:{instance.Port(4037)}",
                (string?)(await TinyWorkspace.AskAsync(instance.Port(4147)))["env"]!["VITE_API"]);
        }

        (await workspace.RunAsync("InitStack")).Expect(0);
        Assert.Empty((await workspace.RunJsonAsync(0, "Up", a)).OperationsOf(a));
        (await workspace.RunAsync("InitStack")).Expect(2);

        workspace.Write("instancekit.yml", "apps:\n  api: {directory: apps/api, pm2: acme-api, port: 4037}\n");
        Assert.Equal(
            [$"removeApp {b.ProcessName("site")}: no longer part of the stack"],
            (await workspace.RunJsonAsync(0, "Up", b)).OperationsOf(b).Where(o => o.StartsWith("removeApp", StringComparison.Ordinal)));
        Assert.Equal(
            new[] { a.ProcessName("api"), a.ProcessName("site"), b.ProcessName("api") }.Order(StringComparer.Ordinal),
            (await workspace.ProcessesAsync()).Select(p => p.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_file_that_its_PM2_config_requires_and_a_variable_that_it_reads_count_as_part_of_it()
    {
        var workspace = await CreateAsync();
        var instance = workspace.TakeInstance();
        workspace.Write("ports.cjs", "exports.api = 4037;\n");
        workspace.Write("ecosystem.config.cjs", Ecosystem.Replace("PORT: 4037", "PORT: Number(process.env.ACME_API) || require('./ports.cjs').api", StringComparison.Ordinal));
        Assert.Equal(instance.Port(4037), await ApiPortAsync());

        workspace.Write("ports.cjs", "exports.api = 4038;\n");
        Assert.Equal(instance.Port(4038), await ApiPortAsync());

        workspace.Environment["ACME_API"] = "4039";
        Assert.Equal(instance.Port(4039), await ApiPortAsync());

        async Task<int> ApiPortAsync()
        {
            await workspace.RunJsonAsync(0, "InitInstance", instance);
            return (int)(await workspace.RunJsonAsync(0, "Ports", instance)).Json["instances"]![0]!["ports"]!["API"]!;
        }
    }

    [Fact]
    public async Task All_errors_of_its_stack_file_are_told_at_once_with_their_places()
    {
        var workspace = await CreateAsync();
        workspace.Write("instancekit.yml", "porst: {}\nports:\n  stride: wide\nname: Not Good\n");

        (await workspace.RunAsync("Ports", "--instance", "1")).Expect(2).ExpectError(
            "instancekit.yml(1,1): unknown key 'porst'; did you mean 'ports'?", "instancekit.yml(3,11): ", "instancekit.yml(4,7): ");
    }

    [Fact]
    public async Task A_folder_without_a_compose_file_is_told_what_was_looked_for()
    {
        var workspace = await CreateAsync();
        File.Delete(workspace.PathOf("compose.yaml"));

        (await workspace.RunAsync("Ports", "--instance", "1")).Expect(2).ExpectError("compose.yaml", "instancekit.yml");
    }

    private async Task<TinyWorkspace> CreateAsync()
    {
        var workspace = await CreateWorkspaceAsync();
        foreach (var folder in new[] { "docker", "frontend", "backend", "worker" })
            Directory.Delete(workspace.PathOf(folder), recursive: true);
        File.Delete(workspace.PathOf("pm2.config.cjs"));

        workspace.Write("compose.yaml", Compose);
        workspace.Write("ecosystem.config.cjs", Ecosystem);
        workspace.Write("apps/api/app.cjs", TinyStack.Server);
        workspace.Write("apps/site/package.json", """{"scripts":{"dev":"vite --port 4147 --host 127.0.0.1"}}""");
        workspace.Write("apps/site/.env.local", "VITE_API=http://localhost:4037\n");
        workspace.Write("apps/site/node_modules/.bin/vite", Vite);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(
                workspace.PathOf("apps/site/node_modules/.bin/vite"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return workspace;
    }
}
