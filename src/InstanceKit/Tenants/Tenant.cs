using InstanceKit.Platform;

namespace InstanceKit.Tenants;

/// <summary>What a shared server is, which decides what a tenant of it is.</summary>
internal enum TenantKind
{
    /// <summary>PostgreSQL: a database and a role.</summary>
    PostgreSql,

    /// <summary>MySQL or MariaDB: a database and a user.</summary>
    MySql,

    /// <summary>MongoDB: a database and a user.</summary>
    MongoDb,

    /// <summary>Redis or Valkey: a logical database and a user.</summary>
    Redis,

    /// <summary>Temporal: a namespace.</summary>
    Temporal,

    /// <summary>Kafka or Redpanda: a suffix of topics and consumer groups.</summary>
    Kafka,

    /// <summary>RabbitMQ: a virtual host and a user.</summary>
    RabbitMq,

    /// <summary>Loki: a tenant ID.</summary>
    Loki,

    /// <summary>MinIO: a suffix of buckets, and a user.</summary>
    S3,
}

/// <summary>A shared server as this tool reaches it.</summary>
/// <param name="Service">Its service.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Port">The port of its protocol on 127.0.0.1.</param>
/// <param name="Environment">Its environment, which names the superuser.</param>
/// <param name="ExecAsync">Runs a program in its container, or beside its process, and returns the result whatever the exit code.</param>
internal sealed record TenantServer(
    string Service, TenantKind Kind, int Port, IReadOnlyDictionary<string, string> Environment,
    Func<IReadOnlyList<string>, CancellationToken, Task<ProcessResult>> ExecAsync)
{
    /// <summary>The port at which a program that <see cref="ExecAsync"/> runs reaches it; <see langword="null"/> for the usual one.</summary>
    public int? InnerPort { get; init; }

    /// <summary>A file of this machine that it reads at its start, where users are kept; <see langword="null"/> for none.</summary>
    public string? UsersFile { get; init; }

    /// <summary>The first of these variables of its environment that has a value.</summary>
    public string? Variable(params ReadOnlySpan<string> names) => Variable(Environment, names);

    /// <inheritdoc cref="Variable(ReadOnlySpan{string})"/>
    public static string? Variable(IReadOnlyDictionary<string, string> environment, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (environment.TryGetValue(name, out var value) && value.Length > 0)
                return value;
        }

        return null;
    }
}

/// <summary>What one instance owns inside a shared server. It is written to the instance's folder, for its owner only.</summary>
/// <param name="Service">The service of the server.</param>
/// <param name="Kind">What the server is.</param>
/// <param name="Name">The database, namespace, virtual host or tenant ID; the suffix of topics or buckets.</param>
/// <param name="User">The user that is confined to it; <see langword="null"/> where there is none.</param>
/// <param name="Password">The user's generated password.</param>
/// <param name="Index">The number of a logical database of Redis.</param>
/// <param name="Base">
/// What the workspace calls it, which is the server's initial database; <see langword="null"/> where nothing is translated by name.
/// </param>
internal sealed record Tenant(
    string Service, TenantKind Kind, string Name, string? User = null, string? Password = null, int? Index = null, string? Base = null)
{
    /// <summary>Without the password.</summary>
    public override string ToString() => $"{Service}: {Name}";
}

/// <summary>What a server says about a tenant.</summary>
/// <param name="Exists">Whether it is there; <see langword="null"/> bytes and connections are unknown.</param>
/// <param name="Bytes">The size of its data.</param>
/// <param name="Connections">The open connections to it.</param>
internal sealed record TenantState(bool Exists, long? Bytes = null, int? Connections = null);
