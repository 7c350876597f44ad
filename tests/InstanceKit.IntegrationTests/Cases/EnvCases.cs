using System.Text;
using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Cases;

/// <summary>Addresses in env files of all dialects, places and encodings.</summary>
public sealed class EnvCases : Scenario
{
    private const string Services = """
        services:
          pg: {image: "postgres:16", ports: ["5433:5432"]}
          cache: {image: "redis:7", ports: ["6379:6379"]}
          mq: {image: rabbitmq, ports: ["5672:5672"]}
          docs: {image: "mongo:7", ports: ["27017:27017"]}

        """;

    [Fact]
    public async Task Every_dialect_is_followed_and_nothing_that_only_looks_alike()
    {
        // Each line, with the lines of the instance after an arrow where it changes; {n} is the number.
        string[] lines =
        [
            "# main db on localhost:5433 (see 5433 in compose)",
            "export PG_URL=\"postgres://app:5433@localhost:5433/app\" # 5433 again => export PG_URL=\"postgres://app:5433@localhost:5{n}33/app\" # 5433 again",
            "PGHOST=localhost", "PGPORT=5433 => PGPORT=5{n}33", "PGUSER=app",
            "JDBC_URL=jdbc:postgresql://localhost:5433,127.0.0.1:5433/app?user=5433 => JDBC_URL=jdbc:postgresql://localhost:5{n}33,127.0.0.1:5{n}33/app?user=5433",
            "LIBPQ_DSN=\"host=localhost port=5433 user=app password=5433 dbname=app\" => LIBPQ_DSN=\"host=localhost port=5{n}33 user=app password=5433 dbname=app\"",
            "NET_PG=Host=localhost;Port=5433;Database=app;Username=app;Password=p5433 => NET_PG=Host=localhost;Port=5{n}33;Database=app;Username=app;Password=p5433",
            "NET_SQL=\"Server=localhost,1433;User Id=sa;Password=Pass,1433;TrustServerCertificate=true\" => NET_SQL=\"Server=localhost,1{n}33;User Id=sa;Password=Pass,1433;TrustServerCertificate=true\"",
            "NET_SQL2=\"Server=localhost;Database=app;User Id=sa;TrustServerCertificate=true\" => NET_SQL2=\"Server=localhost,1{n}33;Database=app;User Id=sa;TrustServerCertificate=true\"",
            "NET_MY=Server=localhost;Database=app;Uid=root;Pwd=x;AllowPublicKeyRetrieval=true => NET_MY=Server=localhost;Port=3{m}06;Database=app;Uid=root;Pwd=x;AllowPublicKeyRetrieval=true",
            "GO_MYSQL=app:3306@tcp(127.0.0.1:3306)/app => GO_MYSQL=app:3306@tcp(127.0.0.1:3{m}06)/app",
            "ORACLE=jdbc:oracle:thin:@localhost:1521:XE",
            "REDIS_URL=redis://localhost => REDIS_URL=redis://localhost:6{m}79",
            "REDIS_URL2=redis://:s3cret@127.0.0.1/0 => REDIS_URL2=redis://:s3cret@127.0.0.1:6{m}79/0",
            "AMQP_URL=amqp://guest:guest@localhost/ => AMQP_URL=amqp://guest:guest@localhost:5{k}72/",
            "MONGO_URI=mongodb://localhost/app => MONGO_URI=mongodb://localhost:27{j}17/app",
            "PG_DEFAULT=postgresql://app:x@localhost/app",
            "SENTINELS=[{\"host\":\"localhost\",\"port\":6379},{\"host\":\"10.0.0.5\",\"port\":6379}] => SENTINELS=[{\"host\":\"localhost\",\"port\":6{m}79},{\"host\":\"10.0.0.5\",\"port\":6379}]",
            "REDIS_NODES=localhost:6379,10.0.0.9:6379 => REDIS_NODES=localhost:6{m}79,10.0.0.9:6379",
            "PHONE=+495433637", "ORG_ID=5433", "API_KEY=5433637927017", "JWT=eyJ5433.eyI2Mzc5Iiw.localhost5433",
            "WEBHOOK=https://hooks.example.com:5433/6379", "STAGING_DB_HOST=db.staging.example.com", "STAGING_DB_PORT=5433",
            "DB_HOST=localhost", "DB_PORT=5433 => DB_PORT=5{n}33", "TIMEOUT_MS=6379",
            "PEM=\"-----BEGIN KEY-----\nMIIB5433localhost\n6379==\n-----END KEY-----\"",
            "EXPANDED=postgres://app@localhost:${DB_PORT}/x",
            "EXPANDED_DEFAULT=postgres://app@localhost:${NO_SUCH_PORT:-5433}/x => EXPANDED_DEFAULT=postgres://app@localhost:${NO_SUCH_PORT:-5{n}33}/x",
            "EXPANDED_BARE=postgres://app@localhost:$DB_PORT/x",
            "LITERAL='pa$$word#5433'",
        ];
        var workspace = await CreateAsync(Services + "  sql: {image: mcr.microsoft.com/mssql/server, ports: [\"1433:1433\"]}\n  my: {image: \"mysql:8\", ports: [\"3306:3306\"]}\n");
        await workspace.With("ecosystem.config.cjs", "module.exports = { apps: [{ name: 'svc', cwd: 'svc', script: 'main.js', env: { PORT: 8085 } }] };\n")
            .With("svc/.env", string.Concat(lines.Select(l => l.Split(" => ")[0] + "\n"))).InitAsync();

        for (var n = 0; n <= 2; n++)
        {
            var expected = string.Concat(lines.Select(l => l.Split(" => ")[^1]
                .Replace("{n}", $"{4 + n}", StringComparison.Ordinal).Replace("{m}", $"{3 + n}", StringComparison.Ordinal)
                .Replace("{k}", $"{6 + n}", StringComparison.Ordinal).Replace("{j}", $"{n}", StringComparison.Ordinal) + "\n"));
            var file = workspace.Generated(n, "svc.env");
            Assert.StartsWith(n == 0 ? string.Concat(lines.Select(l => l.Split(" => ")[0] + "\n")) : expected, file, StringComparison.Ordinal);
            Assert.Equal(($"{8085 + n * 100}", $"postgres://app@localhost:{5433 + n * 100}/x"), (workspace.Env(n, "svc")["PORT"], workspace.Env(n, "svc")["EXPANDED"]));
        }
    }

