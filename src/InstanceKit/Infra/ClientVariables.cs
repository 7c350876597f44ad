
namespace InstanceKit.Infra;

/// <summary>
/// The variables with which a program on this machine finds a service of an instance: its ports by the names that
/// <c>Ports</c> prints, and those that the usual client of its kind reads. The kind is derived from the target port,
/// which does not depend on the image name.
/// </summary>
internal static class ClientVariables
{
    private const string Host = "localhost";
    private const int Postgres = 5432;
    private const int Redis = 6379;
    private const int Temporal = 7233;
    private const int ObjectStore = 9000;

    /// <summary>The variables of one service, including passwords from its compose file.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(EmbeddedService service) =>
    [
        .. service.Ports.Assignments.Where(p => p.Owner == service.Owner).Select(p => OfPort(p.Name, p.Port)),
        .. service.PortOf(Postgres) is { } postgres ? OfPostgres(service, postgres) : [],
        .. service.PortOf(Redis) is { } redis ? OfRedis(service, redis) : [],
        .. service.PortOf(Temporal) is { } temporal
            ? [Pair("TEMPORAL_ADDRESS", $"{Host}:{temporal}"), Pair("TEMPORAL_NAMESPACE", service.Spec.Project)]
            : Array.Empty<KeyValuePair<string, string>>(),
        .. service.PortOf(ObjectStore) is { } store ? OfObjectStore(service, store) : [],
    ];

    /// <summary>The variable of a port: <c>POSTGRES_PORT</c>.</summary>
    public static KeyValuePair<string, string> OfPort(string name, int port) => Pair($"{name}_PORT", $"{port}");

    /// <remarks>https://www.postgresql.org/docs/current/libpq-envars.html; the defaults are the official image's.</remarks>
    private static IEnumerable<KeyValuePair<string, string>> OfPostgres(EmbeddedService service, int port)
    {
        var user = service.Variable("POSTGRES_USER") ?? "postgres";
        yield return Pair("PGHOST", Host);
        yield return Pair("PGPORT", $"{port}");
        yield return Pair("PGUSER", user);
        if (service.Variable("POSTGRES_PASSWORD") is { } password)
            yield return Pair("PGPASSWORD", password);
        yield return Pair("PGDATABASE", service.Variable("POSTGRES_DB") ?? user);
    }

    private static IEnumerable<KeyValuePair<string, string>> OfRedis(EmbeddedService service, int port)
    {
        var password = service.Option("--requirepass");
        if (password is not null)
            yield return Pair("REDISCLI_AUTH", password);
        yield return Pair("REDIS_URL", $"redis://{(password is null ? "" : $":{Uri.EscapeDataString(password)}@")}{Host}:{port}");
    }

    /// <remarks>
    /// Another server may listen on 9000: only one with MinIO's user is an object store. The region is the one that
    /// clients must name, and that MinIO ignores.
    /// </remarks>
    private static IEnumerable<KeyValuePair<string, string>> OfObjectStore(EmbeddedService service, int port)
    {
        if ((service.Variable("MINIO_ROOT_USER") ?? service.Variable("MINIO_ACCESS_KEY")) is not { } user)
            yield break;
        yield return Pair("AWS_ENDPOINT_URL", $"http://{Host}:{port}");
        yield return Pair("AWS_ACCESS_KEY_ID", user);
        if ((service.Variable("MINIO_ROOT_PASSWORD") ?? service.Variable("MINIO_SECRET_KEY")) is { } password)
            yield return Pair("AWS_SECRET_ACCESS_KEY", password);
        yield return Pair("AWS_REGION", "us-east-1");
    }

    private static KeyValuePair<string, string> Pair(string name, string value) => KeyValuePair.Create(name, value);
}
