using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Cases;

/// <summary>Ports of workspaces in the shapes of public reports.</summary>
public sealed class PortCases : Scenario
{
    [Fact]
    public async Task Neighbours_a_hundred_apart_leave_instance_0_as_written()
    {
        var workspace = await CreateAsync("""
            services:
              charts: {image: grafana/grafana, ports: ["3000:3000"], scale: 0}
              logs: {image: grafana/loki, ports: ["3100:3100"], scale: 0}
              traces: {image: grafana/tempo, ports: ["3200:3200", "4317:4317", "4318:4318"], scale: 0}
              exporter: {image: prom/node-exporter, ports: ["9100:9100"], scale: 0}
              watch: {image: cadvisor, ports: ["8080:8080"], volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"], scale: 0}
              store: {image: minio/minio, ports: ["9000:9000"], scale: 0}
            """);
        await workspace.With("shipper/.env", "LOGS=http://localhost:3100\nTRACES=http://localhost:3200\nEXPORTER=localhost:9100\nSTORE=http://localhost:9000\n")
            .With("ecosystem.config.js", "module.exports = { apps: [{ name: 'shipper', script: 'main.js', cwd: './shipper', env: { PORT: 3300 } }] };")
            .InitAsync();
        (string Service, int Target)[] all =
            [("charts", 3000), ("logs", 3100), ("traces", 3200), ("traces", 4317), ("traces", 4318), ("exporter", 9100), ("watch", 8080), ("store", 9000)];

        Assert.Equal(all.Select(p => p.Target), all.Select(p => workspace.Port(0, p.Service, p.Target)));
        Assert.Equal("3300", workspace.Env(0, "shipper")["PORT"]);
        var taken = Enumerable.Range(0, 3).SelectMany(n => all.Select(p => workspace.Port(n, p.Service, p.Target)).Append(int.Parse(workspace.Env(n, "shipper")["PORT"]))).ToList();
        Assert.Equal(taken.Count, taken.Distinct().Count());
        for (var n = 0; n <= 2; n++)
        {
            var env = workspace.Env(n, "shipper");
            Assert.Equal(
                [
                    $"http://localhost:{workspace.Port(n, "logs", 3100)}", $"http://localhost:{workspace.Port(n, "traces", 3200)}",
                    $"localhost:{workspace.Port(n, "exporter", 9100)}", $"http://localhost:{workspace.Port(n, "store", 9000)}",
                ],
                new[] { "LOGS", "TRACES", "EXPORTER", "STORE" }.Select(v => env[v]));
            Assert.Equal(n > 0, workspace.Notes(n).Contains("Service watch uses the engine's socket", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Ranges_stay_ranges_and_protocols_keep_one_number()
    {
        var workspace = await CreateAsync("""
            services:
              sfu:
                image: livekit/livekit-server
                ports: ["7880:7880", "7881:7881/tcp", "50000-50200:50000-50200/udp"]
                environment: {RTC_PORT_START: "50000", RTC_PORT_END: "50200"}
              turn: {image: coturn/coturn, ports: ["3478:3478", "3478:3478/udp", "49160-49200:49160-49200/udp"]}
              dns: {image: coredns/coredns, ports: ["53:53/tcp", "53:53/udp"]}
              pool: {image: nginx, ports: ["8100-8105:80"], scale: 2}
            """);
        await workspace.InitAsync();

        var all = Enumerable.Range(0, 3).SelectMany(n => new[] { "sfu", "turn", "dns", "pool" }.SelectMany(s => workspace.Ports(n, s)).Select(Published)).ToList();
        Assert.Equal(all.Count, all.Distinct().Count());
        for (var n = 0; n <= 2; n++)
        {
            var rtc = workspace.Ports(n, "sfu").Where(p => p.EndsWith("/udp", StringComparison.Ordinal)).Select(Numbers).OrderBy(p => p.Target).ToList();
            Assert.Equal(Enumerable.Range(50000, 201), rtc.Select(p => p.Target));
            Assert.Equal(Enumerable.Range(n == 0 ? 50000 : rtc[0].Published, 201), rtc.Select(p => p.Published));
            Assert.Equal("50000", workspace.Variable(n, "sfu", "RTC_PORT_START"));
            Assert.Single(workspace.Ports(n, "turn").Select(Numbers).Where(p => p.Target == 3478).Select(p => p.Published).Distinct());
            var dns = Assert.Single(workspace.Ports(n, "dns").Select(Numbers).Select(p => p.Published).Distinct());
            Assert.True(n == 0 ? dns == 53 : dns >= 1024);
            Assert.Equal(n > 0, workspace.Notes(n).Contains("Service sfu publishes 50000-50200/udp as", StringComparison.Ordinal));
        }

        static string Published(string port) => $"{Numbers(port).Published}{port[port.IndexOf('/', StringComparison.Ordinal)..]}";

        static (int Published, int Target) Numbers(string port)
        {
            var parts = port.Split('/')[0].Split(':');
            return (int.Parse(parts[1].Split('-')[0]), int.Parse(parts[2]));
        }
    }

    [Fact]
    public async Task A_service_and_an_app_on_one_port_are_refused_by_name()
    {
        var workspace = await CreateAsync("""
            services:
              api: {build: ./api, ports: ["4000:4000"]}
              db: {image: "postgres:16", ports: ["5432:5432"]}
            """);
        workspace.With("api/Dockerfile", "FROM scratch\n").With("ecosystem.config.cjs", "module.exports={apps:[{name:'api',cwd:'api',script:'npm',args:'run dev',env:{PORT:4000}}]}");

        var error = await workspace.InitFailsAsync(2);

        Assert.Contains("Port 4000 is used twice: service api publishes it (compose.yaml), and app api listens on it (ecosystem.config.cjs).", error, StringComparison.Ordinal);
        Assert.Contains("compose.files", error, StringComparison.Ordinal);
        Assert.Contains("profile", error, StringComparison.Ordinal);
    }

    private async Task<CaseWorkspace> CreateAsync(string compose) => Remember(await CaseWorkspace.CreateAsync(compose));
}

/// <summary>Data that services keep outside of the workspace.</summary>
public sealed class DataCases : Scenario
{
    private const string Compose = """
        services:
          pg: {image: "postgres:15", volumes: ["${LEDGER:-/srv/ledger}/pg:/var/lib/postgresql/data"], scale: 0}
          search: {image: "elasticsearch:8.14.0", volumes: ["../ledger-es:/usr/share/elasticsearch/data"], scale: 0}
          old: {image: "postgres:16", volumes: ["old:/var/lib/postgresql/data"], scale: 0}
        volumes:
          old: {external: true, name: acme_pg}
        """;

    [Fact]
    public async Task Instances_that_would_share_data_are_refused_with_both_ways_out()
    {
        var workspace = Remember(await CaseWorkspace.CreateAsync(Compose));

        var refused = await workspace.RunAsync("InitInstance", "--instance", "1");

        refused.Expect(2);
        foreach (var text in new[] { "service pg in /srv/ledger/pg", "ledger-es", "the external volume acme_pg", "data: own", "allow: [shared-data]" })
            Assert.Contains(text, refused.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(workspace.PathOf(".instances/instance-1/docker-compose.override.yml")), refused.ToString());
        (await workspace.RunAsync("InitInstance", "--instance", "0")).Expect(0);

        await workspace.With("instancekit.yml", "allow: [shared-data]\n").InitAsync();
        Assert.Contains("which all instances share", workspace.Notes(1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_instance_can_have_its_own_data()
    {
        var workspace = Remember(await CaseWorkspace.CreateAsync(Compose));
        await workspace.With("instancekit.yml", "data: own\n").InitAsync();

        Assert.Equal(
            ["/srv/ledger/pg", workspace.PathOf(".instances/instance-1/data/outside/srv/ledger/pg"), workspace.PathOf(".instances/instance-2/data/outside/srv/ledger/pg")],
            Enumerable.Range(0, 3).Select(n => $"{workspace.Service(n, "pg")["volumes"]![0]!["source"]}"));
        Assert.True(Directory.Exists(workspace.PathOf(".instances/instance-1/data/outside/srv/ledger/pg")));
        Assert.Equal(3, Enumerable.Range(0, 3).Select(n => $"{workspace.Service(n, "search")["volumes"]![0]!["source"]}").Distinct().Count());
        Assert.Equal(
            ["acme_pg true", $"{workspace.StackName}-dev-1_old ", $"{workspace.StackName}-dev-2_old "],
            Enumerable.Range(0, 3).Select(n => workspace.Model(n)["volumes"]!["old"]!).Select(v => $"{v["name"]} {v["external"]}"));
        Assert.Contains("belongs to instance 0", workspace.Notes(2), StringComparison.Ordinal);
    }
}
