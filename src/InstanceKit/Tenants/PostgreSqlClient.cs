using System.Globalization;
using InstanceKit.Platform;
using Npgsql;

namespace InstanceKit.Tenants;

/// <summary>PostgreSQL: a database owned by a role of the same name, copied from a template that holds what the init scripts made.</summary>
/// <remarks>
/// The template is a copy of the server's initial database. It can't be connected to, so that it can always be copied. Roles
/// can connect to their own database alone: <c>CONNECT</c> is revoked from <c>PUBLIC</c> on the tenants' databases, the
/// template and the initial database, where roles that were there before keep it.
/// </remarks>
internal sealed class PostgreSqlClient : TenantClient
{
    /// <summary>Held while the template is made or a tenant changes.</summary>
    private const long Lock = 0x496e_7374_616e_6365;
    private const string CantConnectNow = "57P03";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <inheritdoc />
    public override Tenant Plan(
        string service, string stack, int instance, IReadOnlyDictionary<string, string> environment, Tenant? recorded = null)
    {
        var name = NameOf(stack, instance, '_');
        return new Tenant(service, TenantKind.PostgreSql, name, name, recorded?.Password ?? NewPassword()) { Base = InitialOf(environment) };
    }

    /// <summary>The template of a stack's tenants.</summary>
    public static string TemplateOf(Tenant tenant) => tenant.Name[..tenant.Name.LastIndexOf("_instance_", StringComparison.Ordinal)] + "_template";

    /// <inheritdoc />
    public override Task ProvisionAsync(TenantServer server, Tenant tenant, CancellationToken cancellation) =>
        DoAsync(server, $"create database {tenant.Name}", isLocked: true, async connection =>
        {
            await EnsureTemplateAsync(server, connection, TemplateOf(tenant), cancellation);
            await EnsureRoleAsync(connection, tenant, cancellation);
            await CreateAsync(server, connection, tenant, TemplateOf(tenant), cancellation);
        }, cancellation);

    /// <inheritdoc />
    public override async Task<TenantState> InspectAsync(TenantServer server, Tenant tenant, CancellationToken cancellation)
    {
        var state = new TenantState(Exists: false);
        await DoAsync(server, $"inspect database {tenant.Name}", isLocked: false, async connection =>
        {
            var row = await ReadAsync(
                connection,
                """
                SELECT pg_database_size(d.oid)::text, (SELECT count(*) FROM pg_stat_activity a WHERE a.datid = d.oid)::text
                FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba WHERE d.datname = $1 AND r.rolname = $2
                """,
                cancellation, tenant.Name, tenant.User!);
            if (row is [[var bytes, var connections]])
                state = new TenantState(true, long.Parse(bytes, CultureInfo.InvariantCulture), int.Parse(connections, CultureInfo.InvariantCulture));
        }, cancellation);
        return state;
    }

    /// <inheritdoc />
    public override async Task<IReadOnlyList<string>> ProveAsync(
        TenantServer server, Tenant tenant, IReadOnlyList<Tenant> others, CancellationToken cancellation)
    {
        var wrong = new List<string>();
        try
        {
            await using var own = await OpenAsync(server, tenant.Name, tenant.User!, tenant.Password, cancellation);
            if (await ReadAsync(own, "SELECT current_user FROM pg_roles WHERE rolname = current_user AND rolsuper", cancellation) is not [])
                wrong.Add($"role {tenant.User} is a superuser");
        }
        catch (PostgresException e) when (e.SqlState != PostgresErrorCodes.TooManyConnections)
        {
            wrong.Add($"role {tenant.User} can't connect to database {tenant.Name}: {e.MessageText}");
            return wrong;
        }
        catch (NpgsqlException e)
        {
            throw Explain(server, $"connect to database {tenant.Name}", e);
        }

        await DoAsync(server, $"inspect database {tenant.Name}", isLocked: false, async connection =>
        {
            var foreign = others.Select(o => o.Name).Append(TemplateOf(tenant)).Append(InitialOf(server.Environment)).Where(n => n != tenant.Name);
            foreach (var row in await ReadAsync(
                connection,
                "SELECT datname FROM pg_database WHERE datname = ANY (string_to_array($1, ',')) AND has_database_privilege($2, oid, 'CONNECT')",
                cancellation, string.Join(',', foreign), tenant.User!))
                wrong.Add($"role {tenant.User} may connect to database {row[0]}");
            foreach (var row in await ReadAsync(
                connection,
                """
                SELECT DISTINCT usename, datname FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
                WHERE backend_type = 'client backend' AND NOT rolsuper AND (datname = $1) <> (usename = $2) AND (datname = $1 OR usename = $2)
                """,
                cancellation, tenant.Name, tenant.User!))
                wrong.Add($"role {row[0]} is connected to database {row[1]}");
        }, cancellation);
        return wrong;
    }

