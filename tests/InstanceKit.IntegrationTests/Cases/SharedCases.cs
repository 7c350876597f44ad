using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Cases;

/// <summary>Ports that meet, ranges of ports, and data outside of the workspace.</summary>
public sealed class SharedCases : Scenario
{
    [Fact]
    public async Task Instance_0_keeps_ports_that_are_a_stride_apart_and_the_others_are_disjoint()
    {
        int[] targets = [3000, 3100, 3200, 9000, 9100];
        var workspace = await CreateAsync("services:\n" + string.Concat(targets.Select(p => $"  s{p}: {{image: acme/tool, ports: [\"{p}:{p}\"]}}\n")));
        await workspace.With("ecosystem.config.js", "module.exports = { apps: [{ name: 'ship', cwd: 'ship', script: 'x.js', env: { PORT: 3300 } }] };\n")
            .With("ship/.env", string.Concat(targets.Select(p => $"URL_{p}=http://localhost:{p}\n"))).InitAsync();

        var all = new HashSet<int>();
        for (var n = 0; n <= 2; n++)
        {
            foreach (var target in targets)
            {
                var port = workspace.Port(n, $"s{target}", target);
                Assert.True(all.Add(port), $"{port} is in two instances");
                Assert.True(n > 0 || port == target);
                Assert.Equal($"http://localhost:{port}", workspace.Env(n, "ship")[$"URL_{target}"]);
            }

            Assert.True(all.Add(int.Parse(workspace.Env(n, "ship")["PORT"])));
        }

        Assert.Equal("3300", workspace.Env(0, "ship")["PORT"]);
    }

    [Fact]
    public async Task Ranges_stay_ranges_and_both_protocols_of_a_port_stay_together()
    {
        var workspace = await InitAsync("""
            services:
              call: {image: acme/sfu, ports: ["50000-50200:50000-50200/udp", "7880:7880"]}
              turn: {image: coturn/coturn, ports: ["3478:3478/tcp", "3478:3478/udp", "53:53/udp", "53:53/tcp"]}
              pool: {image: nginx, ports: ["8100-8105:80"]}
            """);

        var used = new HashSet<string>();
        for (var n = 0; n <= 2; n++)
        {
            var call = workspace.Service(n, "call")["ports"]!.AsArray().Where(p => (string?)p!["protocol"] == "udp")
                .Select(p => (Port: int.Parse((string)p!["published"]!), Target: (int)p["target"]!)).OrderBy(p => p.Target).ToList();
            Assert.Equal(Enumerable.Range(50000, 201), call.Select(p => p.Target));
            Assert.Equal(Enumerable.Range(call[0].Port, 201), call.Select(p => p.Port));
            Assert.Equal("8100-8105".Replace("81", $"8{1 + n}", StringComparison.Ordinal), (string?)workspace.Service(n, "pool")["ports"]![0]!["published"]);
            Assert.Equal(n == 0 ? 3478 : 3478 + n * 100, workspace.Port(n, "turn", 3478));
            var names = workspace.Port(n, "turn", 53);
            Assert.Equal(n == 0, names == 53);
            Assert.All(call.Select(p => $"{p.Port}/udp").Concat([$"{names}", $"{workspace.Port(n, "call", 7880)}"]), port => Assert.True(used.Add(port), port));
            Assert.Equal(n > 0, workspace.Notes(n).Contains("Service call publishes 50000-50200/udp as", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_service_and_an_app_on_one_port_are_refused_by_name()
    {
        var workspace = await CreateAsync("services: {api: {image: acme/api, ports: ['4000:4000']}}\n");
        workspace.With("ecosystem.config.cjs", "module.exports = { apps: [{ name: 'api', cwd: 'api', script: 'x.js', env: { PORT: 4000 } }] };\n");

        var error = await workspace.InitFailsAsync(2);

        Assert.Contains("service api publishes it (compose.yaml), and app api listens on it (ecosystem.config.cjs)", error, StringComparison.Ordinal);
        Assert.Contains("profile", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_outside_of_the_workspace_is_not_written_by_two_instances()
    {
        var workspace = await CreateAsync("""
            services:
              pg: {image: "postgres:16", ports: ["5432:5432"], volumes: ["${LEDGER:-/srv/ledger}/pg:/var/lib/postgresql/data"]}
              search: {image: elasticsearch, ports: ["9200:9200"], volumes: ["../ledger-es:/usr/share/elasticsearch/data"]}
              media: {image: minio/minio, ports: ["9000:9000"], volumes: ["/tmp/ledger-media:/data"]}
              web: {image: nginx, volumes: ["./public:/usr/share/nginx/html:ro"]}
              old: {image: "postgres:16", volumes: ["old:/var/lib/postgresql/data"]}
            volumes:
              old: {external: true, name: ledger_pg}
            """);

        var refused = (await workspace.RunAsync("InitInstance", "--instance", "0-2")).Expect(2);
        refused.ExpectError("Instance 1 would write to the data of instance 0", "service pg in /srv/ledger/pg", "ledger-es", "/tmp/ledger-media", "ledger_pg", "data: own", "allow: [shared-data]");
        Assert.True(Directory.Exists(workspace.PathOf(".instances/instance-0")));
        Assert.False(File.Exists(workspace.PathOf(".instances/instance-1/docker-compose.override.yml")));

        await workspace.With("instancekit.yml", "data: own\n").InitAsync();

        var places = new HashSet<string>();
        for (var n = 0; n <= 2; n++)
        {
            foreach (var service in new[] { "pg", "search", "media" })
                Assert.True(places.Add((string)workspace.Service(n, service)["volumes"]!.AsArray().Single()!["source"]!));
            Assert.True(places.Add((string)workspace.Model(n)["volumes"]!["old"]!["name"]!));
            Assert.Equal(workspace.PathOf("public"), (string?)workspace.Service(n, "web")["volumes"]!.AsArray().Single()!["source"]);
        }
    }

    private async Task<CaseWorkspace> CreateAsync(string compose) => Remember(await CaseWorkspace.CreateAsync(compose));

    private async Task<CaseWorkspace> InitAsync(string compose) => await (await CreateAsync(compose)).InitAsync();
}
