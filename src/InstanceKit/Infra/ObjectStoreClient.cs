using System.Text.RegularExpressions;
using InstanceKit.Models;

namespace InstanceKit.Infra;

/// <summary>A service that only creates buckets with the MinIO client; the object store's process starts with them.</summary>
public static partial class ObjectStoreClient
{
    private static readonly string[] Variables = ["MINIO_BUCKET", "MINIO_BUCKETS", "MINIO_BUCKET_NAME", "MINIO_DEFAULT_BUCKETS", "S3_BUCKET"];

    /// <summary>Whether a service is one: the client's image, and at least one bucket named.</summary>
    public static bool IsOne(ComposeService service) =>
        EmbeddedService.ImageNameOf(service) is "minio/mc" or "mc" && BucketsOf(service).Count > 0;

    /// <summary>The buckets that it creates: those of its <c>mc mb</c> commands, or else of its variables.</summary>
    public static IReadOnlyList<string> BucketsOf(ComposeService service)
    {
        var words = string.Join(' ', (service.Entrypoint ?? []).Concat(service.Command ?? []));
        var made = MakeBucket().Matches(words).Select(m => Resolve(m.Groups["name"].Value, service));
        var named = Variables.Select(v => service.Environment.GetValueOrDefault(v)).OfType<string>()
            .SelectMany(v => v.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)).Select(v => v.Split(':')[0]);
        IReadOnlyList<string> buckets = [.. made.OfType<string>().Where(IsName).Distinct()];
        return buckets.Count > 0 ? buckets : [.. named.Where(IsName).Distinct()];
    }

    /// <summary>A name may be a shell variable of the container.</summary>
    private static string? Resolve(string name, ComposeService service) =>
        name.StartsWith('$') ? service.Environment.GetValueOrDefault(name.Trim('$', '{', '}')) : name;

    private static bool IsName(string name) => BucketName().IsMatch(name);

    [GeneratedRegex(@"\bmc\s+mb\s+(?:-\S+\s+)*[""']?[A-Za-z0-9_-]+/(?<name>\$?\{?[A-Za-z0-9._-]+\}?)")]
    private static partial Regex MakeBucket();

    /// <summary>S3's own rule, which also keeps a name inside the data directory.</summary>
    [GeneratedRegex(@"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z")]
    private static partial Regex BucketName();
}
