using InstanceKit.IntegrationTests.Newcomer;
using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>Instances on one infrastructure, each with its own data in it.</summary>
[Collection(LowNumbers.Name)]
public sealed class SharedInfrastructureTests : Scenario
{
    private const string Database = """
          postgres:
            image: ${POSTGRES_IMAGE}
            environment: {POSTGRES_USER: app, POSTGRES_PASSWORD: app, POSTGRES_DB: app}
            ports: ["5433:5432"]
            volumes: ["./init:/docker-entrypoint-initdb.d:ro"]
            healthcheck: {test: ["CMD", "pg_isready", "-U", "app", "-h", "127.0.0.1"], interval: 1s}
        """;

    [Fact]
    public async Task Two_instances_have_their_own_rows_and_keys_on_one_infrastructure_and_one_goes_while_the_other_works()
    {
        var workspace = await CreateDatabaseWorkspaceAsync();
        var (one, two) = (workspace.TakeInstance(), workspace.TakeInstance());

        var up = (await workspace.RunAsync("Up", "--instance", $"{one.Number},{two.Number}", "--infra", "shared", "--json")).Expect(0);
        Assert.All([one, two], i => Assert.Equal("done", up.OutcomeOf(i)));
        Assert.Contains("\"shared\":true,\"subject\":\"postgres\"", up.Output, StringComparison.Ordinal);
        var shared = Shared(workspace);
        Assert.Equal(["postgres", "redis"], (await TestEngine.ContainersAsync(shared)).Select(c => c.Service).Order());
        Assert.Empty(await one.ContainersAsync());
        Assert.Empty(await two.ContainersAsync());

        foreach (var instance in new[] { one, two })
        {
            var url = UrlOf(instance, "DATABASE_URL");
            Assert.Equal("1", await PsqlAsync(workspace, instance, url, "INSERT INTO notes (text) VALUES ('x') RETURNING 1"));
            Assert.Equal("2", await PsqlAsync(workspace, instance, url, "SELECT count(*) FROM notes"));
            var own = $"{workspace.StackName}_instance_{instance.Number}";
            Assert.Equal($"{own} {own} f", await PsqlAsync(workspace, instance, url, "SELECT current_database() || ' ' || current_user || ' ' || rolsuper::text::char FROM pg_roles WHERE rolname = current_user"));
        }

        var other = UrlOf(two, "DATABASE_URL").Split('/')[^1];
        var refused = await ExecAsync(workspace, one, "psql", Inside(UrlOf(one, "DATABASE_URL"), other), "-c", "SELECT 1");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("permission denied for database", refused.Errors, StringComparison.Ordinal);
        Assert.EndsWith($"/{one.Number}", UrlOf(one, "TERMINAL_REDIS_URL"), StringComparison.Ordinal);

        // By whomever it is restarted, Redis keeps its users.
        var server = (await TestEngine.ContainersAsync(shared)).Single(c => c.Service == "redis");
        await TestEngine.RunAsync("restart", server.Id);
        Assert.Equal("PONG", await RedisAsync(workspace, one, "PING"));
        Assert.Contains("NOPERM", await RedisAsync(workspace, one, "SELECT", $"{two.Number}"), StringComparison.Ordinal);

        var status = (await workspace.RunAsync("Status", "--instance", $"{one.Number}", "--json")).Expect(0);
        Assert.Equal(["postgres", "redis"], status.Of(one)["components"]!.AsArray().Where(c => (bool?)c!["shared"] == true).Select(c => (string)c!["name"]!).Order());
        var environment = (await workspace.RunAsync("Env", "--instance", $"{one.Number}", "--only", "postgres")).Expect(0);
        Assert.Contains($"export PGDATABASE='{workspace.StackName}_instance_{one.Number}'", environment.Output, StringComparison.Ordinal);
        var restart = (await workspace.RunAsync("Restart", "--instance", $"{one.Number}", "--only", "postgres")).Expect(0);
        Assert.Contains("shared infrastructure: postgres: stopping", restart.Errors, StringComparison.Ordinal);
        Assert.Contains($"instance {two.Number} of {workspace.Folder} uses postgres too.", restart.Errors, StringComparison.Ordinal);
        var wait = (await workspace.RunAsync("Wait", "--instance", $"{one.Number}")).Expect(0);
        Assert.Contains("redis://localhost:", wait.Output, StringComparison.Ordinal);
        var verify = (await workspace.RunAsync("Verify", "--instance", $"{one.Number},{two.Number}")).Expect(0);
        Assert.DoesNotContain("another instance", verify.Output, StringComparison.Ordinal);

        (await workspace.RunAsync("Clean", "--instance", $"{two.Number}")).Expect(0);
        Assert.Equal("", await AdminAsync(workspace, one, $"SELECT datname FROM pg_database WHERE datname = '{other}'"));
        Assert.Equal("2", await PsqlAsync(workspace, one, UrlOf(one, "DATABASE_URL"), "SELECT count(*) FROM notes"));

        (await workspace.RunAsync("Down", "--instance", $"{one.Number}")).Expect(0);
        Assert.Equal(2, (await TestEngine.ContainersAsync(shared)).Count);
        (await workspace.RunAsync("Clean", "--instance", "all", "--yes")).Expect(0);
        Assert.Empty(await TestEngine.ContainersAsync(shared));
        Assert.Empty(await TestEngine.VolumesAsync(shared));
    }

