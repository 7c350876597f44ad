using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InstanceKit.Models;

namespace InstanceKit.Infra;

/// <summary>MinIO: an installed <c>minio</c>, with its console, or else an S3 server for node, without one.</summary>
internal sealed class ObjectStoreProvider : EmbeddedProvider
{
    private const int TargetPort = 9000;
    private const int ConsolePort = 9001;

    /// <inheritdoc />
    public override IReadOnlyList<string> Images => ["minio/minio", "minio"];

    /// <inheritdoc />
    public override IReadOnlyList<EmbeddedTool> Tools => [EmbeddedTool.Installed("minio"), EmbeddedTool.Fetched("object-store")];

    /// <inheritdoc />
    public override string? Refuse(EmbeddedService service) =>
        service.PortOf(TargetPort) is null ? $"it publishes no port {TargetPort}" : null;

    /// <inheritdoc />
    public override EmbeddedProcess Run(EmbeddedService service, FoundTool tool)
    {
        // MinIO's own defaults, and its names of earlier days.
        var user = service.Variable("MINIO_ROOT_USER") ?? service.Variable("MINIO_ACCESS_KEY") ?? "minioadmin";
        var password = service.Variable("MINIO_ROOT_PASSWORD") ?? service.Variable("MINIO_SECRET_KEY") ?? "minioadmin";
        var port = service.PortOf(TargetPort)!.Value;
        var console = service.PortOf(ConsolePort);
        IReadOnlyList<string> buckets = [.. service.Siblings.Where(ObjectStoreClient.IsOne).SelectMany(ObjectStoreClient.BucketsOf)
            .Distinct().Select(b => Path.Combine(service.DataFolder, b))];
        if (!tool.Tool.IsFetched)
        {
            IReadOnlyList<string> withConsole = console is null ? [] : ["--console-address", $"{service.Address}:{console}"];
            return new EmbeddedProcess
            {
                Script = tool.Program("minio"),
                Arguments = ["server", service.DataFolder, "--address", $"{service.Address}:{port}", .. withConsole],
                Environment = new Dictionary<string, string> { ["MINIO_ROOT_USER"] = user, ["MINIO_ROOT_PASSWORD"] = password },
                Port = port,
                Folders = buckets,
            };
        }

        return new EmbeddedProcess
        {
            Script = tool.Launcher("object-store.cjs"),
            IsNodeScript = true,
            Settings = new JsonObject
            {
                ["package"] = tool.Folder,
                ["data"] = service.DataFolder,
                ["port"] = port,
                ["address"] = service.Address,
                ["accessKey"] = user,
                ["secretKey"] = password,
            }.ToJsonString(),
            Port = port,
            Folders = buckets,
            Serves = [port],
            Notes = console is null ? [] : [$"no console on {console}: needs Docker or 'minio'"],
        };
    }
}

/// <summary>A service that only creates buckets with the MinIO client; the object store's process starts with them.</summary>
internal static partial class ObjectStoreClient
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
