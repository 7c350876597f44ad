using System.Text.Json.Nodes;

namespace InstanceKit.Generation;

/// <summary>Redis: an installed <c>redis-server</c> or <c>valkey-server</c>, or else Garnet.</summary>
public sealed class RedisProvider : EmbeddedProvider
{
    private const int TargetPort = 6379;

    /// <inheritdoc />
    public override IReadOnlyList<string> Images => ["redis", "valkey", "valkey/valkey"];

    /// <inheritdoc />
    public override IReadOnlyList<EmbeddedTool> Tools =>
        [EmbeddedTool.Installed("redis-server"), EmbeddedTool.Installed("valkey-server"), EmbeddedTool.Fetched("garnet")];

    /// <inheritdoc />
    public override string? Refuse(EmbeddedService service) =>
        service.PortOf(TargetPort) is null ? $"it publishes no port {TargetPort}" : null;

    /// <inheritdoc />
    public override EmbeddedProcess Run(EmbeddedService service, FoundTool tool)
    {
        var port = service.PortOf(TargetPort)!.Value;
        var settings = new JsonObject
        {
            ["program"] = tool.Tool.IsFetched ? null : tool.Program(tool.Tool.Name),
            ["data"] = service.DataFolder,
            ["port"] = port,
            ["address"] = service.Address,
            ["password"] = service.Option("--requirepass"),
        };
        return tool.Tool.IsFetched
            ? new EmbeddedProcess
            {
                Script = "dotnet",
                Arguments = [Path.Combine(tool.Folder, "program", "InstanceKit.Garnet.dll")],
                Settings = settings.ToJsonString(),
                Port = port,
            }
            : new EmbeddedProcess
            {
                Script = tool.Launcher("redis.cjs"),
                IsNodeScript = true,
                Settings = settings.ToJsonString(),
                Port = port,
            };
    }
}
