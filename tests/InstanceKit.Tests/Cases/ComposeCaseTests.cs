using Xunit;

namespace InstanceKit.Tests.Cases;

/// <summary>Values in compose files that address the stack, in the shapes of public reports.</summary>
public sealed class ComposeCaseTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Traefik_finds_its_network_under_its_new_name(int number)
    {
        var instance = new CaseWorkspace("shopfront").With("compose.yaml", """
            services:
              edge:
                image: traefik:v3.1
                command: [--providers.docker=true, --providers.docker.network=shop_edge, --entrypoints.web.address=:80]
                ports: ["8000:80", "8090:8080"]
                networks: [edge]
              store:
                image: nginx
                labels:
                  traefik.docker.network: shop_edge
                  traefik.http.routers.store.rule: Host(`store.localhost`)
                  traefik.http.services.store.loadbalancer.server.port: "80"
                networks: [edge]
            networks:
              edge: {name: shop_edge}
            """).Instance(number);

        Assert.Contains($"--providers.docker.network=shopfront-dev-{number}_edge", instance.List("edge", "command"));
        Assert.Equal($"shopfront-dev-{number}_edge", instance.Section("store", "labels")["traefik.docker.network"]);
        Assert.Equal($"127.0.0.1:{8000 + number * 100}:80", instance.List("edge", "ports")[0]);
        Assert.DoesNotContain("traefik.http.services.store.loadbalancer.server.port", instance.Section("store", "labels").Keys);
    }

    [Fact]
    public void LocalStack_starts_its_containers_in_the_instance()
    {
        var environment = new CaseWorkspace("bookit").With("compose.yaml", """
            services:
              aws:
                image: localstack/localstack:3.4
                container_name: bookit-aws
                ports: ["4566:4566", "4510-4559:4510-4559"]
                environment:
                  MAIN_CONTAINER_NAME: bookit-aws
                  LAMBDA_DOCKER_NETWORK: bookit_net
                  LOCALSTACK_HOST: localhost:4566
                networks: [net]
            networks:
              net: {name: bookit_net}
            """).Instance(1).Environment("aws");

        Assert.Equal("bookit-dev-1-aws-1", environment["MAIN_CONTAINER_NAME"]);
        Assert.Equal("bookit-dev-1_net", environment["LAMBDA_DOCKER_NETWORK"]);
        Assert.Equal("localhost:4666", environment["LOCALSTACK_HOST"]);
    }

    [Theory]
    [InlineData(1, 24324, 5614)]
    [InlineData(2, 24424, 5714)]
    public void The_engine_sends_logs_to_the_instance(int number, int fluentd, int syslog)
    {
        var instance = new CaseWorkspace("logs").With("compose.yaml", """
            services:
              collector: {image: fluentd, ports: ["24224:24224", "24224:24224/udp"]}
              api:
                image: node:20
                logging: {driver: fluentd, options: {fluentd-address: "localhost:24224", tag: "app.{{.Name}}"}}
              mailer:
                image: node:20
                logging: {driver: syslog, options: {syslog-address: "udp://127.0.0.1:5514"}}
              syslog: {image: syslog-ng, ports: ["5514:514/udp"]}
            """).Mounting("collector", "fluent.conf", "/fluentd/etc/fluent.conf", "<source>\n  port 24224\n  bind 0.0.0.0\n</source>\n").Instance(number);

        Assert.Equal([new("fluentd-address", $"localhost:{fluentd}")], instance.Section("api", "logging", "options"));
        Assert.Equal([new("syslog-address", $"udp://127.0.0.1:{syslog}")], instance.Section("mailer", "logging", "options"));
        Assert.Equal([$"127.0.0.1:{fluentd}:24224", $"127.0.0.1:{fluentd}:24224/udp"], instance.List("collector", "ports"));
        Assert.DoesNotContain(instance.Plan.Files, f => f.Name.Contains("fluent", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("NEXTAUTH_URL", "http://localhost:3000", "http://localhost:3100")]
    [InlineData("SITE_URL", "http://localhost:3000/", "http://localhost:3100/")]
    [InlineData("KC_HOSTNAME", "http://localhost:3000", "http://localhost:3100")]
    [InlineData("MINIO_SERVER_URL", "http://localhost:3000", "http://localhost:3100")]
    [InlineData("WEBHOOK_URL", "http://localhost:3000/", "http://localhost:3100/")]
    [InlineData("HEALTH_URL", "http://localhost:3000/healthz", null)]
    [InlineData("INTERNAL_API", "http://localhost:3000", null)]
    [InlineData("N8N_PORT", "3000", null)]
    [InlineData("DATABASE_URL", "postgres://desk:desk@db:5432/desk", null)]
    [InlineData("LOCAL_DB", "postgres://localhost/desk", null)]
    public void A_url_of_a_service_itself_is_what_browsers_are_told(string name, string value, string? expected)
    {
        var instance = new CaseWorkspace("desk").With("compose.yaml", $$"""
            services:
              portal:
                image: acme/portal
                command: start --http-port=3000
                ports: ["3000:3000"]
                environment: { {{name}}: "{{value}}" }
                healthcheck: {test: ["CMD", "curl", "-f", "http://localhost:3000/healthz"]}
              db: {image: "postgres:16", ports: ["5432:5432"]}
            """).Instance(1);

        Assert.Equal(expected, instance.Environment("portal").GetValueOrDefault(name));
        Assert.Empty(instance.List("portal", "command"));
        Assert.Empty(instance.List("portal", "healthcheck", "test"));
    }

    [Fact]
    public void Addresses_follow_their_network_and_keep_the_container_s_port()
    {
        var environment = new CaseWorkspace("lan").With("compose.yaml", """
            services:
              app:
                image: nginx
                ports: ["8081:80"]
                environment:
                  RESOLVER: 172.30.5.2
                  ALLOWED: 172.30.5.0/24,10.0.0.1,172.30.50.2
                  UPSTREAM: http://172.30.5.10:8081/
                networks: [lan]
            networks:
              lan: {ipam: {config: [{subnet: 172.30.5.0/24, gateway: 172.30.5.1}]}}
            """).Instance(1).Environment("app");

        Assert.DoesNotContain("172.30.5.", environment["RESOLVER"], StringComparison.Ordinal);
        Assert.EndsWith(",10.0.0.1,172.30.50.2", environment["ALLOWED"], StringComparison.Ordinal);
        Assert.EndsWith(".10:8081/", environment["UPSTREAM"], StringComparison.Ordinal);
    }

    [Fact]
    public void Configs_and_secrets_follow_except_for_what_only_looks_like_a_port()
    {
        var instance = new CaseWorkspace("secrets").WithApp("api", 4100).WithApp("ui", 5173).With("compose.yaml", """
            services:
              proxy:
                image: nginx
                ports: ["8080:8080"]
                configs: [vhost, cors]
                secrets: [dsn]
                extra_hosts: ["host.docker.internal:host-gateway", "apps.acme.test:host-gateway"]
              cache:
                image: redis:7
                command: [redis-server, --requirepass, 6379secret]
                ports: ["6379:6379"]
            configs:
              vhost:
                content: |
                  listen 8080;
                  proxy_pass http://host.docker.internal:4100;
                  proxy_pass http://apps.acme.test:5173;
                  add_header Access-Control-Allow-Origin "http://localhost:8080";
                  # mirror of localhost:6379
              cors: {file: ./cors.json}
            secrets:
              dsn: {file: ./dsn}
            """)
            .With("cors.json", "{\"origins\":[\"http://localhost:8080\",\"http:\\/\\/127.0.0.1:5173\"],\"id\":8080,\"phone\":\"+49 5173 4100\"}")
            .With("dsn", "redis://:6379secret@host.docker.internal:6379/0").Instance(1);

        Assert.Equal(
            """
            listen 8080;
            proxy_pass http://host.docker.internal:4200;
            proxy_pass http://apps.acme.test:5273;
            add_header Access-Control-Allow-Origin "http://localhost:8180";
            # mirror of localhost:6379

            """.ReplaceLineEndings("\n"), instance.Content("vhost"));
        Assert.Equal(
            "{\"origins\":[\"http://localhost:8180\",\"http:\\/\\/127.0.0.1:5273\"],\"id\":8080,\"phone\":\"+49 5173 4100\"}", instance.File("configs/cors"));
        Assert.Equal("redis://:6379secret@host.docker.internal:6479/0", instance.File("secrets/dsn"));
        Assert.Empty(instance.List("cache", "command"));
    }

    [Fact]
    public void Kafka_and_MongoDB_send_clients_to_the_instance()
    {
        var instance = new CaseWorkspace("streams").With("compose.yaml", """
            services:
              kafka:
                image: apache/kafka
                ports: ["9092:9092", "9094:9094"]
                environment:
                  KAFKA_LISTENERS: INSIDE://:29092,OUTSIDE://:9092,CONTROLLER://:9093,DOCKERHOST://0.0.0.0:9094
                  KAFKA_ADVERTISED_LISTENERS: INSIDE://kafka:29092,OUTSIDE://localhost:9092,DOCKERHOST://host.docker.internal:9094
                  KAFKA_CONTROLLER_QUORUM_VOTERS: 1@localhost:9093
              oldkafka:
                image: wurstmeister/kafka
                ports: ["9192:9192"]
                environment: {KAFKA_ADVERTISED_HOST_NAME: localhost, KAFKA_ADVERTISED_PORT: "9192", KAFKA_PORT: "9192"}
              mongo:
                image: mongo:7
                command: ["--replSet", "rs0", "--port", "27017"]
                ports: ["27017:27017"]
                extra_hosts: ["host.docker.internal:host-gateway"]
                healthcheck: {test: ["CMD-SHELL", "echo host.docker.internal:27017 | mongosh --port 27017"]}
              mongo2:
                image: mongo:7
                ports: ["27018:27018"]
                healthcheck: {test: ["CMD-SHELL", "mongosh --port 27018 --eval \"rs.initiate({members:[{host:'localhost:27018'}]})\""]}
            """).Instance(1);

        var old = instance.Plan.Ports.Translate(9192);
        var kafka = instance.Plan.Ports.Translate(9092);
        Assert.Equal(
            [new("KAFKA_ADVERTISED_LISTENERS", $"INSIDE://kafka:29092,OUTSIDE://localhost:{kafka},DOCKERHOST://host.docker.internal:9194")],
            instance.Environment("kafka"));
        Assert.Equal([new("KAFKA_ADVERTISED_PORT", $"{old}")], instance.Environment("oldkafka"));
        Assert.Equal("echo host.docker.internal:27117 | mongosh --port 27017", instance.List("mongo", "healthcheck", "test")[1]);
        Assert.Empty(instance.List("mongo", "command"));
        Assert.Empty(instance.List("mongo2", "healthcheck", "test"));
        Assert.Contains(instance.Plan.Notes, n => n.StartsWith("services.mongo2.healthcheck.test names localhost:27018: a replica set", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_name_of_this_machine_is_followed()
    {
        var instance = new CaseWorkspace("tenants").WithApp("api", 4000, "PUBLIC=http://acme.localhost:8080\nBUCKET=http://uploads.s3.localhost:9000\n")
            .With("compose.yaml", """
            services:
              web:
                image: nginx
                ports: ["8080:80"]
                environment:
                  COOKIE_ORIGIN: http://acme.localhost:8080
                  API: http://172.17.0.1:4000
                  API2: http://host.containers.internal:4000
                  API3: http://gateway.docker.internal:4000
              s3:
                image: minio/minio
                ports: ["9000:9000"]
                environment: {MINIO_DOMAIN: "s3.localhost:9000"}
            """)
            .Mounting("web", "nginx.conf", "/etc/nginx/nginx.conf", "server 172.17.0.1:4000;\nlisten 80;\nreturn 301 http://app.localhost:8080$request_uri;\n")
            .Instance(1);

        Assert.Equal(
            ["http://172.17.0.1:4100", "http://host.containers.internal:4100", "http://gateway.docker.internal:4100", "http://acme.localhost:8180"],
            instance.Environment("web").Values);
        Assert.Equal("s3.localhost:9100", instance.Environment("s3")["MINIO_DOMAIN"]);
        Assert.Equal(("http://acme.localhost:8180", "http://uploads.s3.localhost:9100"), (instance.Env("api")["PUBLIC"], instance.Env("api")["BUCKET"]));
        Assert.Equal("server 172.17.0.1:4100;\nlisten 80;\nreturn 301 http://app.localhost:8180$request_uri;\n", instance.File("config/web/etc/nginx/nginx.conf"));
    }

    [Fact]
    public void What_asks_the_engine_for_containers_asks_for_those_of_the_instance()
    {
        var instance = new CaseWorkspace("baas").With("compose.yaml", """
            services:
              logs:
                container_name: baas-logs
                image: timberio/vector
                volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]
              db:
                container_name: baas-db
                image: postgres:16
                ports: ["5432:5432"]
              rest:
                image: acme/rest
                environment: {DATABASE_URL: "postgres://app@baas-db:5432/app", NAME: baas-db}
              backup:
                image: docker:cli
                entrypoint: ["sh", "-c", "docker exec baas-db pg_dumpall; psql -h baas-db:5432"]
                volumes: ["/var/run/docker.sock:/var/run/docker.sock"]
            """)
            .Mounting("logs", "vector.yml", "/etc/vector/vector.yml", "exclude_containers: [baas-logs]\ndb: '.container_name == \"baas-db\"'\n")
            .Instance(1);

        Assert.Equal(
            "exclude_containers: [baas-dev-1-logs-1]\ndb: '.container_name == \"baas-dev-1-db-1\"'\n", instance.File("config/logs/etc/vector/vector.yml"));
        Assert.Equal("docker exec baas-dev-1-db-1 pg_dumpall; psql -h baas-db:5432", instance.List("backup", "entrypoint")[2]);
        Assert.Empty(instance.Environment("rest"));
        Assert.Equal(["backup", "logs"], instance.Plan.Notes.Where(n => n.Contains("engine's socket", StringComparison.Ordinal)).Select(n => n.Split(' ')[1]));
    }
}