    /// <inheritdoc />
    public override Task CloneAsync(TenantServer server, Tenant from, Tenant to, CancellationToken cancellation) =>
        DoAsync(server, $"copy database {from.Name} to {to.Name}", isLocked: true, async connection =>
        {
            await EnsureRoleAsync(connection, to, cancellation);
            await DropAsync(connection, to, cancellation);
            await CreateAsync(server, connection, to, from.Name, cancellation);
        }, cancellation);

    /// <inheritdoc />
    public override Task RemoveAsync(TenantServer server, Tenant tenant, CancellationToken cancellation) =>
        DoAsync(server, $"remove database {tenant.Name}", isLocked: true, async connection =>
        {
            await DropAsync(connection, tenant, cancellation);
            if (await ReadAsync(connection, "SELECT 1::text FROM pg_roles WHERE rolname = $1", cancellation, tenant.User!) is [])
                return;
            await RunAsync(connection, $"DROP OWNED BY {Quote(tenant.User!)}; DROP ROLE {Quote(tenant.User!)}", cancellation);
        }, cancellation);

    /// <summary>The database that the image makes, as its documentation names it.</summary>
    private static string InitialOf(IReadOnlyDictionary<string, string> environment) =>
        TenantServer.Variable(environment, "POSTGRES_DB", "POSTGRESQL_DATABASE") ?? SuperuserOf(environment);

    private static string SuperuserOf(IReadOnlyDictionary<string, string> environment) =>
        TenantServer.Variable(environment, "POSTGRES_USER") ?? "postgres";

    private static async Task EnsureTemplateAsync(
        TenantServer server, NpgsqlConnection connection, string template, CancellationToken cancellation)
    {
        var initial = InitialOf(server.Environment);
        var found = await ReadAsync(
            connection, "SELECT (datistemplate AND NOT datallowconn)::text FROM pg_database WHERE datname = $1", cancellation, template);
        if (found is [["true"]])
            return;
        if (found is not [])
            await RunAsync(connection, $"DROP DATABASE {Quote(template)}", cancellation); // an interrupted copy
        await CopyAsync(server, connection, initial, template, cancellation);

        // Roles of the services themselves keep what they have by PUBLIC.
        await RunAsync(
            connection,
            $"""
             REVOKE CONNECT, TEMPORARY ON DATABASE {Quote(template)} FROM PUBLIC;
             DO $$ DECLARE r record; BEGIN
               FOR r IN SELECT rolname FROM pg_roles WHERE rolcanlogin AND NOT rolsuper AND rolname !~ '_instance_[0-9]+$' LOOP
                 EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO %I', {Literal(initial)}, r.rolname);
               END LOOP;
             END $$;
             REVOKE CONNECT, TEMPORARY ON DATABASE {Quote(initial)} FROM PUBLIC;
             ALTER DATABASE {Quote(template)} ALLOW_CONNECTIONS false IS_TEMPLATE true
             """,
            cancellation);
    }

    private static async Task EnsureRoleAsync(NpgsqlConnection connection, Tenant tenant, CancellationToken cancellation)
    {
        var exists = await ReadAsync(connection, "SELECT 1::text FROM pg_roles WHERE rolname = $1", cancellation, tenant.User!) is not [];
        await RunAsync(
            connection,
            $"{(exists ? "ALTER" : "CREATE")} ROLE {Quote(tenant.User!)} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS "
            + $"PASSWORD {Literal(tenant.Password!)}",
            cancellation);
    }

