using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Cases;

/// <summary>Addresses in compose files, configs, secrets and mounted files.</summary>
public sealed class AddressCases : Scenario
{
    [Fact]
    public async Task The_engine_sends_logs_to_the_collector_of_the_instance()
    {
        var workspace = await CreateAsync("""
            x-logs: &logs {driver: fluentd, options: {fluentd-address: "localhost:24224", tag: "app.{{.Name}}"}}
            services:
              collector:
                image: fluentd
                ports: ["24224:24224", "24224:24224/udp"]
                volumes: ["./fluent.conf:/fluentd/etc/fluent.conf:ro"]
              api: {image: "node:20", logging: *logs}
              post: {image: "node:20", logging: {driver: syslog, options: {syslog-address: "udp://127.0.0.1:5514"}}}
              syslog: {image: syslog-ng, ports: ["5514:514/udp"]}
            """);
        await workspace.With("fluent.conf", "<source>\n  port 24224\n  bind 0.0.0.0\n</source>\n").InitAsync();

        for (var n = 0; n <= 2; n++)
        {
            Assert.Equal($"localhost:{24224 + n * 100}", (string?)workspace.Service(n, "api")["logging"]!["options"]!["fluentd-address"]);
            Assert.Equal("app.{{.Name}}", (string?)workspace.Service(n, "api")["logging"]!["options"]!["tag"]);
            Assert.Equal($"udp://127.0.0.1:{5514 + n * 100}", (string?)workspace.Service(n, "post")["logging"]!["options"]!["syslog-address"]);
            Assert.Equal([$"127.0.0.1:{24224 + n * 100}:24224/tcp", $"127.0.0.1:{24224 + n * 100}:24224/udp"], workspace.Ports(n, "collector").Order());
            Assert.False(Directory.Exists(workspace.PathOf($".instances/instance-{n}/config")));
        }
    }

    [Fact]
    public async Task Browsers_are_told_the_published_ports_and_containers_their_own()
    {
        var workspace = await InitAsync("""
            services:
              portal:
                image: acme/portal
                ports: ["3000:3000"]
                environment:
                  NEXTAUTH_URL: http://localhost:3000
                  SITE_URL: http://localhost:3000/
                  APP_BASE_URL: "http://localhost:3000"
                  DATABASE_URL: postgres://desk:desk@db:5432/desk
                  HEALTH_URL: http://localhost:3000/healthz
                healthcheck: {test: ["CMD", "curl", "-f", "http://localhost:3000/healthz"]}
              charts:
                image: grafana/grafana
                ports: ["3001:3001"]
                environment: {GF_SERVER_HTTP_PORT: "3001", GF_SERVER_ROOT_URL: "http://localhost:3001/"}
              login:
                image: keycloak
                command: start-dev --http-port=8080
                ports: ["8080:8080"]
                environment: {KC_HOSTNAME: "http://localhost:8080", KC_HOSTNAME_ADMIN: "http://localhost:8080"}
              files:
                image: minio/minio
                command: server /data --console-address :9001
                ports: ["9000:9000", "9001:9001"]
                environment: {MINIO_SERVER_URL: "http://localhost:9000", MINIO_BROWSER_REDIRECT_URL: "http://localhost:9001"}
              flows:
                image: n8nio/n8n
                ports: ["5678:5678"]
                environment: {WEBHOOK_URL: "http://localhost:5678/", N8N_EDITOR_BASE_URL: "http://localhost:5678/", N8N_PORT: "5678"}
              db: {image: "postgres:16"}
            """);

        for (var n = 0; n <= 2; n++)
        {
            (string Service, string Variable, string Expected)[] expected =
            [
                ("portal", "NEXTAUTH_URL", "http://localhost:3000"), ("portal", "SITE_URL", "http://localhost:3000/"), ("portal", "APP_BASE_URL", "http://localhost:3000"),
                ("charts", "GF_SERVER_ROOT_URL", "http://localhost:3001/"), ("login", "KC_HOSTNAME", "http://localhost:8080"), ("login", "KC_HOSTNAME_ADMIN", "http://localhost:8080"),
                ("files", "MINIO_SERVER_URL", "http://localhost:9000"), ("files", "MINIO_BROWSER_REDIRECT_URL", "http://localhost:9001"),
                ("flows", "WEBHOOK_URL", "http://localhost:5678/"), ("flows", "N8N_EDITOR_BASE_URL", "http://localhost:5678/"),
            ];
            foreach (var (service, variable, url) in expected)
            {
                var port = new Uri(url).Port;
                Assert.Equal(url.Replace($"{port}", $"{workspace.Port(n, service, port)}", StringComparison.Ordinal), workspace.Variable(n, service, variable));
            }

            Assert.Equal(3000 + n * 100, workspace.Port(n, "portal", 3000));
            Assert.Equal(
                ["3001", "5678", "postgres://desk:desk@db:5432/desk", "http://localhost:3000/healthz"],
                new[] { ("charts", "GF_SERVER_HTTP_PORT"), ("flows", "N8N_PORT"), ("portal", "DATABASE_URL"), ("portal", "HEALTH_URL") }.Select(v => workspace.Variable(n, v.Item1, v.Item2)));
            Assert.Contains("http://localhost:3000/healthz", workspace.Service(n, "portal")["healthcheck"]!.ToJsonString(), StringComparison.Ordinal);
            Assert.Equal("start-dev --http-port=8080", workspace.Words(n, "login", "command"));
        }
    }

