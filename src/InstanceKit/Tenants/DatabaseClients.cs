using System.Globalization;
using System.Text.Json.Nodes;

namespace InstanceKit.Tenants;

/// <summary>MySQL and MariaDB: a database and a user, by the client in the server's image. New databases are dumped from the initial one.</summary>
internal sealed class MySqlClient : TenantClient
{
    private const int LongestUser = 32;
    private const string Shell =
        "c=$(command -v mysql || command -v mariadb); d=$(command -v mysqldump || command -v mariadb-dump); "
        + "MYSQL_PWD=${MYSQL_ROOT_PASSWORD:-$MARIADB_ROOT_PASSWORD}; export MYSQL_PWD; ";

    /// <inheritdoc />
    public override Tenant Plan(
        string service, string stack, int instance, IReadOnlyDictionary<string, string> environment, Tenant? recorded = null)
    {
        var name = NameOf(stack, instance, '_', LongestUser);
        return new Tenant(service, TenantKind.MySql, name, name, recorded?.Password ?? NewPassword()) { Base = InitialOf(environment) };
    }

    /// <inheritdoc />
    public override async Task ProvisionAsync(TenantServer server, Tenant tenant, CancellationToken cancellation)
    {
        await AskAsync(server, $"create database {tenant.Name}", $"CREATE DATABASE IF NOT EXISTS `{tenant.Name}`", cancellation);
        if (InitialOf(server.Environment) is { } initial && !await HasTablesAsync(server, tenant, cancellation))
            await CopyAsync(server, initial, tenant, cancellation);

        // An underscore in a grant stands for any character.
        await AskAsync(
            server, $"create user {tenant.User}",
            $"CREATE USER IF NOT EXISTS '{tenant.User}'@'%' IDENTIFIED BY '{tenant.Password}'; ALTER USER '{tenant.User}'@'%' IDENTIFIED BY '{tenant.Password}'; "
            + $"REVOKE ALL PRIVILEGES, GRANT OPTION FROM '{tenant.User}'@'%'; "
            + $"GRANT ALL ON `{tenant.Name.Replace("_", @"\_", StringComparison.Ordinal)}`.* TO '{tenant.User}'@'%'",
            cancellation);
    }

    /// <inheritdoc />
    public override async Task<TenantState> InspectAsync(TenantServer server, Tenant tenant, CancellationToken cancellation)
    {
        var row = (await AskAsync(
            server, $"inspect database {tenant.Name}",
            $"SELECT (SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name = '{tenant.Name}') * (SELECT COUNT(*) FROM mysql.user WHERE user = '{tenant.User}'), "
            + $"(SELECT COALESCE(SUM(data_length + index_length), 0) FROM information_schema.tables WHERE table_schema = '{tenant.Name}'), "
            + $"(SELECT COUNT(*) FROM information_schema.processlist WHERE db = '{tenant.Name}')",
            cancellation)).Trim().Split('\t');
        return row is [not "0", var bytes, var connections]
            ? new TenantState(true, long.Parse(bytes, CultureInfo.InvariantCulture), int.Parse(connections, CultureInfo.InvariantCulture))
            : new TenantState(Exists: false);
    }

    /// <inheritdoc />
    public override async Task<IReadOnlyList<string>> ProveAsync(
        TenantServer server, Tenant tenant, IReadOnlyList<Tenant> others, CancellationToken cancellation)
    {
        var seen = await server.ExecAsync(
            ["sh", "-c", Shell + "MYSQL_PWD=$2 exec $c -h 127.0.0.1 -P $0 -u \"$1\" -N -B -e 'SHOW DATABASES'", Port(server), tenant.User!, tenant.Password!], cancellation);
        if (!seen.Succeeded)
            return [$"user {tenant.User} can't connect: {LastLineOf(seen)}"];
        var databases = seen.StandardOutput.Split('\n', StringSplitOptions.TrimEntries);
        var foreign = others.Select(o => o.Name).Append(InitialOf(server.Environment)).Append("mysql").Where(n => n != tenant.Name && databases.Contains(n));
        return
        [
            .. databases.Contains(tenant.Name) ? Array.Empty<string>() : [$"user {tenant.User} can't use database {tenant.Name}"],
            .. foreign.Select(n => $"user {tenant.User} may use database {n}"),
        ];
    }

