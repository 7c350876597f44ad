using System.Globalization;

namespace InstanceKit.Tenants;

/// <summary>Temporal: a namespace, by the <c>temporal</c> program of the server's image.</summary>
internal sealed class TemporalClient(TimeProvider? clock = null) : TenantClient
{
    private const string Retention = "168h";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    /// <inheritdoc />
    public override Tenant Plan(
        string service, string stack, int instance, IReadOnlyDictionary<string, string> environment, Tenant? recorded = null) =>
        new(service, TenantKind.Temporal, $"{stack}-dev-{instance}"); // as Studio's own files call it

    /// <inheritdoc />
    /// <remarks>The name of a deleted namespace becomes free in the background, and a new one is usable some seconds later.</remarks>
    public override Task ProvisionAsync(TenantServer server, Tenant tenant, CancellationToken cancellation) =>
        UntilAsync(server, $"create namespace {tenant.Name}", async () =>
        {
            if ((await InspectAsync(server, tenant, cancellation)).Exists)
                return null;
            var created = await server.ExecAsync(Words(server, "operator", "namespace", "create", "--namespace", tenant.Name, "--retention", Retention), cancellation);
            return LastLineOf(created);
        }, cancellation);

    /// <inheritdoc />
    public override async Task<TenantState> InspectAsync(TenantServer server, Tenant tenant, CancellationToken cancellation)
    {
        var described = await server.ExecAsync(Words(server, "operator", "namespace", "describe", "--namespace", tenant.Name), cancellation);
        return new TenantState(described.Succeeded && !described.StandardOutput.Contains("Deleted", StringComparison.Ordinal));
    }

    /// <inheritdoc />
    public override async Task<IReadOnlyList<string>> ProveAsync(
        TenantServer server, Tenant tenant, IReadOnlyList<Tenant> others, CancellationToken cancellation) =>
        (await InspectAsync(server, tenant, cancellation)).Exists ? [] : [$"namespace {tenant.Name} does not exist"];

    /// <inheritdoc />
    /// <remarks>Workflows name their namespace and run in it: a copy would run them twice.</remarks>
    public override Task CloneAsync(TenantServer server, Tenant from, Tenant to, CancellationToken cancellation) => ProvisionAsync(server, to, cancellation);

    /// <inheritdoc />
    public override Task RemoveAsync(TenantServer server, Tenant tenant, CancellationToken cancellation) =>
        UntilAsync(server, $"remove namespace {tenant.Name}", async () =>
        {
            if (!(await InspectAsync(server, tenant, cancellation)).Exists)
                return null;
            var removed = await server.ExecAsync(Words(server, "operator", "namespace", "delete", "--namespace", tenant.Name, "--yes"), cancellation);
            return removed.Succeeded ? null : LastLineOf(removed);
        }, cancellation);

    private static string[] Words(TenantServer server, params string[] words) =>
        ["temporal", .. words, "--address", $"127.0.0.1:{server.InnerPort ?? 7233}"];

    private async Task UntilAsync(TenantServer server, string intent, Func<Task<string?>> act, CancellationToken cancellation)
    {
        var start = _clock.GetTimestamp();
        while (await act() is { } reason)
        {
            if (_clock.GetElapsedTime(start) > Patience)
                throw Failed(server, intent, reason);
            await Task.Delay(Pause, _clock, cancellation);
        }
    }
}

/// <summary>Kafka and Redpanda: a suffix of topics and consumer groups, by <c>rpk</c> or Kafka's scripts in the server's image.</summary>
internal sealed class KafkaClient : TenantClient
{
    /// <inheritdoc />
    public override Tenant Plan(
        string service, string stack, int instance, IReadOnlyDictionary<string, string> environment, Tenant? recorded = null) =>
        new(service, TenantKind.Kafka, string.Create(CultureInfo.InvariantCulture, $".instance-{instance}"));

