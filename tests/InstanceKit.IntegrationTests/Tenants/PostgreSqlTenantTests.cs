using System.Globalization;
using InstanceKit.Tenants;
using Npgsql;
using Xunit;

namespace InstanceKit.IntegrationTests.Tenants;

/// <summary>Tenants of a real PostgreSQL.</summary>
public sealed class PostgreSqlTenantTests(PostgreSqlServers servers) : IClassFixture<PostgreSqlServers>
{
    public const string InitScript =
        """
        CREATE EXTENSION pgcrypto;
        CREATE SCHEMA "Sales dept";
        CREATE TYPE mood AS ENUM ('ok');
        CREATE DOMAIN word AS text;
        CREATE TYPE pair AS (a int, b int);
        CREATE TABLE seen (id serial PRIMARY KEY, at uuid DEFAULT gen_random_uuid(), how mood DEFAULT 'ok', what word);
        CREATE TABLE "Sales dept"."Part" (id int GENERATED ALWAYS AS IDENTITY, day date) PARTITION BY RANGE (day);
        CREATE VIEW all_seen AS SELECT * FROM seen;
        CREATE MATERIALIZED VIEW kept AS SELECT * FROM seen;
        CREATE FUNCTION one(x int) RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
        CREATE PROCEDURE two() LANGUAGE sql AS 'SELECT 2';
        CREATE SEQUENCE own_numbers;
        CREATE ROLE service LOGIN PASSWORD 'service';
        INSERT INTO seen (what) VALUES ('by the init script');
        """;