    /// <inheritdoc />
    public override async Task CloneAsync(TenantServer server, Tenant from, Tenant to, CancellationToken cancellation)
    {
        await AskAsync(server, $"empty database {to.Name}", $"DROP DATABASE IF EXISTS `{to.Name}`; CREATE DATABASE `{to.Name}`", cancellation);
        await CopyAsync(server, from.Name, to, cancellation);
    }

    /// <inheritdoc />
    public override async Task RemoveAsync(TenantServer server, Tenant tenant, CancellationToken cancellation)
    {
        await AskAsync(server, $"remove database {tenant.Name}", $"DROP USER IF EXISTS '{tenant.User}'@'%'; DROP DATABASE IF EXISTS `{tenant.Name}`", cancellation);
        var open = await AskAsync(
            server, "list the connections", $"SELECT id FROM information_schema.processlist WHERE user = '{tenant.User}'", cancellation);
        foreach (var id in open.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            await server.ExecAsync(Words(server, $"KILL {id}"), cancellation); // it may have ended
    }

    private static string? InitialOf(IReadOnlyDictionary<string, string> environment) => TenantServer.Variable(environment, "MYSQL_DATABASE", "MARIADB_DATABASE");

    private static string Port(TenantServer server) => (server.InnerPort ?? 3306).ToString(CultureInfo.InvariantCulture);

    private static async Task<bool> HasTablesAsync(TenantServer server, Tenant tenant, CancellationToken cancellation) => (await AskAsync(
        server, $"inspect database {tenant.Name}", $"SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = '{tenant.Name}'", cancellation)).Trim() != "0";

    private static Task CopyAsync(TenantServer server, string source, Tenant to, CancellationToken cancellation) => RunAsync(
        server, $"copy database {source} to {to.Name}",
        [
            "sh", "-c",
            Shell + "f=$(mktemp) && $d -h 127.0.0.1 -P $0 -u root --single-transaction --routines --triggers --events \"$1\" >$f && "
            + "$c -h 127.0.0.1 -P $0 -u root \"$2\" <$f; s=$?; rm -f $f; exit $s",
            Port(server), source, to.Name,
        ],
        cancellation);

    private static Task<string> AskAsync(TenantServer server, string intent, string sql, CancellationToken cancellation) =>
        RunAsync(server, intent, Words(server, sql), cancellation);

    private static string[] Words(TenantServer server, string sql) =>
        ["sh", "-c", Shell + "exec $c -h 127.0.0.1 -P $0 -u root -N -B -e \"$1\"", Port(server), sql];
}

/// <summary>MongoDB: a database and a user that owns it, by <c>mongosh</c>. New databases are copied from the initial one.</summary>
internal sealed class MongoDbClient : TenantClient
{
    private const string Copy =
        "const copy = (from, to) => { for (const c of from.getCollectionInfos({type: 'collection'})) { "
        + "to.createCollection(c.name); from[c.name].aggregate([{$out: {db: to.getName(), coll: c.name}}]); "
        + "for (const i of from[c.name].getIndexes()) { if (i.name !== '_id_') { const {v, key, ns, ...o} = i; to[c.name].createIndex(key, o); } } } }; ";

    /// <inheritdoc />
    public override Tenant Plan(
        string service, string stack, int instance, IReadOnlyDictionary<string, string> environment, Tenant? recorded = null)
    {
        var name = NameOf(stack, instance, '_');
        return new Tenant(service, TenantKind.MongoDb, name, name, recorded?.Password ?? NewPassword()) { Base = InitialOf(environment) };
    }

    /// <inheritdoc />
    public override Task ProvisionAsync(TenantServer server, Tenant tenant, CancellationToken cancellation) => EvaluateAsync(
        server, $"create database {tenant.Name}",
        Copy + $"const d = db.getSiblingDB({Json(tenant.Name)}); const u = {{pwd: {Json(tenant.Password)}, roles: [{{role: 'dbOwner', db: d.getName()}}]}}; "
        + (InitialOf(server.Environment) is { } initial ? $"if (d.getCollectionNames().length === 0) copy(db.getSiblingDB({Json(initial)}), d); " : "")
        + $"if (d.getUser({Json(tenant.User)})) d.updateUser({Json(tenant.User)}, u); else d.createUser({{user: {Json(tenant.User)}, ...u}})",
        cancellation);