    [Fact]
    public async Task A_connection_string_that_may_mean_several_databases_is_reported()
    {
        var workspace = await CreateAsync("services:\n  sql: {image: mssql, ports: [\"1433:1433\"]}\n  my: {image: \"mysql:8\", ports: [\"3306:3306\"]}\n");
        await workspace.With("ecosystem.config.cjs", "module.exports = { apps: [{ name: 'svc', cwd: 'svc', script: 'main.js' }] };\n")
            .With("svc/.env", "A=1\nDB=Server=localhost;Database=app;User Id=app;Password=x\n").InitAsync();

        for (var n = 1; n <= 2; n++)
        {
            Assert.Equal("Server=localhost;Database=app;User Id=app;Password=x", workspace.Env(n, "svc")["DB"]);
            Assert.Contains("svc/.env:2 names localhost: it has no port, and the stack has several databases", workspace.Notes(n), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Bytes_survive_and_all_lines_and_layers_follow()
    {
        var workspace = await CreateAsync(Services);
        workspace.With("ecosystem.config.js", "module.exports = { apps: ['a', 'b', 'c', 'd'].map((name, i) => ({ name, cwd: name, script: 'x.js', env: { PORT: 7101 + i } })) };\n")
            .With("a/.env", "\uFEFFDATABASE_URL=postgres://localhost:5433/x\r\nSECRET=\"ab#5433\"\r\n# end\r\n")
            .With("c/.env", """
                DATABASE_URL=postgres://localhost:5433/x
                DATABASE_URL=postgres://localhost:5433/y
                EMPTY=
                NOEQ
                SPACED = http://localhost:7101 
                KEY: http://localhost:7102
                	TAB=http://localhost:7103
                TRAIL=http://localhost:6379\
                Q='{"u":"http://localhost:7104","p":7104}'
                B=`multi
                localhost:5433`
                URLS=http://localhost:7101,http://localhost:7102;http://[::1]:7103 ws://127.0.0.1:7104 http://0.0.0.0:6379
                ENC=redirect%3Dhttp%3A%2F%2Flocalhost%3A7101%2Fcb

                """)
            .With("d/.env.development", "ONLY_LOCAL=http://localhost:7102\nDEV=http://localhost:5433\nUNTOUCHED=5433\n")
            .With("d/.env.local", "ONLY_LOCAL=http://localhost:7101\n");
        await workspace.InitAsync();

        for (var n = 1; n <= 2; n++)
        {
            var (a, b, c, d, pg, cache) = (7101 + n * 100, 7102 + n * 100, 7103 + n * 100, 7104 + n * 100, 5433 + n * 100, 6379 + n * 100);
            Assert.StartsWith(
                $"\uFEFFDATABASE_URL=postgres://localhost:{pg}/x\r\nSECRET=\"ab#5433\"\r\n# end\r\n",
                Encoding.UTF8.GetString(await File.ReadAllBytesAsync(workspace.PathOf($".instances/instance-{n}/a.env"), Cancellation)), StringComparison.Ordinal);
            Assert.StartsWith(
                $"DATABASE_URL=postgres://localhost:{pg}/x\nDATABASE_URL=postgres://localhost:{pg}/y\nEMPTY=\nNOEQ\nSPACED = http://localhost:{a} \nKEY: http://localhost:{b}\n"
                + $"\tTAB=http://localhost:{c}\nTRAIL=http://localhost:{cache}\\\nQ='{{\"u\":\"http://localhost:{d}\",\"p\":7104}}'\nB=`multi\nlocalhost:{pg}`\n"
                + $"URLS=http://localhost:{a},http://localhost:{b};http://[::1]:{c} ws://127.0.0.1:{d} http://0.0.0.0:{cache}\n"
                + $"ENC=redirect%3Dhttp%3A%2F%2Flocalhost%3A{a}%2Fcb\n",
                workspace.Generated(n, "c.env"), StringComparison.Ordinal);
            Assert.Equal(($"http://localhost:{a}", $"http://localhost:{pg}"), (workspace.Env(n, "d")["ONLY_LOCAL"], workspace.Env(n, "d")["DEV"]));
            Assert.Equal("5433", workspace.Env(n, "d")["UNTOUCHED"]);
        }

        Directory.Delete(workspace.PathOf(".instances"), recursive: true);
        Directory.CreateDirectory(workspace.PathOf("b"));
        await File.WriteAllBytesAsync(workspace.PathOf("b/.env"), [.. "# r"u8, 0xE9, .. "glages\nDATABASE_URL=postgres://localhost:5433/x\n"u8], Cancellation);
        Assert.Contains("b/.env is not valid UTF-8: line 1 contains the byte 0xE9", await workspace.InitFailsAsync(2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_env_file_of_a_monorepo_s_root_reaches_every_app_that_loads_it()
    {
        var workspace = await CreateAsync(Services);
        await workspace.With(".env", "DATABASE_URL=postgres://app:app@localhost:5433/app\nREDIS_URL=redis://localhost:6379\nAPI_ORIGIN=http://localhost:4000\n")
            .With(".env.local", "CACHE_URL=redis://localhost:6379/1\n").With("apps/jobs/.flaskenv", "FLASK_API=http://localhost:4000\n")
            .With("apps/api/package.json", """{"scripts":{"dev":"dotenv -e ../../.env -- tsx watch main.ts"}}""")
            .With("apps/web/package.json", """{"scripts":{"dev":"dotenv -e ../../.env -- next dev"}}""")
            .With("ecosystem.config.js", """
                module.exports = { apps: [
                  { name: 'api', cwd: 'apps/api', script: 'pnpm', args: 'dev', env: { PORT: 4000 } },
                  { name: 'web', cwd: 'apps/web', script: 'pnpm', args: 'dev', env: { PORT: 3000 } },
                  { name: 'jobs', cwd: 'apps/jobs', script: 'node', args: '--env-file=../../.env jobs.js' },
                ] };
                """).InitAsync();

        for (var n = 0; n <= 2; n++)
        {
            foreach (var app in new[] { "api", "web", "jobs" })
            {
                var env = workspace.Env(n, app);
                Assert.Equal(
                    ($"postgres://app:app@localhost:{5433 + n * 100}/app", $"redis://localhost:{6379 + n * 100}", $"http://localhost:{workspace.Env(n, "api")["PORT"]}"),
                    (env["DATABASE_URL"], env["REDIS_URL"], env["API_ORIGIN"]));
                if (n > 0)
                    Assert.Equal($"redis://localhost:{6379 + n * 100}/1", env["CACHE_URL"]);
            }
        }

        Assert.Equal($"http://localhost:{workspace.Env(2, "api")["PORT"]}", workspace.Env(2, "jobs")["FLASK_API"]);
        Assert.Equal(("4000", "3000"), (workspace.Env(0, "api")["PORT"], workspace.Env(0, "web")["PORT"]));
    }

    [Fact]
    public async Task A_folder_with_any_name_is_like_any_other()
    {
        var workspace = Remember(await CaseWorkspace.CreateAsync("""
            services:
              db: {image: "postgres:16", ports: ["5434:5432"], volumes: ["./data/pg:/var/lib/postgresql/data", "./conf/pg.conf:/etc/postgresql/pg.conf:ro"]}
              "n": {image: nginx, ports: ["8085:80"], volumes: ["./conf/n.conf:/etc/nginx/conf.d/default.conf:ro"], extra_hosts: ["host.docker.internal:host-gateway"]}
            """, "mon$ey #1 dîr"));
        await workspace.With("api/.env", "A=http://localhost:4300\n").With("conf/pg.conf", "x=1\n")
            .With("conf/n.conf", "location / { proxy_pass http://host.docker.internal:4300; }\n")
            .With("ecosystem.config.js", "module.exports = { apps: [{ name: 'api', cwd: __dirname + '/api', script: 'a.js', env: { PORT: 4300, DB: 'postgres://localhost:5434/$x#y' } }] };\n").InitAsync();

        for (var n = 1; n <= 2; n++)
        {
            var folder = workspace.PathOf($".instances/instance-{n}").Replace("$", "$$", StringComparison.Ordinal);
            Assert.Equal(
                [$"{folder}/data/data/pg", $"{folder}/config/n/etc/nginx/conf.d/default.conf"],
                new[] { ("db", "/var/lib/postgresql/data"), ("n", "/etc/nginx/conf.d/default.conf") }.Select(m =>
                    (string?)workspace.Service(n, m.Item1)["volumes"]!.AsArray().Single(v => (string?)v!["target"] == m.Item2)!["source"]));
            Assert.Equal($"location / {{ proxy_pass http://host.docker.internal:{4300 + n * 100}; }}\n", workspace.Generated(n, "config/n/etc/nginx/conf.d/default.conf"));
            Assert.Equal($"http://localhost:{4300 + n * 100}", workspace.Env(n, "api")["A"]);
        }
    }

    private async Task<CaseWorkspace> CreateAsync(string compose) => Remember(await CaseWorkspace.CreateAsync(compose));
}