    [Fact]
    public async Task Configs_and_secrets_follow_except_for_what_only_looks_like_a_port()
    {
        var workspace = await CreateAsync("""
            services:
              proxy:
                image: nginx
                ports: ["8080:8080"]
                configs: [{source: vhost, target: /etc/nginx/conf.d/default.conf}, {source: cors, target: /etc/cors.json}]
                secrets: [dsn]
                extra_hosts: ["host.docker.internal:host-gateway", "apps.acme.test:host-gateway"]
              cache: {image: "redis:7", command: ["redis-server", "--requirepass", "6379secret"], ports: ["6379:6379"]}
            configs:
              vhost:
                content: |
                  server {
                    listen 8080;
                    location /api { proxy_pass http://host.docker.internal:4100; }
                    location / { proxy_pass http://apps.acme.test:5173; }
                    # mirror of localhost:6379
                  }
              cors: {file: ./cors.json}
            secrets:
              dsn: {file: ./dsn}
            """);
        await workspace
            .With("cors.json", "{\"origins\":[\"http://localhost:8080\",\"http:\\/\\/127.0.0.1:5173\"],\"id\":8080,\"phone\":\"+49 5173 4100\"}")
            .With("dsn", "redis://:6379secret@host.docker.internal:6379/0")
            .With("ecosystem.config.cjs", "module.exports = () => ({ apps: [['api', 4100], ['ui', 5173]].map(([name, port]) => ({ name, cwd: name, script: 'x.js', env: { PORT: port } })) });\n")
            .With("api/.env", "TOKEN=zz6379zz\nREDIS_URL=redis://:6379secret@localhost:6379/0\n").InitAsync();

        Assert.False(Directory.Exists(workspace.PathOf(".instances/instance-0/configs")));
        for (var n = 1; n <= 2; n++)
        {
            var (api, ui, proxy, cache) = (4100 + n * 100, 5173 + n * 100, 8080 + n * 100, 6379 + n * 100);
            Assert.Equal((proxy, cache), (workspace.Port(n, "proxy", 8080), workspace.Port(n, "cache", 6379)));
            Assert.Equal(
                $"server {{ absolute_redirect off;\n  listen 8080;\n  location /api {{ proxy_pass http://host.docker.internal:{api}; }}\n"
                + $"  location / {{ proxy_pass http://apps.acme.test:{ui}; }}\n  # mirror of localhost:6379\n}}\n",
                (string?)workspace.Model(n)["configs"]!["vhost"]!["content"]);
            Assert.Equal(
                $"{{\"origins\":[\"http://localhost:{proxy}\",\"http:\\/\\/127.0.0.1:{ui}\"],\"id\":8080,\"phone\":\"+49 5173 4100\"}}", workspace.Generated(n, "configs/cors"));
            Assert.Equal($"redis://:6379secret@host.docker.internal:{cache}/0", workspace.Generated(n, "secrets/dsn"));
            Assert.Equal("redis-server --requirepass 6379secret", workspace.Words(n, "cache", "command"));
            Assert.Equal(("zz6379zz", $"redis://:6379secret@localhost:{cache}/0", $"{api}"), (workspace.Env(n, "api")["TOKEN"], workspace.Env(n, "api")["REDIS_URL"], workspace.Env(n, "api")["PORT"]));
        }
    }