    /// <inheritdoc />
    public override async Task<TenantState> InspectAsync(TenantServer server, Tenant tenant, CancellationToken cancellation)
    {
        var answer = await EvaluateAsync(
            server, $"inspect database {tenant.Name}",
            $"const d = db.getSiblingDB({Json(tenant.Name)}); print(d.getUser({Json(tenant.User)}) ? Number(d.stats().dataSize) : 'none')", cancellation);
        return long.TryParse(answer.Trim(), CultureInfo.InvariantCulture, out var bytes) ? new TenantState(true, bytes) : new TenantState(Exists: false);
    }

    /// <inheritdoc />
    public override async Task<IReadOnlyList<string>> ProveAsync(
        TenantServer server, Tenant tenant, IReadOnlyList<Tenant> others, CancellationToken cancellation)
    {
        var names = new JsonArray([.. others.Where(o => o.Name != tenant.Name).Select(o => (JsonNode?)o.Name)]).ToJsonString();
        var answer = await server.ExecAsync(
            [
                "mongosh", "--quiet", "--host", Host(server), "-u", tenant.User!, "-p", tenant.Password!, "--authenticationDatabase", tenant.Name, "--eval",
                $"for (const n of {names}) {{ try {{ db.getSiblingDB(n).runCommand({{listCollections: 1}}).ok && print(n); }} catch (e) {{ if (e.codeName !== 'Unauthorized') throw e; }} }}",
            ],
            cancellation);
        return answer.Succeeded
            ? [.. answer.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(n => $"user {tenant.User} may use database {n}")]
            : [$"user {tenant.User} can't connect: {LastLineOf(answer)}"];
    }

    /// <inheritdoc />
    public override Task CloneAsync(TenantServer server, Tenant from, Tenant to, CancellationToken cancellation) => EvaluateAsync(
        server, $"copy database {from.Name} to {to.Name}",
        Copy + $"const d = db.getSiblingDB({Json(to.Name)}); d.dropDatabase(); copy(db.getSiblingDB({Json(from.Name)}), d)", cancellation);

    /// <inheritdoc />
    public override Task RemoveAsync(TenantServer server, Tenant tenant, CancellationToken cancellation) => EvaluateAsync(
        server, $"remove database {tenant.Name}",
        $"const d = db.getSiblingDB({Json(tenant.Name)}); if (d.getUser({Json(tenant.User)})) d.dropUser({Json(tenant.User)}); d.dropDatabase()", cancellation);

    private static string? InitialOf(IReadOnlyDictionary<string, string> environment) => TenantServer.Variable(environment, "MONGO_INITDB_DATABASE", "MONGODB_DATABASE");

    private static string Json(string? text) => JsonValue.Create(text)!.ToJsonString();

    private static string Host(TenantServer server) => $"127.0.0.1:{server.InnerPort ?? 27017}";

    private static Task<string> EvaluateAsync(TenantServer server, string intent, string script, CancellationToken cancellation) => RunAsync(
        server, intent,
        [
            "sh", "-c",
            "if [ -n \"$MONGO_INITDB_ROOT_USERNAME\" ]; then exec mongosh --quiet --host $0 -u \"$MONGO_INITDB_ROOT_USERNAME\" "
            + "-p \"$MONGO_INITDB_ROOT_PASSWORD\" --authenticationDatabase admin --eval \"$1\"; else exec mongosh --quiet --host $0 --eval \"$1\"; fi",
            Host(server), script,
        ],
        cancellation);
}

/// <summary>MinIO: a suffix of buckets and a user that reaches these alone, by the <c>mc</c> in the server's image.</summary>
internal sealed class MinIoClient : TenantClient
{
    private const string Shell =
        "export MC_HOST_t=\"http://$MINIO_ROOT_USER:$MINIO_ROOT_PASSWORD@127.0.0.1:$0\" MC_CONFIG_DIR=/tmp/instancekit-mc; ";

    /// <inheritdoc />
    public override Tenant Plan(
        string service, string stack, int instance, IReadOnlyDictionary<string, string> environment, Tenant? recorded = null) => new(
            service, TenantKind.S3, string.Create(CultureInfo.InvariantCulture, $"-instance-{instance}"), NameOf(stack, instance, '-'), recorded?.Password ?? NewPassword());

