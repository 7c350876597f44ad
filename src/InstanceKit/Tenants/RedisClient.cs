using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using InstanceKit.Platform;

namespace InstanceKit.Tenants;

/// <summary>Redis and Valkey: a logical database and a user, which may select that database alone.</summary>
/// <remarks>
/// A connection starts in database 0, and the rules of Redis know no databases, so a user reaches database 0 too; those of
/// Valkey confine it. Publish and subscribe cross databases.
/// </remarks>
internal sealed partial class RedisClient : TenantClient
{
    /// <inheritdoc />
    public override Tenant Plan(
        string service, string stack, int instance, IReadOnlyDictionary<string, string> environment, Tenant? recorded = null) => new(
            service, TenantKind.Redis, instance.ToString(CultureInfo.InvariantCulture), NameOf(stack, instance, '_'), recorded?.Password ?? NewPassword(), instance);

    /// <inheritdoc />
    public override async Task ProvisionAsync(TenantServer server, Tenant tenant, CancellationToken cancellation)
    {
        using var connection = await OpenAsync(server, cancellation);
        await SelectAsync(server, connection, tenant, cancellation);
        string[] user = ["ACL", "SETUSER", tenant.User!, "reset", "on", $">{tenant.Password}", "~*", "+@all", "-@admin", "-flushall", "-swapdb"];
        string[] confined = [.. user, "&*", "-move", "-copy", "-select", $"+select|{Number(tenant)}"];

        // Valkey 9.1 and later confine a user to databases, Redis 6.2 and later what it selects, Garnet neither.
        RespError? refused = null;
        foreach (var rules in new[] { [.. confined, "resetdbs", $"db={Number(tenant)}"], confined, user })
        {
            refused = await connection.AskAsync(rules, cancellation) as RespError;
            if (refused is null)
                break;
        }

        if (refused is not null)
            throw Failed(server, $"create user {tenant.User}", refused.Text);
        await KeepUsersAsync(server, connection, cancellation);
    }

    /// <inheritdoc />
    public override async Task<TenantState> InspectAsync(TenantServer server, Tenant tenant, CancellationToken cancellation)
    {
        using var connection = await OpenAsync(server, cancellation);
        var exists = await connection.AskAsync(["ACL", "GETUSER", tenant.User!], cancellation) is List<object?>;
        var clients = await ClientsAsync(connection, cancellation);
        return new TenantState(exists, null, clients.Count(c => c.Database == Number(tenant)));
    }

    /// <inheritdoc />
    public override async Task<IReadOnlyList<string>> ProveAsync(
        TenantServer server, Tenant tenant, IReadOnlyList<Tenant> others, CancellationToken cancellation)
    {
        var wrong = new List<string>();
        using var connection = await OpenAsync(server, cancellation);
        var rules = await connection.AskAsync(["ACL", "GETUSER", tenant.User!], cancellation) as List<object?> ?? [];
        var isConfined = rules.OfType<string>().Any(r => r.Contains("select|", StringComparison.Ordinal));
        using (var own = await RespConnectionReader.OpenAsync(server, cancellation))
        {
            foreach (var words in new[] { new[] { "AUTH", tenant.User!, tenant.Password! }, ["SELECT", Number(tenant)] })
            {
                if (await own.AskAsync(words, cancellation) is RespError error)
                    return [$"user {tenant.User} can't use database {tenant.Name}: {error.Text}"];
            }

            foreach (var other in others.Where(o => o.Index != tenant.Index))
            {
                if (isConfined && await own.AskAsync(["SELECT", Number(other)], cancellation) is not RespError)
                    wrong.Add($"user {tenant.User} may select database {other.Name}");
            }
        }

        var clients = await ClientsAsync(connection, cancellation);
        wrong.AddRange(clients.Where(c => c.User == tenant.User && c.Database != Number(tenant))
            .Select(c => $"user {tenant.User} is connected to database {c.Database}").Distinct());
        wrong.AddRange(clients.Where(c => c.Database == Number(tenant) && others.Any(o => o.User == c.User && o.User != tenant.User))
            .Select(c => $"user {c.User} is connected to database {tenant.Name}").Distinct());
        return wrong;
    }