    [Fact]
    public async Task A_database_that_was_dropped_by_hand_comes_back_and_an_infrastructure_that_is_down_loses_its_tenants_at_the_next_start()
    {
        var workspace = await CreateDatabaseWorkspaceAsync();
        var (one, two) = (workspace.TakeInstance(), workspace.TakeInstance());
        (await workspace.RunAsync("Up", "--instance", $"{one.Number},{two.Number}", "--infra", "shared")).Expect(0);
        (await workspace.RunAsync("Down", "--instance", $"{one.Number},{two.Number}")).Expect(0);
        var (mine, other) = (UrlOf(one, "DATABASE_URL").Split('/')[^1], UrlOf(two, "DATABASE_URL").Split('/')[^1]);
        await AdminAsync(workspace, one, $"DROP DATABASE {mine}");
        (await workspace.RunAsync("Down", "--instance", "shared")).Expect(0);

        var clean = (await workspace.RunAsync("Clean", "--instance", $"{two.Number}")).Expect(0);
        Assert.Contains("removed when it starts again", clean.Errors, StringComparison.Ordinal);
        (await workspace.RunAsync("Up", "--instance", $"{one.Number}")).Expect(0);

        Assert.Equal("1", await PsqlAsync(workspace, one, UrlOf(one, "DATABASE_URL"), "SELECT count(*) FROM notes"));
        Assert.Equal("", await AdminAsync(workspace, one, $"SELECT datname FROM pg_database WHERE datname = '{other}'"));
        (await workspace.RunAsync("Clean", "--instance", "all", "--yes")).Expect(0);
        Assert.Empty(await TestEngine.ContainersAsync(Shared(workspace)));
    }