    /// <inheritdoc />
    /// <remarks>Apps create their topics.</remarks>
    public override Task ProvisionAsync(TenantServer server, Tenant tenant, CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc />
    public override async Task<TenantState> InspectAsync(TenantServer server, Tenant tenant, CancellationToken cancellation) =>
        new((await OwnAsync(server, tenant, "topic", cancellation)).Count > 0);

    /// <inheritdoc />
    public override Task<IReadOnlyList<string>> ProveAsync(
        TenantServer server, Tenant tenant, IReadOnlyList<Tenant> others, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<string>>(others.Any(o => o.Name == tenant.Name) ? [$"another tenant has the suffix {tenant.Name}"] : []);

    /// <inheritdoc />
    /// <remarks>Messages are on their way to somebody; they are not copied.</remarks>
    public override Task CloneAsync(TenantServer server, Tenant from, Tenant to, CancellationToken cancellation) => RemoveAsync(server, to, cancellation);

    /// <inheritdoc />
    public override async Task RemoveAsync(TenantServer server, Tenant tenant, CancellationToken cancellation)
    {
        foreach (var kind in new[] { "group", "topic" })
        {
            foreach (var name in await OwnAsync(server, tenant, kind, cancellation))
                await RunAsync(server, $"remove {kind} {name}", Words(server, kind, name), cancellation);
        }
    }

    private static async Task<List<string>> OwnAsync(TenantServer server, Tenant tenant, string kind, CancellationToken cancellation) =>
        [.. from line in (await RunAsync(server, $"list the {kind}s", Words(server, kind, null), cancellation)).Split('\n')
            let words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            // rpk prints tables: BROKER GROUP STATE, or NAME PARTITIONS REPLICAS. Scripts print names.
            let name = words.Length > 1 && kind == "group" ? words[1] : words.FirstOrDefault()
            where name is not null && name.EndsWith(tenant.Name, StringComparison.Ordinal)
            select name];

    /// <summary>Lists, or removes what is named: with rpk where it is installed.</summary>
    private static string[] Words(TenantServer server, string kind, string? name)
    {
        var broker = $"127.0.0.1:{server.InnerPort ?? 9092}";
        var scripts = kind == "topic" ? "kafka-topics" : "kafka-consumer-groups";
        return
        [
            "sh", "-c",
            "PATH=$PATH:/opt/kafka/bin:/opt/bitnami/kafka/bin; if command -v rpk >/dev/null; then "
            + (name is null ? $"rpk {kind} list -X brokers=$0; " : $"rpk {kind} delete -X brokers=$0 \"$1\"; ")
            + $"else s={scripts}; command -v $s.sh >/dev/null && s=$s.sh; $s --bootstrap-server $0 "
            + (name is null ? "--list; fi" : $"--delete --{kind} \"$1\"; fi"),
            broker, .. name is null ? Array.Empty<string>() : [name],
        ];
    }
}

/// <summary>RabbitMQ: a virtual host and a user, by <c>rabbitmqctl</c>.</summary>
internal sealed class RabbitMqClient : TenantClient
{
    /// <inheritdoc />
    public override Tenant Plan(
        string service, string stack, int instance, IReadOnlyDictionary<string, string> environment, Tenant? recorded = null)
    {
        var name = NameOf(stack, instance, '_');
        return new Tenant(service, TenantKind.RabbitMq, name, name, recorded?.Password ?? NewPassword())
        {
            Base = TenantServer.Variable(environment, "RABBITMQ_DEFAULT_VHOST") ?? "/",
        };
    }

    /// <inheritdoc />
    public override async Task ProvisionAsync(TenantServer server, Tenant tenant, CancellationToken cancellation)
    {
        if (!await HasAsync(server, "list_vhosts", tenant.Name, cancellation))
            await DoAsync(server, tenant, cancellation, "add_vhost", tenant.Name);
        if (await HasAsync(server, "list_users", tenant.User!, cancellation))
            await DoAsync(server, tenant, cancellation, "change_password", tenant.User!, tenant.Password!);
        else
            await DoAsync(server, tenant, cancellation, "add_user", tenant.User!, tenant.Password!);
        await DoAsync(server, tenant, cancellation, "set_permissions", "-p", tenant.Name, tenant.User!, ".*", ".*", ".*");
    }

    /// <inheritdoc />
    public override async Task<TenantState> InspectAsync(TenantServer server, Tenant tenant, CancellationToken cancellation)
    {
        if (!await HasAsync(server, "list_vhosts", tenant.Name, cancellation))
            return new TenantState(Exists: false);
        var connections = await RunAsync(server, "list the connections", ["rabbitmqctl", "-q", "list_connections", "vhost"], cancellation);
        return new TenantState(true, null, Lines(connections).Count(l => l == tenant.Name));
    }

    /// <inheritdoc />
    public override async Task<IReadOnlyList<string>> ProveAsync(
        TenantServer server, Tenant tenant, IReadOnlyList<Tenant> others, CancellationToken cancellation)
    {
        var allowed = await server.ExecAsync(["rabbitmqctl", "-q", "list_user_permissions", tenant.User!, "--no-table-headers"], cancellation);
        if (!allowed.Succeeded)
            return [$"user {tenant.User} does not exist"];
        var hosts = Lines(allowed.StandardOutput).Select(l => l.Split('\t')[0]).ToList();
        return
        [
            .. hosts.Contains(tenant.Name) ? Array.Empty<string>() : [$"user {tenant.User} may not use virtual host {tenant.Name}"],
            .. hosts.Where(h => h != tenant.Name).Select(h => $"user {tenant.User} may use virtual host {h}"),
        ];
    }

    /// <inheritdoc />
    /// <remarks>Messages are on their way to somebody: queues and exchanges are copied without them.</remarks>
    public override async Task CloneAsync(TenantServer server, Tenant from, Tenant to, CancellationToken cancellation)
    {
        await RemoveAsync(server, to, cancellation);
        await ProvisionAsync(server, to, cancellation);
        await RunAsync(
            server, $"copy virtual host {from.Name}",
            [
                "sh", "-c", "f=$(mktemp -d) && rabbitmqadmin --vhost \"$0\" export $f/d && rabbitmqadmin --vhost \"$1\" import $f/d; s=$?; rm -r $f; exit $s",
                from.Name, to.Name,
            ],
            cancellation);
    }

    /// <inheritdoc />
    public override async Task RemoveAsync(TenantServer server, Tenant tenant, CancellationToken cancellation)
    {
        if (await HasAsync(server, "list_vhosts", tenant.Name, cancellation))
            await DoAsync(server, tenant, cancellation, "delete_vhost", tenant.Name);
        if (await HasAsync(server, "list_users", tenant.User!, cancellation))
            await DoAsync(server, tenant, cancellation, "delete_user", tenant.User!);
    }

    private static async Task<bool> HasAsync(TenantServer server, string list, string name, CancellationToken cancellation) =>
        Lines(await RunAsync(server, $"run {list}", ["rabbitmqctl", "-q", list, "--no-table-headers"], cancellation)).Any(l => l.Split('\t')[0] == name);

    private static Task DoAsync(TenantServer server, Tenant tenant, CancellationToken cancellation, params string[] words) =>
        RunAsync(server, $"run {words[0]} for {tenant.Name}", ["rabbitmqctl", "-q", .. words], cancellation);

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>Loki: a tenant ID, which clients send; nothing has to be created, and only Loki's own retention removes data.</summary>
internal sealed class LokiClient : TenantClient
{
    /// <inheritdoc />
    public override Tenant Plan(
        string service, string stack, int instance, IReadOnlyDictionary<string, string> environment, Tenant? recorded = null) =>
        new(service, TenantKind.Loki, $"{stack}-dev-{instance}");

    /// <inheritdoc />
    public override Task ProvisionAsync(TenantServer server, Tenant tenant, CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc />
    public override Task<TenantState> InspectAsync(TenantServer server, Tenant tenant, CancellationToken cancellation) => Task.FromResult(new TenantState(Exists: true));

    /// <inheritdoc />
    /// <remarks>A server that takes a request without a tenant ID ignores them: <c>auth_enabled</c> is off.</remarks>
    public override async Task<IReadOnlyList<string>> ProveAsync(
        TenantServer server, Tenant tenant, IReadOnlyList<Tenant> others, CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{server.Port}/loki/api/v1/labels"), cancellation);
            return answer.IsSuccessStatusCode ? [$"{server.Service} ignores tenant IDs; set auth_enabled: true in its configuration"] : [];
        }
        catch (HttpRequestException e)
        {
            throw Failed(server, "ask for the labels", e.Message, e);
        }
    }

    /// <inheritdoc />
    /// <remarks>Logs are not copied.</remarks>
    public override Task CloneAsync(TenantServer server, Tenant from, Tenant to, CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc />
    public override Task RemoveAsync(TenantServer server, Tenant tenant, CancellationToken cancellation) => Task.CompletedTask;
}