    private static readonly TenantClient Client = TenantKinds.Of(TenantKind.PostgreSql);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("container")]
    [InlineData("process")]
    public async Task Ten_tenants_see_what_the_init_scripts_made_and_their_own_rows(string place)
    {
        var server = await servers.GetAsync(place);
        var tenants = Enumerable.Range(0, 10).Select(n => Plan(server, "ten", n)).ToList();

        await Task.WhenAll(tenants.Select(t => Client.ProvisionAsync(server, t, Cancellation)));

        foreach (var tenant in tenants)
            await AskAsync(server, tenant, $"INSERT INTO seen (what) VALUES ('{tenant.Name}')");
        foreach (var tenant in tenants)
        {
            Assert.Equal($"by the init script,{tenant.Name}", await AskAsync(server, tenant, "SELECT string_agg(what, ',' ORDER BY id) FROM seen"));
            Assert.Equal([], await Client.ProveAsync(server, tenant, tenants, Cancellation));
            var state = await Client.InspectAsync(server, tenant, Cancellation);
            Assert.True(state is { Exists: true, Bytes: > 1_000_000, Connections: 0 }, $"{state}");
        }

        foreach (var database in new[] { tenants[4].Name, "ten_template", "shop" })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => AskAsync(server, tenants[3] with { Name = database }, "SELECT 1"));
            Assert.Contains(refused.SqlState, new[] { PostgresErrorCodes.InsufficientPrivilege, PostgresErrorCodes.ObjectNotInPrerequisiteState });
        }

        Assert.Equal("1", await AskAsync(server, new Tenant("", TenantKind.PostgreSql, "shop", "service", "service"), "SELECT 1")); // as before
    }

    [Theory]
    [InlineData("container")]
    [InlineData("process")]
    public async Task Apps_own_what_the_init_scripts_made_and_are_no_superusers(string place)
    {
        var server = await servers.GetAsync(place);
        var tenant = Plan(server, "own", 1);
        await Client.ProvisionAsync(server, tenant, Cancellation);

        await AskAsync(
            server, tenant,
            """
            ALTER TABLE seen ADD COLUMN more int; ALTER TYPE mood ADD VALUE 'better'; CREATE TABLE made (id serial);
            DROP VIEW all_seen; DROP MATERIALIZED VIEW kept; DROP FUNCTION one; DROP AGGREGATE total(int); DROP PROCEDURE two; DROP SEQUENCE own_numbers;
            DROP TABLE "Sales dept"."Part"; DROP SCHEMA "Sales dept"; DROP TYPE pair; DROP TABLE seen; DROP DOMAIN word; CREATE EXTENSION citext;
            DROP SCHEMA public CASCADE; CREATE SCHEMA public
            """);

        foreach (var refused in new[] { "CREATE ROLE more SUPERUSER", "CREATE DATABASE more", "SET SESSION AUTHORIZATION dev" })
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => AskAsync(server, tenant, refused))).SqlState);
    }

    [Theory]
    [InlineData("container")]
    [InlineData("process")]
    public async Task Provisioning_again_keeps_the_data_and_repairs_what_others_left(string place)
    {
        var server = await servers.GetAsync(place);
        var tenant = Plan(server, "again", 2);
        await AsSuperuserAsync(server, $"CREATE DATABASE {tenant.Name} TEMPLATE template0; CREATE ROLE {tenant.User} LOGIN SUPERUSER PASSWORD 'old'".Split(';'));
        await AsSuperuserAsync(server, ["CREATE TABLE left_over AS SELECT 1 AS x"], tenant.Name);

        await Client.ProvisionAsync(server, tenant, Cancellation);

        await AskAsync(server, tenant, "ALTER TABLE left_over ADD COLUMN y int DEFAULT 5");
        await Client.ProvisionAsync(server, tenant, Cancellation);
        Assert.Equal("5", await AskAsync(server, tenant, "SELECT y FROM left_over"));
        Assert.Equal([], await Client.ProveAsync(server, tenant, [], Cancellation));

        // The password that is recorded counts, also after it was lost and made again.
        var other = Plan(server, "again", 2);
        Assert.NotEqual(tenant.Password, other.Password);
        Assert.Equal(tenant, Client.Plan("pg", "again", 2, server.Environment, tenant));
        Assert.NotEmpty(await Client.ProveAsync(server, other, [], Cancellation));
        await Client.ProvisionAsync(server, other, Cancellation);
        Assert.Equal([], await Client.ProveAsync(server, other, [], Cancellation));
    }

    [Theory]
    [InlineData("container")]
    [InlineData("process")]
    public async Task A_tenant_that_was_dropped_by_hand_is_created_again(string place)
    {
        var server = await servers.GetAsync(place);
        var tenant = Plan(server, "dropped", 3);
        await Client.ProvisionAsync(server, tenant, Cancellation);
        await AsSuperuserAsync(server, [$"DROP DATABASE {tenant.Name}", $"DROP ROLE {tenant.User}"]);
        Assert.False((await Client.InspectAsync(server, tenant, Cancellation)).Exists);
        Assert.NotEmpty(await Client.ProveAsync(server, tenant, [], Cancellation));

        await Client.ProvisionAsync(server, tenant, Cancellation);

        Assert.Equal("1", await AskAsync(server, tenant, "SELECT count(*)::text FROM seen"));
    }

    [Theory]
    [InlineData("container")]
    [InlineData("process")]
    public async Task Removing_one_ends_its_own_connections_alone(string place)
    {
        var server = await servers.GetAsync(place);
        var (gone, kept) = (Plan(server, "gone", 1), Plan(server, "gone", 2));
        await Client.ProvisionAsync(server, gone, Cancellation);
        await Client.ProvisionAsync(server, kept, Cancellation);
        await using var busy = await OpenAsync(server, gone);
        await using var works = await OpenAsync(server, kept);

        await Client.RemoveAsync(server, gone, Cancellation);
        await Client.RemoveAsync(server, gone, Cancellation);

        await using var command = new NpgsqlCommand("SELECT count(*)::text FROM seen", works);
        Assert.Equal("1", await command.ExecuteScalarAsync(Cancellation));
        Assert.False((await Client.InspectAsync(server, gone, Cancellation)).Exists);
        Assert.Equal(1, (await Client.InspectAsync(server, kept, Cancellation)).Connections);
        await Assert.ThrowsAsync<PostgresException>(() => AskAsync(server, gone, "SELECT 1"));
    }

    [Theory]
    [InlineData("container", false)]
    [InlineData("container", true)]
    [InlineData("process", false)]
    public async Task A_clone_has_the_data_of_the_other_and_is_its_owners(string place, bool isInUse)
    {
        var server = await servers.GetAsync(place);
        var (from, to) = (Plan(server, isInUse ? "busy" : "quiet", 1), Plan(server, isInUse ? "busy" : "quiet", 2));
        await Client.ProvisionAsync(server, from, Cancellation);
        await Client.ProvisionAsync(server, to, Cancellation);
        await AskAsync(server, from, "INSERT INTO seen (what) VALUES ('cloned')");
        await AskAsync(server, to, "CREATE TABLE old (x int)");
        await using var busy = isInUse ? await OpenAsync(server, from) : null;
        await using var reader = await OpenAsync(server, to); // its own apps may still be connected

        await Client.CloneAsync(server, from, to, Cancellation);

        Assert.Equal("by the init script,cloned", await AskAsync(server, to, "SELECT string_agg(what, ',' ORDER BY id) FROM seen"));
        await AskAsync(server, to, "ALTER TABLE seen RENAME TO was_seen; INSERT INTO was_seen (what) VALUES ('more')");
        Assert.Equal("2", await AskAsync(server, from, "SELECT count(*)::text FROM seen"));
        await Assert.ThrowsAsync<PostgresException>(() => AskAsync(server, to, "SELECT * FROM old"));
        Assert.Equal([], await Client.ProveAsync(server, to, [from], Cancellation));
        Assert.Equal([], await Client.ProveAsync(server, from, [to], Cancellation));
    }

    [Theory]
    [InlineData("container")]
    [InlineData("process")]
    public async Task A_grant_or_connection_across_tenants_is_found(string place)
    {
        var server = await servers.GetAsync(place);
        var (one, two) = (Plan(server, "across", 1), Plan(server, "across", 2));
        await Client.ProvisionAsync(server, one, Cancellation);
        await Client.ProvisionAsync(server, two, Cancellation);
        await AsSuperuserAsync(server, [$"GRANT CONNECT ON DATABASE {two.Name} TO {one.User}"]);
        await using var stray = await OpenAsync(server, one with { Name = two.Name });

        Assert.Equal(
            [$"role {one.User} may connect to database {two.Name}", $"role {one.User} is connected to database {two.Name}"],
            await Client.ProveAsync(server, one, [two], Cancellation));
        Assert.Equal([$"role {one.User} is connected to database {two.Name}"], await Client.ProveAsync(server, two, [one], Cancellation));
    }

    [Fact]
    public async Task A_server_at_its_connection_limit_is_named_with_what_to_do()
    {
        await using var full = await SharedServer.InContainerAsync(
            TenantKind.PostgreSql, "shipsec-build.local/postgres:1", 5432, PostgreSqlServers.Environment, InitScript,
            ["postgres", "-c", "max_connections=4", "-c", "superuser_reserved_connections=1", "-c", "max_wal_senders=0"]);
        await PostgreSqlServers.AnswersAsync(full.Server);
        var tenant = Plan(full.Server, "full", 1);
        await Client.ProvisionAsync(full.Server, tenant, Cancellation);
        var open = new List<NpgsqlConnection>();
        try
        {
            for (var i = 0; i < 3; i++)
                open.Add(await OpenAsync(full.Server, tenant));
            var error = await Assert.ThrowsAsync<InstanceKitException>(() => Client.ProveAsync(full.Server, tenant, [], Cancellation));
            Assert.Contains("accepts no more connections", error.Message, StringComparison.Ordinal);
            open.Add(await OpenAsync(full.Server, PostgreSqlServers.Superuser));

            error = await Assert.ThrowsAsync<InstanceKitException>(() => Client.ProvisionAsync(full.Server, tenant, Cancellation));

            Assert.Contains($"127.0.0.1:{full.Server.Port}) accepts no more connections", error.Message, StringComparison.Ordinal);
            Assert.Contains("max_connections", error.Remedy, StringComparison.Ordinal);
        }
        finally
        {
            foreach (var connection in open)
                await connection.DisposeAsync();
        }
    }

    internal static Tenant Plan(TenantServer server, string stack, int instance) => Client.Plan("pg", stack, instance, server.Environment);

    internal static async Task<NpgsqlConnection> OpenAsync(TenantServer server, Tenant tenant)
    {
        var connection = new NpgsqlConnection(string.Create(
            CultureInfo.InvariantCulture,
            $"Host=127.0.0.1;Port={server.Port};Database={tenant.Name};Username={tenant.User};Password=\"{tenant.Password}\";Pooling=false"));
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    private static async Task<string?> AskAsync(TenantServer server, Tenant tenant, string sql)
    {
        await using var connection = await OpenAsync(server, tenant);
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(Cancellation), CultureInfo.InvariantCulture);
    }

    private static async Task AsSuperuserAsync(TenantServer server, IEnumerable<string> statements, string database = "postgres")
    {
        foreach (var statement in statements)
            await AskAsync(server, PostgreSqlServers.Superuser with { Name = database }, statement);
    }
}

