using System.Text.Json.Nodes;

namespace InstanceKit.Infra;

/// <summary>MinIO: an installed <c>minio</c>, with its console, or else an S3 server for node, without one.</summary>
public sealed class ObjectStoreProvider : EmbeddedProvider
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