    /// <inheritdoc />
    public override async Task CloneAsync(TenantServer server, Tenant from, Tenant to, CancellationToken cancellation)
    {
        using var connection = await OpenAsync(server, cancellation);
        await SelectAsync(server, connection, to, cancellation);
        await RequireAsync(server, connection, $"empty database {to.Name}", ["FLUSHDB"], cancellation);
        await SelectAsync(server, connection, from, cancellation);
        var cursor = "0";
        do
        {
            var page = (List<object?>)(await RequireAsync(server, connection, $"read database {from.Name}", ["SCAN", cursor, "COUNT", "500"], cancellation))!;
            foreach (var key in ((List<object?>)page[1]!).OfType<string>())
                await RequireAsync(server, connection, $"copy database {from.Name}", ["COPY", key, key, "DB", Number(to), "REPLACE"], cancellation);
            cursor = (string)page[0]!;
        }
        while (cursor != "0");
    }

    /// <inheritdoc />
    public override async Task RemoveAsync(TenantServer server, Tenant tenant, CancellationToken cancellation)
    {
        using var connection = await OpenAsync(server, cancellation);
        await connection.AskAsync(["ACL", "DELUSER", tenant.User!], cancellation); // ends its connections too
        await KeepUsersAsync(server, connection, cancellation);
        await SelectAsync(server, connection, tenant, cancellation);
        await RequireAsync(server, connection, $"empty database {tenant.Name}", ["FLUSHDB"], cancellation);
    }

    /// <summary>Writes the users where the server reads them at its next start: a restart, by whomever, would lose them.</summary>
    private static async Task KeepUsersAsync(TenantServer server, RespConnectionReader connection, CancellationToken cancellation)
    {
        var hasOwn = await connection.AskAsync(["CONFIG", "GET", "aclfile"], cancellation) is List<object?> and [_, string { Length: > 0 }];
        if (hasOwn || server.UsersFile is not { } file)
        {
            await connection.AskAsync(["ACL", "SAVE"], cancellation); // it fails without a file for users, which then are lost
            return;
        }

        // Whoever adds a user lists all of them afterwards, in turn, so the last list is complete.
        using var turn = await FileLock.TakeAsync(
            $"{Path.GetDirectoryName(file)}.lock", $"The users of {server.Service}", _ => { }, FileLock.ShortTurn, cancellation);
        var users = await RequireAsync(server, connection, "list the users", ["ACL", "LIST"], cancellation) as List<object?> ?? [];
        FileStore.Write(file, string.Concat(users.OfType<string>().Where(u => OfTenant().IsMatch(u)).Select(u => u + "\n")), FileAudience.Containers);
    }

    [GeneratedRegex(@"^user \S+_instance_\d+ ")]
    private static partial Regex OfTenant();

    private static string Number(Tenant tenant) => tenant.Index!.Value.ToString(CultureInfo.InvariantCulture);

    private static async Task<RespConnectionReader> OpenAsync(TenantServer server, CancellationToken cancellation)
    {
        var connection = await RespConnectionReader.OpenAsync(server, cancellation);
        if (server.Variable("REDIS_PASSWORD", "VALKEY_PASSWORD", "REDISCLI_AUTH") is { } password)
            await RequireAsync(server, connection, "log in", ["AUTH", password], cancellation);
        return connection;
    }

    private static Task<object?> SelectAsync(TenantServer server, RespConnectionReader connection, Tenant tenant, CancellationToken cancellation) =>
        RequireAsync(server, connection, $"select database {tenant.Name} (the server needs --databases {tenant.Index + 1} or more)", ["SELECT", Number(tenant)], cancellation);

    private static async Task<object?> RequireAsync(
        TenantServer server, RespConnectionReader connection, string intent, IReadOnlyList<string> words, CancellationToken cancellation) =>
        await connection.AskAsync(words, cancellation) is var reply && reply is RespError error ? throw Failed(server, intent, error.Text) : reply;