/// <summary>One PostgreSQL in a container and one as a process, started when a test first asks; tests differ in the stack's name.</summary>
public sealed class PostgreSqlServers : IAsyncLifetime
{
    internal static readonly IReadOnlyDictionary<string, string> Environment = new Dictionary<string, string>
    {
        ["POSTGRES_USER"] = "dev", ["POSTGRES_PASSWORD"] = "se'cret", ["POSTGRES_DB"] = "shop",
    };

    internal static readonly Tenant Superuser = new("", TenantKind.PostgreSql, "postgres", "dev", "se'cret");

    private readonly Dictionary<string, SharedServer> _servers = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    internal async Task<TenantServer> GetAsync(string place)
    {
        if (!_servers.TryGetValue(place, out var server))
        {
            server = place == "process"
                ? await SharedServer.AsProcessAsync(TenantKind.PostgreSql, "postgres:16", 5432, Environment, PostgreSqlTenantTests.InitScript)
                : await SharedServer.InContainerAsync(
                    TenantKind.PostgreSql, "shipsec-build.local/postgres:1", 5432, Environment, PostgreSqlTenantTests.InitScript);
            _servers.Add(place, server);
            await AnswersAsync(server.Server);
        }

        return server.Server;
    }

    internal static Task AnswersAsync(TenantServer server) => Eventually.HoldsAsync(
        async () =>
        {
            try
            {
                await using var open = await PostgreSqlTenantTests.OpenAsync(server, Superuser with { Name = "shop" });
                return true;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        },
        "PostgreSQL answers", seconds: 60);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
            await server.DisposeAsync();
    }
}