    [Fact]
    public async Task Brokers_and_replica_sets_send_their_clients_to_the_instance()
    {
        var workspace = await CreateAsync("""
            services:
              broker:
                image: apache/kafka
                ports: ["9092:9092", "9094:9094"]
                environment:
                  KAFKA_LISTENERS: INSIDE://:29092,OUTSIDE://:9092,CONTROLLER://:9093,DOCKERHOST://0.0.0.0:9094
                  KAFKA_ADVERTISED_LISTENERS: INSIDE://broker:29092,OUTSIDE://localhost:9092,DOCKERHOST://host.docker.internal:9094
                  KAFKA_CONTROLLER_QUORUM_VOTERS: 1@localhost:9093
              old:
                image: wurstmeister/kafka
                ports: ["9192:9192"]
                environment: {KAFKA_ADVERTISED_HOST_NAME: localhost, KAFKA_ADVERTISED_PORT: "9192", KAFKA_PORT: "9192"}
              docs:
                image: mongo:7
                command: ["--replSet", "rs0", "--port", "27017"]
                ports: ["27017:27017"]
                extra_hosts: ["host.docker.internal:host-gateway"]
                healthcheck: {test: "echo \"rs.initiate({_id:'rs0',members:[{_id:0,host:'host.docker.internal:27017'}]})\" | mongosh --port 27017"}
              more:
                image: mongo:7
                command: --replSet rs1 --port 27018
                ports: ["27018:27018"]
                healthcheck: {test: ["CMD-SHELL", "mongosh --port 27018 --eval \"rs.initiate({_id:'rs1',members:[{_id:0,host:'localhost:27018'}]})\""]}
            """);
        await workspace.With("ecosystem.config.js", "module.exports = { apps: [{ name: 'reader', cwd: 'reader', script: 'x.js' }] };\n")
            .With("reader/.env", "BROKERS=localhost:9092,localhost:9192\nMORE=mongodb://root:27018@127.0.0.1:27018,127.0.0.1:27017/app?replicaSet=rs1\n").InitAsync();

        for (var n = 0; n <= 2; n++)
        {
            var (broker, host, old) = (workspace.Port(n, "broker", 9092), workspace.Port(n, "broker", 9094), workspace.Port(n, "old", 9192));
            var (docs, more) = (27017 + n * 100, 27018 + n * 100);
            Assert.NotEqual(broker, old);
            Assert.Equal(
                [
                    "INSIDE://:29092,OUTSIDE://:9092,CONTROLLER://:9093,DOCKERHOST://0.0.0.0:9094",
                    $"INSIDE://broker:29092,OUTSIDE://localhost:{broker},DOCKERHOST://host.docker.internal:{host}", "1@localhost:9093",
                ],
                new[] { "KAFKA_LISTENERS", "KAFKA_ADVERTISED_LISTENERS", "KAFKA_CONTROLLER_QUORUM_VOTERS" }.Select(v => workspace.Variable(n, "broker", v)));
            Assert.Equal(($"{old}", "9192"), (workspace.Variable(n, "old", "KAFKA_ADVERTISED_PORT"), workspace.Variable(n, "old", "KAFKA_PORT")));
            Assert.Contains($"host.docker.internal:{docs}'}}]}})\\u0022 | mongosh --port 27017", workspace.Service(n, "docs")["healthcheck"]!.ToJsonString().Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.Equal(n > 0, workspace.Notes(n).Contains("services.more.healthcheck.test names localhost:27018: a replica set", StringComparison.Ordinal));
            Assert.Equal($"localhost:{broker},localhost:{old}", workspace.Env(n, "reader")["BROKERS"]);
            Assert.Equal($"mongodb://root:27018@127.0.0.1:{more},127.0.0.1:{docs}/app?replicaSet=rs1", workspace.Env(n, "reader")["MORE"]);
        }
    }

    [Fact]
    public async Task Every_name_of_this_machine_is_followed_and_no_other()
    {
        var workspace = await CreateAsync("""
            services:
              web:
                image: nginx
                ports: ["8080:80"]
                extra_hosts: ["host.docker.internal:host-gateway"]
                volumes: ["./nginx.conf:/etc/nginx/nginx.conf:ro"]
                environment:
                  COOKIE_ORIGIN: http://acme.localhost:8080
                  API: http://172.17.0.1:4000
                  API2: http://host.containers.internal:4000
                  API3: http://gateway.docker.internal:4000
                  API4: http://docker.for.mac.localhost:4000
              store: {image: minio/minio, ports: ["9000:9000"], environment: {MINIO_DOMAIN: "s3.localhost:9000"}}
            """);
        await workspace.With("pm2.config.js", "module.exports = { apps: [{ name: 'api', cwd: 'api', script: 'a.js', env: { PORT: 4000 } }] };\n")
            .With("nginx.conf", "http {\n  upstream api { server 172.17.0.1:4000; server host.docker.internal:4000 backup; }\n  server { listen 80; return 301 http://app.localhost:8080$request_uri; }\n}\n")
            .With("api/.env", $$"""
                PUBLIC=http://acme.localhost:8080
                TENANTS=http://a.localhost:8080,http://b.localhost:8080,http://api.example.localhost:4000
                BUCKET=http://uploads.s3.localhost:9000
                NIP=http://app.127.0.0.1.nip.io:8080
                LVH=http://acme.lvh.me:8080
                GATEWAY=http://172.17.0.1:9000
                UPPER=http://LOCALHOST:8080
                MACHINE=http://{{Environment.MachineName}}:4000
                REMOTE=http://localhost.example.com:8080
                REMOTE2=http://mylocalhost:8080
                REMOTE3=http://lvh.me.example.com:8080

                """).InitAsync();

        for (var n = 0; n <= 2; n++)
        {
            var (api, web, store) = (4000 + n * 100, 8080 + n * 100, 9000 + n * 100);
            Assert.Equal(
                [
                    $"http://acme.localhost:{web}", $"http://a.localhost:{web},http://b.localhost:{web},http://api.example.localhost:{api}", $"http://uploads.s3.localhost:{store}",
                    $"http://app.127.0.0.1.nip.io:{web}", $"http://acme.lvh.me:{web}", $"http://172.17.0.1:{store}", $"http://LOCALHOST:{web}", $"http://{Environment.MachineName}:{api}",
                    "http://localhost.example.com:8080", "http://mylocalhost:8080", "http://lvh.me.example.com:8080",
                ],
                new[] { "PUBLIC", "TENANTS", "BUCKET", "NIP", "LVH", "GATEWAY", "UPPER", "MACHINE", "REMOTE", "REMOTE2", "REMOTE3" }.Select(v => workspace.Env(n, "api")[v]));
            Assert.Equal(
                [
                    $"http://acme.localhost:{web}", $"http://172.17.0.1:{api}", $"http://host.containers.internal:{api}", $"http://gateway.docker.internal:{api}",
                    $"http://docker.for.mac.localhost:{api}",
                ],
                new[] { "COOKIE_ORIGIN", "API", "API2", "API3", "API4" }.Select(v => workspace.Variable(n, "web", v)));
            Assert.Equal($"s3.localhost:{store}", workspace.Variable(n, "store", "MINIO_DOMAIN"));
            if (n > 0)
            {
                Assert.Equal(
                    $"http {{ absolute_redirect off;\n  upstream api {{ server 172.17.0.1:{api}; server host.docker.internal:{api} backup; }}\n"
                    + $"  server {{ listen 80; return 301 http://app.localhost:{web}$request_uri; }}\n}}\n",
                    workspace.Generated(n, "config/web/etc/nginx/nginx.conf"));
            }
        }
    }

    [Fact]
    public async Task A_variable_of_several_services_means_one_thing()
    {
        var workspace = await InitAsync("""
            x-env: &env {SITE_URL: "http://localhost:3000", API_URL: "http://localhost:3001", PROBE_URL: "http://localhost:3000/ping", LISTEN: "0.0.0.0:3000"}
            services:
              site: {image: acme/site, ports: ["3000:3000"], environment: *env}
              api: {image: acme/api, ports: ["3001:3000"], environment: *env}
              job: {image: acme/job, network_mode: "service:site", environment: *env}
            """);

        for (var n = 0; n <= 2; n++)
        {
            foreach (var service in new[] { "site", "api", "job" })
            {
                Assert.Equal(
                    [$"http://localhost:{3000 + n * 100}", $"http://localhost:{3001 + n * 100}", "http://localhost:3000/ping", "0.0.0.0:3000"],
                    new[] { "SITE_URL", "API_URL", "PROBE_URL", "LISTEN" }.Select(v => workspace.Variable(n, service, v)));
            }
        }
    }

    private async Task<CaseWorkspace> CreateAsync(string compose) => Remember(await CaseWorkspace.CreateAsync(compose));

    private async Task<CaseWorkspace> InitAsync(string compose) => await (await CreateAsync(compose)).InitAsync();
}
