using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Cases;

/// <summary>Names of networks, containers and volumes as text, and resources that instances would share.</summary>
public sealed class NameCases : Scenario
{
    [Fact]
    public async Task A_proxy_finds_the_network_of_its_instance()
    {
        var workspace = await CreateAsync("""
            services:
              door:
                image: traefik:v3.1
                command: ["--providers.docker=true", "--providers.docker.network=mall_door", "--entrypoints.web.address=:80"]
                ports: ["8000:80", "8090:8080"]
                volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro", "./traefik.yml:/etc/traefik/traefik.yml:ro"]
                networks: [door]
              shop:
                image: nginx
                labels:
                  traefik.docker.network: mall_door
                  traefik.http.routers.shop.rule: Host(`shop.localhost`)
                  traefik.http.services.shop.loadbalancer.server.port: "80"
                networks: [door]
            networks:
              door: {name: mall_door}
            """);
        await workspace.With("traefik.yml", "# network: mall_door\nproviders:\n  docker:\n    network: mall_door\nname: mall_door\n").InitAsync();

        for (var n = 0; n <= 2; n++)
        {
            var network = $"{workspace.StackName}-dev-{n}_door";
            Assert.Equal(network, (string?)workspace.Model(n)["networks"]!["door"]!["name"]);
            Assert.Contains($"--providers.docker.network={network} ", workspace.Words(n, "door", "command"), StringComparison.Ordinal);
            Assert.Equal(
                $"# network: mall_door\nproviders:\n  docker:\n    network: {network}\nname: mall_door\n", workspace.Generated(n, "config/door/etc/traefik/traefik.yml"));
            var labels = workspace.Service(n, "shop")["labels"]!;
            Assert.Equal(network, (string?)labels["traefik.docker.network"]);
            Assert.Equal(("Host(`shop.localhost`)", "80"), ((string?)labels["traefik.http.routers.shop.rule"], (string?)labels["traefik.http.services.shop.loadbalancer.server.port"]));
            Assert.Equal([$"127.0.0.1:{8000 + n * 100}:80/tcp", $"127.0.0.1:{8090 + n * 100}:8080/tcp"], workspace.Ports(n, "door"));
            Assert.Equal(n > 0, workspace.Notes(n).Contains("Service door uses the engine's socket", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task What_starts_containers_by_itself_starts_them_in_its_instance()
    {
        var workspace = await InitAsync("""
            services:
              cloud:
                image: localstack/localstack
                container_name: trip-cloud
                ports: ["4566:4566", "4510-4559:4510-4559"]
                environment: {MAIN_CONTAINER_NAME: trip-cloud, LAMBDA_DOCKER_NETWORK: trip_net, LOCALSTACK_HOST: "localhost:4566"}
                volumes: ["/var/run/docker.sock:/var/run/docker.sock", "./.cloud:/var/lib/localstack"]
                networks: [net]
            networks:
              net: {name: trip_net}
            """);

        for (var n = 0; n <= 2; n++)
        {
            Assert.Null(workspace.Service(n, "cloud")["container_name"]);
            Assert.Equal(
                [$"{workspace.StackName}-dev-{n}-cloud-1", $"{workspace.StackName}-dev-{n}_net", $"localhost:{4566 + n * 100}"],
                new[] { "MAIN_CONTAINER_NAME", "LAMBDA_DOCKER_NETWORK", "LOCALSTACK_HOST" }.Select(v => workspace.Variable(n, "cloud", v)));
            var ports = workspace.Ports(n, "cloud");
            Assert.Equal(51, ports.Count);
            Assert.Contains($"127.0.0.1:{4510 + n * 100}:4510/tcp", ports);
            Assert.Contains($"127.0.0.1:{4559 + n * 100}:4559/tcp", ports);
            Assert.Equal(
                workspace.PathOf(n == 0 ? ".cloud" : $".instances/instance-{n}/data/.cloud"),
                (string?)workspace.Service(n, "cloud")["volumes"]!.AsArray().Single(v => (string?)v!["target"] == "/var/lib/localstack")!["source"]);
        }
    }

    [Fact]
    public async Task Names_that_contain_the_project_s_name_are_the_instance_s()
    {
        var workspace = await CreateAsync("""
            services:
              api:
                image: acme/api
                container_name: ${COMPOSE_PROJECT_NAME}-api
                ports: ["${API_PORT:-4000}:4000"]
                labels: {acme.project: "${COMPOSE_PROJECT_NAME}", homepage.href: "http://localhost:${API_PORT:-4000}"}
              db:
                image: mysql:8
                container_name: ${COMPOSE_PROJECT_NAME:-globe}-mysql
                ports: ["${DB_PORT}:3306"]
                environment: {MYSQL_ROOT_PASSWORD: "${DB_PASS}"}
                volumes: [data:/var/lib/mysql]
            networks:
              default: {name: "${COMPOSE_PROJECT_NAME}_back"}
            volumes:
              data: {name: "${COMPOSE_PROJECT_NAME}_mysql"}
            """);
        await workspace.With(".env", "COMPOSE_PROJECT_NAME=globe\nAPI_PORT=4000\nDB_PORT=3307\nDB_PASS='q$uiet#4000 3307'\n").InitAsync();

        for (var n = 0; n <= 2; n++)
        {
            Assert.DoesNotContain("globe", workspace.Model(n).ToJsonString(), StringComparison.Ordinal);
            var labels = workspace.Service(n, "api")["labels"]!;
            Assert.Equal(($"{workspace.StackName}-dev-{n}", $"http://localhost:{4000 + n * 100}"), ((string?)labels["acme.project"], (string?)labels["homepage.href"]));
            Assert.Equal((4000 + n * 100, 3307 + n * 100), (workspace.Port(n, "api", 4000), workspace.Port(n, "db", 3306)));
            Assert.Equal("q$$uiet#4000 3307", workspace.Variable(n, "db", "MYSQL_ROOT_PASSWORD"));
        }
    }

    [Fact]
    public async Task References_to_containers_are_references_to_services_of_the_instance()
    {
        var workspace = await CreateAsync("""
            services:
              files: {image: busybox, container_name: hub-files, volumes: [shared:/shared]}
              site:
                image: hub/site
                container_name: hub-site
                volumes_from: ["files:ro", "container:hub-files"]
                links: ["db:database"]
                external_links: ["hub-db:pg", "old_box:old"]
                ports: [{target: 8080, published: "8080", mode: host}, {target: 9000, published: "9000", host_ip: 0.0.0.0}, "7000"]
                build: {context: ., args: {API_URL: "http://localhost:8080", COMMIT: "8080"}}
              db: {image: "postgres:16", container_name: hub-db, profiles: [""], expose: ["5432"]}
              panel: {image: adminer, profiles: [tools], ports: ["8080:8080"]}
              helper: {image: busybox, network_mode: "container:hub-site", pid: "container:hub-site"}
            volumes: {shared: {name: hub_shared}}
            """);
        await workspace.With(".env", "COMPOSE_PROFILES=\n").InitAsync();

        for (var n = 0; n <= 2; n++)
        {
            var (site, helper) = (workspace.Service(n, "site"), workspace.Service(n, "helper"));
            Assert.Contains("hub-site", site["networks"]!["default"]!["aliases"]!.ToJsonString(), StringComparison.Ordinal);
            Assert.Equal(("service:site", "service:site"), ((string?)helper["network_mode"], (string?)helper["pid"]));
            Assert.Equal("files:ro files", workspace.Words(n, "site", "volumes_from"));
            Assert.Contains("db:pg", workspace.Words(n, "site", "links"), StringComparison.Ordinal);
            Assert.Equal("old_box:old", workspace.Words(n, "site", "external_links"));
            Assert.Contains("old_box", workspace.Notes(n), StringComparison.Ordinal);
            Assert.Equal([$"127.0.0.1:{8080 + n * 100}:8080/tcp", $"127.0.0.1:{9000 + n * 100}:9000/tcp", "127.0.0.1::7000/tcp"], workspace.Ports(n, "site"));
            Assert.Equal(
                ($"http://localhost:{8080 + n * 100}", "8080"),
                ((string?)site["build"]!["args"]!["API_URL"], (string?)site["build"]!["args"]!["COMMIT"]));
            Assert.Equal(n == 0 ? "hub/site" : null, (string?)site["image"]);
            Assert.Null(workspace.Model(n)["services"]!["panel"]);
        }
    }

    [Fact]
    public async Task What_asks_the_engine_for_containers_by_name_asks_for_those_of_its_instance()
    {
        var workspace = await CreateAsync("""
            services:
              logs:
                container_name: base-logs
                image: timberio/vector
                volumes: ["./vector.yml:/etc/vector/vector.yml:ro", "/var/run/docker.sock:/var/run/docker.sock:ro"]
              db: {container_name: base-db, image: "postgres:16", ports: ["5432:5432"]}
              live: {container_name: live-dev.base-live, image: acme/live}
              dump:
                image: docker:cli
                entrypoint: ["sh", "-c", "docker exec base-db pg_dumpall > /dump.sql"]
                volumes: ["/var/run/docker.sock:/var/run/docker.sock"]
            """);
        await workspace.With("vector.yml", "exclude_containers: [base-logs]\nlive: '.container_name == \"live-dev.base-live\"'\ndb: '.container_name == \"base-db\"'\n").InitAsync();

        for (var n = 0; n <= 2; n++)
        {
            var project = $"{workspace.StackName}-dev-{n}";
            Assert.Equal(
                $"exclude_containers: [{project}-logs-1]\nlive: '.container_name == \"{project}-live-1\"'\ndb: '.container_name == \"{project}-db-1\"'\n",
                workspace.Generated(n, "config/logs/etc/vector/vector.yml"));
            Assert.Equal($"sh -c docker exec {project}-db-1 pg_dumpall > /dump.sql", workspace.Words(n, "dump", "entrypoint"));
            Assert.Equal(n > 0 ? 2 : 0, workspace.Notes(n).Split('\n').Count(l => l.Contains("the engine's socket", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task On_a_network_of_others_each_instance_has_names_of_its_own()
    {
        var workspace = await InitAsync("""
            services:
              web:
                image: nginx
                container_name: fair-web
                hostname: fair.lan
                ports: ["8080:80"]
                networks:
                  proxy: {aliases: [fair, fair.example.com], ipv4_address: 172.40.0.10}
                  default: {}
            networks:
              proxy: {external: true, name: traefik_proxy}
              default: {name: fair}
            """);

        for (var n = 1; n <= 2; n++)
        {
            var proxy = workspace.Service(n, "web")["networks"]!["proxy"]!;
            Assert.Equal([$"fair-{n}", $"fair-{n}.example.com", $"fair-web-{n}"], proxy["aliases"]!.AsArray().Select(a => (string?)a));
            Assert.Null(proxy["ipv4_address"]);
            Assert.Equal($"fair-{n}.lan", (string?)workspace.Service(n, "web")["hostname"]);
            Assert.Contains($"answers to fair-{n}, fair-{n}.example.com, fair-web-{n} instead of", workspace.Notes(n), StringComparison.Ordinal);
            Assert.Contains("172.40.0.10 belongs to instance 0", workspace.Notes(n), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Fixed_addresses_move_with_their_network()
    {
        var workspace = await InitAsync("""
            services:
              names:
                image: coredns/coredns
                networks: {lan: {ipv4_address: 172.29.7.2, ipv6_address: "fd12:9876::2"}}
              app:
                image: nginx
                dns: [172.29.7.2]
                extra_hosts: ["legacy.internal:172.29.7.10", "host.docker.internal:host-gateway"]
                ports: ["0.0.0.0:8081:80", "[::]:8081:80"]
                environment: {RESOLVER: 172.29.7.2, ALLOWED: "172.29.7.0/24,10.0.0.1,172.29.70.2", UPSTREAM: "http://172.29.7.10:8081/"}
                networks: {lan: {ipv4_address: 172.29.7.10, aliases: [front]}}
            networks:
              lan:
                enable_ipv6: true
                driver_opts: {com.docker.network.bridge.name: br-lan-dev}
                ipam: {config: [{subnet: 172.29.7.0/24, gateway: 172.29.7.1}, {subnet: "fd12:9876::/64"}]}
            """);

        var ranges = new HashSet<string>();
        for (var n = 0; n <= 2; n++)
        {
            var range = (string)workspace.Model(n)["networks"]!["lan"]!["ipam"]!["config"]![0]!["subnet"]!;
            Assert.True(ranges.Add(range));
            var prefix = range[..^"0/24".Length];
            Assert.Equal(n == 0, prefix == "172.29.7.");
            Assert.Equal($"{prefix}1", (string?)workspace.Model(n)["networks"]!["lan"]!["ipam"]!["config"]![0]!["gateway"]);
            Assert.Equal($"{prefix}2", (string?)workspace.Service(n, "names")["networks"]!["lan"]!["ipv4_address"]);
            Assert.Equal(n == 0, (string?)workspace.Service(n, "names")["networks"]!["lan"]!["ipv6_address"] == "fd12:9876::2");
            Assert.Equal($"{prefix}2", workspace.Words(n, "app", "dns"));
            Assert.Contains($"legacy.internal={prefix}10", workspace.Words(n, "app", "extra_hosts"), StringComparison.Ordinal);
            Assert.Equal(
                [$"{prefix}2", $"{prefix}0/24,10.0.0.1,172.29.70.2", $"http://{prefix}10:8081/"],
                new[] { "RESOLVER", "ALLOWED", "UPSTREAM" }.Select(v => workspace.Variable(n, "app", v)));
            Assert.Equal(
                n == 0 ? "br-lan-dev" : $"br-lan-dev-{n}",
                (string?)workspace.Model(n)["networks"]!["lan"]!["driver_opts"]!["com.docker.network.bridge.name"]);
            Assert.Equal([$"127.0.0.1:{8081 + n * 100}:80/tcp"], workspace.Ports(n, "app"));
        }
    }

    [Fact]
    public async Task A_key_that_the_installed_Compose_does_not_know_is_not_called_a_mistake()
    {
        var workspace = await CreateAsync("""
            services:
              chat: {image: acme/chat, ports: ["3000:3000"]}
            models:
              embed: {model: ai/embed}
            """);
        var installed = Version.Parse((await TestEngine.RunAsync("compose", "version", "--short")).Trim().TrimStart('v').Split('-', '+')[0]);
        Assert.SkipWhen(installed >= new Version(2, 38), "The installed Compose knows all these keys.");

        var error = await workspace.InitFailsAsync(2, 3);

        Assert.Contains($"The installed Compose {installed} is too old for the file: the key 'models' requires Compose 2.38.0 or later.", error, StringComparison.Ordinal);
        Assert.Contains("Update Compose", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Fix the file", error, StringComparison.Ordinal);

        workspace.Write("compose.yaml", "services:\n  chat: {image: acme/chat, prots: ['3000:3000']}\n");
        Assert.Contains("does not know the key 'prots' in services.chat", await workspace.InitFailsAsync(2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_on_the_host_s_network_is_refused_with_both_ways_out()
    {
        var workspace = await CreateAsync("services:\n  hass: {image: homeassistant/home-assistant, network_mode: host}\n");

        var error = await workspace.InitFailsAsync(2);

        Assert.Contains("Service hass uses network_mode: host", error, StringComparison.Ordinal);
        Assert.Contains("Give it networks and published ports", error, StringComparison.Ordinal);
        Assert.Contains("allow: [host-network]", error, StringComparison.Ordinal);
    }

    private async Task<CaseWorkspace> CreateAsync(string compose) => Remember(await CaseWorkspace.CreateAsync(compose));

    private async Task<CaseWorkspace> InitAsync(string compose) => await (await CreateAsync(compose)).InitAsync();
}