    /// <summary>The owner of the database is set last: it marks a tenant as complete.</summary>
    private static async Task CreateAsync(
        TenantServer server, NpgsqlConnection connection, Tenant tenant, string source, CancellationToken cancellation)
    {
        var owner = await ReadAsync(
            connection, "SELECT r.rolname::text FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba WHERE datname = $1", cancellation, tenant.Name);
        if (owner is [[var name]] && name == tenant.User)
        {
            await RunAsync(connection, $"REVOKE CONNECT, TEMPORARY ON DATABASE {Quote(tenant.Name)} FROM PUBLIC", cancellation);
            return;
        }

        if (owner is [])
            await CopyAsync(server, connection, source, tenant.Name, cancellation);
        await RunAsync(connection, $"REVOKE CONNECT, TEMPORARY ON DATABASE {Quote(tenant.Name)} FROM PUBLIC", cancellation);
        await using (var inside = await OpenAsync(server, tenant.Name, cancellation))
            await RunAsync(inside, GiveAll(tenant.User!), cancellation);
        await RunAsync(connection, $"ALTER DATABASE {Quote(tenant.Name)} OWNER TO {Quote(tenant.User!)}", cancellation);
    }

    /// <summary>Copies a database by the server, or by its own programs while somebody is connected to the source.</summary>
    private static async Task CopyAsync(
        TenantServer server, NpgsqlConnection connection, string source, string copy, CancellationToken cancellation)
    {
        try
        {
            await RunAsync(connection, $"CREATE DATABASE {Quote(copy)} TEMPLATE {Quote(source)}", cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ObjectInUse)
        {
            await RunAsync(connection, $"CREATE DATABASE {Quote(copy)} TEMPLATE template0", cancellation);
            var port = server.InnerPort is { } inner ? $" -h 127.0.0.1 -p {inner}" : "";
            var login = $"-U {ShellQuote.Word(SuperuserOf(server.Environment))}{port}";
            var result = await server.ExecAsync(
                [
                    "sh", "-c",
                    "PGPASSWORD=\"${POSTGRES_PASSWORD:-$POSTGRESQL_PASSWORD}\"; export PGPASSWORD; f=$(mktemp) && "
                    + $"pg_dump {login} -Fc -f \"$f\" -d {ShellQuote.Word(source)} && pg_restore {login} --exit-on-error -d {ShellQuote.Word(copy)} \"$f\"; "
                    + "s=$?; rm -f \"$f\"; exit $s",
                ],
                cancellation);
            if (result.Succeeded)
                return;
            await RunAsync(connection, $"DROP DATABASE {Quote(copy)}", CancellationToken.None);
            throw new InstanceKitException(
                ExitCode.Failed,
                $"Could not copy database {source} of {server.Service} while it is in use: {LastLineOf(result)}",
                $"Close the connections to {source}, then retry.", e);
        }
    }

    private static async Task DropAsync(NpgsqlConnection connection, Tenant tenant, CancellationToken cancellation)
    {
        if (await ReadAsync(connection, "SELECT 1::text FROM pg_database WHERE datname = $1", cancellation, tenant.Name) is [])
            return;
        await RunAsync(connection, $"ALTER DATABASE {Quote(tenant.Name)} ALLOW_CONNECTIONS false", cancellation); // apps reconnect at once
        await ReadAsync(connection, "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE datname = $1", cancellation, tenant.Name);
        await RunAsync(connection, $"DROP DATABASE {Quote(tenant.Name)}", cancellation);
    }

    /// <summary>Gives all schemas and objects of a database to a role, except those of extensions and of the system.</summary>
    /// <remarks><c>REASSIGN OWNED</c> refuses what the bootstrap superuser owns. A sequence of a column follows its table.</remarks>
    private static string GiveAll(string role) =>
        $"""
         DO $$ DECLARE r record; BEGIN
           FOR r IN
             WITH own AS (SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')
             SELECT 'SCHEMA' AS kind, format('%I', nspname) AS name, 'pg_namespace'::regclass AS class, oid FROM own
             UNION ALL
             SELECT CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE'
                      WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END, format('%I.%I', nspname, relname), 'pg_class'::regclass, c.oid
             FROM pg_class c JOIN own ON own.oid = relnamespace
             WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c') AND NOT EXISTS (
               SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND relkind = 'S' AND deptype IN ('a', 'i'))
             UNION ALL
             SELECT 'ROUTINE', p.oid::regprocedure::text, 'pg_proc'::regclass, p.oid FROM pg_proc p JOIN own ON own.oid = pronamespace
             UNION ALL
             SELECT CASE typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, format('%I.%I', nspname, typname), 'pg_type'::regclass, t.oid
             FROM pg_type t JOIN own ON own.oid = typnamespace WHERE typtype IN ('d', 'e', 'r')
             UNION ALL
             SELECT 'COLLATION', format('%I.%I', nspname, collname), 'pg_collation'::regclass, c.oid FROM pg_collation c JOIN own ON own.oid = collnamespace
             UNION ALL
             SELECT 'TEXT SEARCH CONFIGURATION', format('%I.%I', nspname, cfgname), 'pg_ts_config'::regclass, c.oid
             FROM pg_ts_config c JOIN own ON own.oid = cfgnamespace
             UNION ALL
             SELECT 'TEXT SEARCH DICTIONARY', format('%I.%I', nspname, dictname), 'pg_ts_dict'::regclass, d.oid
             FROM pg_ts_dict d JOIN own ON own.oid = dictnamespace
             UNION ALL
             SELECT 'OPERATOR', o.oid::regoperator::text, 'pg_operator'::regclass, o.oid FROM pg_operator o JOIN own ON own.oid = oprnamespace
             UNION ALL
             SELECT 'LARGE OBJECT', oid::text, 'pg_largeobject'::regclass, oid FROM pg_largeobject_metadata
           LOOP
             CONTINUE WHEN EXISTS (SELECT FROM pg_depend WHERE deptype = 'e' AND classid = r.class AND objid = r.oid);
             EXECUTE format('ALTER %s %s OWNER TO %I', r.kind, r.name, {Literal(role)});
           END LOOP;
         END $$
         """;

    /// <summary>Does something as the superuser, in a database that is no tenant's and no source of a copy.</summary>
    private static async Task DoAsync(
        TenantServer server, string intent, bool isLocked, Func<NpgsqlConnection, Task> act, CancellationToken cancellation)
    {
        try
        {
            var database = InitialOf(server.Environment) == "postgres" ? "template1" : "postgres";
            await using var connection = await OpenAsync(server, database, cancellation);
            if (isLocked)
                await ReadAsync(connection, "SELECT pg_advisory_lock($1::text::bigint)::text", cancellation, Lock.ToString(CultureInfo.InvariantCulture));
            await act(connection);
        }
        catch (NpgsqlException e)
        {
            throw Explain(server, intent, e);
        }
    }

    private static async Task<NpgsqlConnection> OpenAsync(TenantServer server, string database, CancellationToken cancellation)
    {
        var password = server.Variable("POSTGRES_PASSWORD", "POSTGRESQL_POSTGRES_PASSWORD", "POSTGRESQL_PASSWORD");
        if (password is null && server.Variable("POSTGRES_PASSWORD_FILE", "POSTGRESQL_POSTGRES_PASSWORD_FILE", "POSTGRESQL_PASSWORD_FILE") is { } file)
            password = (await RunAsync(server, "read the password of the superuser", ["cat", file], cancellation)).TrimEnd('\n');
        return await OpenAsync(server, database, SuperuserOf(server.Environment), password, cancellation);
    }

    private static async Task<NpgsqlConnection> OpenAsync(
        TenantServer server, string database, string user, string? password, CancellationToken cancellation)
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1", Port = server.Port, Database = database, Username = user, Password = password, ApplicationName = "instancekit",
            Pooling = false, SslMode = SslMode.Disable, GssEncryptionMode = GssEncryptionMode.Disable, CommandTimeout = 0, Timeout = 10,
        };
        var until = DateTime.UtcNow + Patience;
        while (true)
        {
            try
            {
                // The data source has no pool: the connection outlives it.
                await using var source = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString).Build();
                return await source.OpenConnectionAsync(cancellation);
            }
            catch (NpgsqlException e) when (e.SqlState == CantConnectNow && DateTime.UtcNow < until)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation); // it is starting
            }
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<List<string[]>> ReadAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellation, params string[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = value });
        var rows = new List<string[]>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "" : reader.GetString(i))]);
        return rows;
    }

    private static InstanceKitException Explain(TenantServer server, string intent, NpgsqlException e) => e switch
    {
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } full => new InstanceKitException(
            ExitCode.Failed,
            $"Could not {intent}: {server.Service} (127.0.0.1:{server.Port}) accepts no more connections: {full.MessageText}.",
            "Stop an instance that uses it, or raise max_connections of that service.", e),
        PostgresException refused => Failed(server, intent, refused.MessageText, e),
        _ => Failed(server, intent, (e.InnerException ?? e).Message, e),
    };

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