    /// <inheritdoc />
    /// <remarks>A bucket of the stack's own, which its set-up created, gets one beside it.</remarks>
    public override async Task ProvisionAsync(TenantServer server, Tenant tenant, CancellationToken cancellation)
    {
        var policy = $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*"],"Resource":["arn:aws:s3:::*{{tenant.Name}}","arn:aws:s3:::*{{tenant.Name}}/*"]}]}""";
        await DoAsync(
            server, $"create user {tenant.User}",
            "mc -q admin user add t \"$1\" \"$2\" && f=$(mktemp) && printf %s \"$3\" >$f && mc -q admin policy create t \"$1\" $f; s=$?; rm -f $f; "
            + "mc -q admin policy attach t \"$1\" --user \"$1\" || mc -q admin user info t \"$1\" | grep -q \"$1\"; exit $s",
            cancellation, tenant.User!, tenant.Password!, policy);
        var buckets = await BucketsAsync(server, cancellation);
        foreach (var bucket in buckets.Where(b => !b.Contains("-instance-", StringComparison.Ordinal) && !buckets.Contains(b + tenant.Name)))
            await DoAsync(server, $"create bucket {bucket}{tenant.Name}", "mc -q mb -p \"t/$1\"", cancellation, bucket + tenant.Name);
    }

    /// <inheritdoc />
    public override async Task<TenantState> InspectAsync(TenantServer server, Tenant tenant, CancellationToken cancellation)
    {
        if (!(await server.ExecAsync(Words(server, "mc -q admin user info t \"$1\"", tenant.User!), cancellation)).Succeeded)
            return new TenantState(Exists: false);
        long bytes = 0;
        foreach (var bucket in await OwnAsync(server, tenant, cancellation))
            bytes += (long?)JsonNode.Parse(await DoAsync(server, $"measure bucket {bucket}", "mc --json du \"t/$1\"", cancellation, bucket))?["size"] ?? 0;
        return new TenantState(true, bytes);
    }

    /// <inheritdoc />
    public override async Task<IReadOnlyList<string>> ProveAsync(
        TenantServer server, Tenant tenant, IReadOnlyList<Tenant> others, CancellationToken cancellation)
    {
        var seen = await server.ExecAsync(
            Words(server, "MC_HOST_o=\"http://$1:$2@127.0.0.1:$0\"; export MC_HOST_o; mc --json ls o", tenant.User!, tenant.Password!), cancellation);
        return seen.Succeeded
            ? [.. BucketsIn(seen.StandardOutput).Where(b => !b.EndsWith(tenant.Name, StringComparison.Ordinal)).Select(b => $"user {tenant.User} sees bucket {b}")]
            : [$"user {tenant.User} can't list its buckets: {LastLineOf(seen)}"];
    }

    /// <inheritdoc />
    public override async Task CloneAsync(TenantServer server, Tenant from, Tenant to, CancellationToken cancellation)
    {
        foreach (var bucket in await OwnAsync(server, from, cancellation))
        {
            var copy = bucket[..^from.Name.Length] + to.Name;
            await DoAsync(
                server, $"copy bucket {bucket} to {copy}", "mc -q mb -p \"t/$2\" && mc -q mirror --overwrite --remove \"t/$1\" \"t/$2\"", cancellation, bucket, copy);
        }
    }

    /// <inheritdoc />
    public override async Task RemoveAsync(TenantServer server, Tenant tenant, CancellationToken cancellation)
    {
        foreach (var bucket in await OwnAsync(server, tenant, cancellation))
            await DoAsync(server, $"remove bucket {bucket}", "mc -q rb --force \"t/$1\"", cancellation, bucket);
        if ((await InspectAsync(server, tenant, cancellation)).Exists)
            await DoAsync(server, $"remove user {tenant.User}", "mc -q admin user rm t \"$1\" && mc -q admin policy rm t \"$1\"", cancellation, tenant.User!);
    }

    private static async Task<List<string>> OwnAsync(TenantServer server, Tenant tenant, CancellationToken cancellation) =>
        [.. (await BucketsAsync(server, cancellation)).Where(b => b.EndsWith(tenant.Name, StringComparison.Ordinal))];

    private static async Task<List<string>> BucketsAsync(TenantServer server, CancellationToken cancellation) =>
        BucketsIn(await DoAsync(server, "list the buckets", "mc --json ls t", cancellation));

    private static List<string> BucketsIn(string lines) =>
        [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => ((string?)JsonNode.Parse(l)?["key"])?.TrimEnd('/')).OfType<string>()];

    private static Task<string> DoAsync(TenantServer server, string intent, string script, CancellationToken cancellation, params string[] values) =>
        RunAsync(server, intent, Words(server, script, values), cancellation);

    private static string[] Words(TenantServer server, string script, params string[] values) =>
        ["sh", "-c", Shell + script, (server.InnerPort ?? 9000).ToString(CultureInfo.InvariantCulture), .. values];
}