    private static async Task<List<(string User, string Database)>> ClientsAsync(RespConnectionReader connection, CancellationToken cancellation) =>
        [.. from line in (await connection.AskAsync(["CLIENT", "LIST"], cancellation) as string ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            let fields = line.Trim().Split(' ').Select(f => f.Split('=', 2)).Where(f => f.Length == 2).DistinctBy(f => f[0]).ToDictionary(f => f[0], f => f[1])
            where fields.GetValueOrDefault("cmd") != "client|list" && fields.GetValueOrDefault("cmd") != "client"
            select (fields.GetValueOrDefault("user", ""), fields.GetValueOrDefault("db", ""))];
}

/// <summary>A reply that is an error.</summary>
/// <param name="Text">Its code and text.</param>
internal sealed record RespError(string Text);

/// <summary>A connection that asks in the protocol of Redis, one question after the other. Keys are bytes: texts are Latin-1.</summary>
internal sealed class RespConnectionReader : IDisposable
{
    private const int FirstBuffer = 16 * 1024;
    private readonly TcpClient _client;
    private readonly BufferedStream _stream;

    private readonly TenantServer _server;

    private RespConnectionReader(TcpClient client, TenantServer server) =>
        (_client, _stream, _server) = (client, new BufferedStream(client.GetStream(), FirstBuffer), server);

    /// <summary>Connects to a server on this machine.</summary>
    /// <exception cref="InstanceKitException">It does not answer.</exception>
    public static async Task<RespConnectionReader> OpenAsync(TenantServer server, CancellationToken cancellation)
    {
        var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync("127.0.0.1", server.Port, cancellation);
            return new RespConnectionReader(client, server);
        }
        catch (SocketException e)
        {
            client.Dispose();
            throw new InstanceKitException(
                ExitCode.NotReady, $"{server.Service} (127.0.0.1:{server.Port}) does not answer: {e.Message}", $"Start {server.Service}, then retry.", e);
        }
    }

    /// <summary>Sends a command and reads the reply: a text, a list, <see langword="null"/> or a <see cref="RespError"/>.</summary>
    public async Task<object?> AskAsync(IReadOnlyList<string> words, CancellationToken cancellation)
    {
        var text = new StringBuilder($"*{words.Count}\r\n");
        foreach (var word in words)
            text.Append(CultureInfo.InvariantCulture, $"${word.Length}\r\n{word}\r\n");
        try
        {
            await _stream.WriteAsync(Encoding.Latin1.GetBytes(text.ToString()), cancellation);
            await _stream.FlushAsync(cancellation);
            return await ReadAsync(cancellation);
        }
        catch (IOException e)
        {
            throw new InstanceKitException(
                ExitCode.Failed, $"{_server.Service} (127.0.0.1:{_server.Port}) closed the connection: {e.Message}", $"Check the log of {_server.Service}, then retry.", e);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
    }

    private async Task<object?> ReadAsync(CancellationToken cancellation)
    {
        var line = await LineAsync(cancellation);
        var rest = line[1..];
        switch (line[0])
        {
            case '-':
                return new RespError(rest);
            case '$' when rest == "-1":
            case '*' when rest == "-1":
                return null;
            case '$':
                var bytes = new byte[int.Parse(rest, CultureInfo.InvariantCulture) + 2];
                await _stream.ReadExactlyAsync(bytes, cancellation);
                return Encoding.Latin1.GetString(bytes.AsSpan(0, bytes.Length - 2));
            case '*':
                var items = new List<object?>();
                for (var left = int.Parse(rest, CultureInfo.InvariantCulture); left > 0; left--)
                    items.Add(await ReadAsync(cancellation));
                return items;
            default:
                return rest;
        }
    }

    private async Task<string> LineAsync(CancellationToken cancellation)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (line.Length < 2 || line[^2] != '\r' || line[^1] != '\n')
        {
            await _stream.ReadExactlyAsync(one, cancellation);
            line.Append((char)one[0]);
        }

        return line.ToString(0, line.Length - 2);
    }
}