    [Fact]
    public async Task Another_checkout_uses_the_same_infrastructure_and_one_with_another_image_is_refused()
    {
        var first = await CreateDatabaseWorkspaceAsync();
        var second = await CreateDatabaseWorkspaceAsync();
        (second.StackName, second.StateHome) = (first.StackName, first.StateHome);
        second.Environment["PM2_HOME"] = first.Pm2Home;
        var (one, two) = (first.TakeInstance(), second.TakeInstance());
        await first.RunJsonAsync(0, "Up", one, "--infra", "shared");

        second.Write("docker/docker-compose.infra.yml", File.ReadAllText(second.PathOf("docker/docker-compose.infra.yml")).Replace("interval: 1s", "interval: 3s", StringComparison.Ordinal));
        var refused = (await second.RunAsync("Up", "--instance", $"{two.Number}", "--infra", "shared")).Expect(2);
        Assert.Contains("postgres: healthcheck is", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("--infra own", refused.Errors, StringComparison.Ordinal);

        second.Write("docker/docker-compose.infra.yml", File.ReadAllText(first.PathOf("docker/docker-compose.infra.yml")));
        await second.RunJsonAsync(0, "Up", two, "--infra", "shared");
        Assert.Equal(2, (await TestEngine.ContainersAsync(Shared(first))).Count);
        var kept = (await first.RunAsync("Clean", "--instance", "all", "--yes")).Expect(0);
        Assert.Contains($"instance {two.Number} of {second.Folder} uses it", kept.Errors, StringComparison.Ordinal);
        Assert.Equal("1", await PsqlAsync(second, two, UrlOf(two, "DATABASE_URL"), "SELECT count(*) FROM notes"));
        (await second.RunAsync("Clean", "--instance", "all", "--yes")).Expect(0);
        Assert.Empty(await TestEngine.ContainersAsync(Shared(first)));
    }

    [Fact]
    public async Task Whatever_happens_to_the_infrastructure_the_next_Up_makes_it_whole()
    {
        // The command is a shell's line, which is left alone: few connections are soon used up.
        var workspace = await CreateDatabaseWorkspaceAsync(Database + "\n    command: [\"sh\", \"-c\", \"exec docker-entrypoint.sh postgres -c max_connections=12\"]");
        var (one, two) = (workspace.TakeInstance(), workspace.TakeInstance());
        var shared = Shared(workspace);

        // Two first Ups at once.
        var ups = await Task.WhenAll(new[] { one, two }.Select(i => workspace.RunAsync("Up", "--instance", $"{i.Number}", "--infra", "shared")));
        Assert.All(ups, up => up.Expect(0));
        Assert.Equal(["postgres", "redis"], (await TestEngine.ContainersAsync(shared)).Select(c => c.Service).Order());
        await PsqlAsync(workspace, one, UrlOf(one, "DATABASE_URL"), "INSERT INTO notes VALUES ('mine')");

        // No connection is left, then the servers are killed.
        var server = (await TestEngine.ContainersAsync(shared)).Single(c => c.Service == "postgres").Id;
        await TestEngine.RunAsync("exec", "-d", server, "sh", "-c", "for i in $(seq 14); do psql -U app -c 'SELECT pg_sleep(600)' & done; wait");
        await Eventually.HoldsAsync(async () => (await TestEngine.TryAsync("exec", server, "psql", "-U", "app", "-c", "SELECT 1")).StandardError.Contains("too many clients", StringComparison.Ordinal), "all connections are used", 30);
        var full = (await workspace.RunAsync("Up", "--instance", $"{one.Number}")).Expect(1);
        Assert.Contains("accepts no more connections", full.Errors, StringComparison.Ordinal);
        await TestEngine.RunAsync(["kill", .. (await TestEngine.ContainersAsync(shared)).Select(c => c.Id)]);
        (await workspace.RunAsync("Up", "--instance", $"{one.Number}")).Expect(0);
        Assert.Equal("2", await PsqlAsync(workspace, one, UrlOf(one, "DATABASE_URL"), "SELECT count(*) FROM notes"));

        // Up is killed while it waits to create the database, of which the role is left over, with another password.
        var other = $"{workspace.StackName}_instance_{two.Number}";
        await SqlAsync($"DROP DATABASE {other}");
        await SqlAsync($"ALTER ROLE {other} PASSWORD 'other' CREATEDB");
        await TestEngine.RunAsync("exec", "-d", server, "psql", "-U", "app", "-d", "postgres", "-c", $"SELECT pg_advisory_lock({0x496e_7374_616e_6365}), pg_sleep(600)");
        await Eventually.HoldsAsync(() => LocksAsync("granted"), "the lock is held", 30);
        await using (var up = await workspace.StartAsync("Up", "--instance", $"{two.Number}"))
        {
            await Eventually.HoldsAsync(() => LocksAsync("NOT granted"), "Up waits for the lock", 60);
            await up.KillAsync();
        }

        await SqlAsync("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'");
        (await workspace.RunAsync("Up", "--instance", $"{two.Number}")).Expect(0);
        Assert.Equal("1 f", await PsqlAsync(workspace, two, UrlOf(two, "DATABASE_URL"), "SELECT (SELECT count(*) FROM notes) || ' ' || rolcreatedb::text::char FROM pg_roles WHERE rolname = current_user"));

        // The data is removed; an instance with services of its own runs beside.
        await TestEngine.RunAsync("rm", "-f", "-v", server);
        (await workspace.RunAsync("Down", "--instance", $"{two.Number}")).Expect(0);
        var again = (await workspace.RunAsync("Up", "--instance", $"{one.Number}")).Expect(0);
        Assert.Contains($"postgres no longer had {workspace.StackName}_instance_{one.Number}", again.Errors, StringComparison.Ordinal);
        Assert.Equal("1", await PsqlAsync(workspace, one, UrlOf(one, "DATABASE_URL"), "SELECT count(*) FROM notes"));
        (await workspace.RunAsync("Up", "--instance", $"{two.Number}", "--infra", "own")).Expect(0);
        Assert.Equal(2, (await two.ContainersAsync()).Count);
        var list = (await workspace.RunAsync("List")).Expect(0).Output;
        Assert.Matches($@"shared +{shared} +- ", list);
        Assert.Matches($@"{one.Project} +shared ", list);
        Assert.Matches($@"{two.Project} +own ", list);

        async Task<string> SqlAsync(string query) => (await TestEngine.RunAsync("exec", server, "psql", "-U", "app", "-qAtc", query)).Trim();
        async Task<bool> LocksAsync(string which) =>
            await SqlAsync($"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND {which}") != "0";
    }

    private async Task<TinyWorkspace> CreateDatabaseWorkspaceAsync(string service = Database)
    {
        var workspace = await CreateWorkspaceAsync(TinyStack.With(service));
        workspace.Write("docker/init/notes.sql", "CREATE TABLE notes (text text); INSERT INTO notes VALUES ('from the start');");
        workspace.Write("backend/.env", "DATABASE_URL=postgresql://app:app@localhost:5433/app\n");
        return workspace;
    }

    private static string Shared(TestWorkspace workspace) => $"{workspace.StackName}-dev-shared";

    private static string UrlOf(TestInstance instance, string name) =>
        File.ReadAllLines(instance.FileOf("backend.env")).Single(l => l.StartsWith($"{name}=", StringComparison.Ordinal))[(name.Length + 1)..].Trim('"');

    /// <summary>The same database, as a client in the server's container reaches it.</summary>
    private static string Inside(string url, string? database = null) =>
        $"{url[..url.IndexOf('@', StringComparison.Ordinal)]}@127.0.0.1:5432/{database ?? url.Split('/')[^1]}";

    private static async Task<string> PsqlAsync(TestWorkspace workspace, TestInstance instance, string url, string query) =>
        (await ExecAsync(workspace, instance, "psql", Inside(url), "-qAtc", query)).Expect(0).Output.Trim();

    /// <summary>What the instance's own user of Redis is answered.</summary>
    private static async Task<string> RedisAsync(TestWorkspace workspace, TestInstance instance, params string[] command)
    {
        var login = new Uri(UrlOf(instance, "TERMINAL_REDIS_URL")).UserInfo.Split(':');
        return (await workspace.RunAsync(["Exec", "--instance", $"{instance.Number}", "--only", "redis", "--", "redis-cli", "--no-auth-warning", "--user", login[0], "--pass", login[1], .. command])).Output.Trim();
    }

    private static async Task<string> AdminAsync(TestWorkspace workspace, TestInstance instance, string query) =>
        (await ExecAsync(workspace, instance, "psql", "-U", "app", "-qAtc", query)).Expect(0).Output.Trim();

    private static Task<BlackBox.BuildResult> ExecAsync(TestWorkspace workspace, TestInstance instance, params string[] command) =>
        workspace.RunAsync(["Exec", "--instance", $"{instance.Number}", "--only", "postgres", "--", .. command]);
}
