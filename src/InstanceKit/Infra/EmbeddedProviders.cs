using System.Globalization;
using System.Text.Json.Nodes;
using InstanceKit.Models;
using InstanceKit.Stacks;

namespace InstanceKit.Infra;

/// <summary>The provider of each service: the stack's own commands first, then the table.</summary>
internal static class EmbeddedProviders
{
    /// <summary>The table.</summary>
    public static IReadOnlyList<EmbeddedProvider> All { get; } =
    [
        new PostgresProvider(), new RedisProvider(), new ObjectStoreProvider(), new TemporalProvider(), new LokiProvider(),
        new RedpandaProvider(),
    ];

    /// <summary>The provider of a service; <see langword="null"/> when none knows its image.</summary>
    /// <param name="commands">The stack's own commands.</param>
    public static EmbeddedProvider? For(ComposeService service, IReadOnlyList<EmbeddedCommand> commands)
    {
        if (commands.FirstOrDefault(c => c.Service == service.Name) is { } command)
            return new CommandProvider(command);
        var image = EmbeddedService.ImageNameOf(service);
        return All.FirstOrDefault(p => p.Images.Contains(image, StringComparer.Ordinal));
    }
}

/// <summary>A service for which the stack defines a command.</summary>
/// <param name="command">The command.</param>
internal sealed class CommandProvider(EmbeddedCommand command) : EmbeddedProvider
{
    /// <inheritdoc />
    public override IReadOnlyList<string> Images => [];

    /// <inheritdoc />
    public override IReadOnlyList<EmbeddedTool> Tools => [EmbeddedTool.Installed(command.Words[0])];

    /// <inheritdoc />
    public override string? Refuse(EmbeddedService service) => PortOf(service) is null ? "it publishes no port" : null;

    /// <inheritdoc />
    public override EmbeddedProcess Run(EmbeddedService service, FoundTool tool)
    {
        var port = PortOf(service)!.Value;
        return new EmbeddedProcess
        {
            Script = tool.Program(command.Words[0]),
            Arguments = [.. command.Words.Skip(1).Select(w => w
                .Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("{data}", service.DataFolder, StringComparison.Ordinal))],
            Environment = service.Service.Environment.Where(v => v.Value is not null).ToDictionary(v => v.Key, v => v.Value!),
            Port = port,
        };
    }

    private int? PortOf(EmbeddedService service) =>
        (command.TargetPort ?? service.Service.Ports.FirstOrDefault(p => p.Protocol == "tcp")?.TargetPort) is { } target
            ? service.PortOf(target)
            : null;
}

/// <summary>Redpanda: an installed <c>redpanda</c>, alone and in its mode for development.</summary>
internal sealed class RedpandaProvider : EmbeddedProvider
{
    private const int KafkaPort = 9092;
    private const int AdminPort = 9644;

    /// <inheritdoc />
    public override IReadOnlyList<string> Images => ["redpandadata/redpanda", "vectorized/redpanda", "redpanda"];

    /// <inheritdoc />
    public override IReadOnlyList<EmbeddedTool> Tools => [EmbeddedTool.Installed("redpanda")];

    /// <inheritdoc />
    public override string? Refuse(EmbeddedService service) => PortOf(service) is null ? "it publishes no Kafka port" : null;

    /// <inheritdoc />
    public override EmbeddedProcess Run(EmbeddedService service, FoundTool tool)
    {
        var port = PortOf(service)!.Value;
        var admin = service.PortOf(AdminPort);
        return new EmbeddedProcess
        {
            Script = tool.Launcher("redpanda.cjs"),
            IsNodeScript = true,
            Settings = new JsonObject
            {
                ["program"] = tool.Program("redpanda"),
                ["data"] = service.DataFolder,
                ["address"] = service.Address,
                ["port"] = port,
                ["adminPort"] = admin,
            }.ToJsonString(),
            Port = port,
            Serves = admin is { } also ? [port, also] : [port],
            StopTimeout = 15_000,
        };
    }

    // 9092 within the container, or whatever an outside listener has.
    private static int? PortOf(EmbeddedService service) => service.PortOf(KafkaPort)
        ?? (service.Service.Ports.FirstOrDefault(p => p.Protocol == "tcp" && p.TargetPort is >= 9092 and <= 29092 and not AdminPort) is { } other
            ? service.PortOf(other.TargetPort) : null);
}

/// <summary>Redis: an installed <c>redis-server</c> or <c>valkey-server</c>, or else Garnet.</summary>
internal sealed class RedisProvider : EmbeddedProvider
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

/// <summary>Loki: an installed <c>loki</c>, alone, with its data in one folder. The container's config names the container's paths.</summary>
internal sealed class LokiProvider : EmbeddedProvider
{
    private const int TargetPort = 3100;

    /// <inheritdoc />
    public override IReadOnlyList<string> Images => ["grafana/loki", "loki"];

    /// <inheritdoc />
    public override IReadOnlyList<EmbeddedTool> Tools => [EmbeddedTool.Installed("loki")];

    /// <inheritdoc />
    public override string? Refuse(EmbeddedService service) =>
        service.PortOf(TargetPort) is null ? $"it publishes no port {TargetPort}" : null;

    /// <inheritdoc />
    public override EmbeddedProcess Run(EmbeddedService service, FoundTool tool)
    {
        var port = service.PortOf(TargetPort)!.Value;
        var config = Path.Combine(service.DataFolder, "loki.yml");
        return new EmbeddedProcess
        {
            Script = tool.Program("loki"),
            Arguments = [$"-config.file={config}"],
            Port = port,
            Files = new Dictionary<string, string> { [config] = ConfigOf(service, port) },
        };
    }

    private static string ConfigOf(EmbeddedService service, int port) =>
        $$"""
        auth_enabled: {{(service.Option("-auth.enabled") == "true" ? "true" : "false")}}
        analytics: { reporting_enabled: false }
        server:
          http_listen_address: {{service.Address}}
          http_listen_port: {{port}}
          grpc_listen_address: {{service.Address}}
          grpc_listen_port: 0
        common:
          path_prefix: '{{service.DataFolder.Replace("'", "''", StringComparison.Ordinal)}}'
          replication_factor: 1
          ring:
            instance_addr: 127.0.0.1
            kvstore: { store: inmemory }
          storage:
            filesystem: {}
        schema_config:
          configs:
            - from: 2024-01-01
              store: tsdb
              object_store: filesystem
              schema: v13
              index: { prefix: index_, period: 24h }

        """;
}

/// <summary>Stands for the container of certain images with a process of this machine.</summary>
internal abstract class EmbeddedProvider
{
    /// <summary>The images, without registry and tag.</summary>
    public abstract IReadOnlyList<string> Images { get; }

    /// <summary>What it can be run with, the best one first.</summary>
    public abstract IReadOnlyList<EmbeddedTool> Tools { get; }

    /// <summary>What to install for it, when no tool is available: "Docker or 'temporal'".</summary>
    public string Needs => $"Docker or {string.Join(" or ", Tools.Where(t => !t.IsFetched).Select(t => $"'{t.Name}'"))}";

    /// <summary>Why this service of these images can't be stood for; <see langword="null"/> when it can.</summary>
    public abstract string? Refuse(EmbeddedService service);

    /// <summary>How it is run.</summary>
    /// <param name="service">A service that is not refused.</param>
    /// <param name="tool">One of <see cref="Tools"/>.</param>
    public abstract EmbeddedProcess Run(EmbeddedService service, FoundTool tool);
}

/// <summary>Something that a provider needs on this machine: installed programs, or one fetched once.</summary>
/// <param name="Name">The first program, or the name of the pinned tool.</param>
/// <param name="Programs">The programs that must all be found; empty for a pinned tool.</param>
internal sealed record EmbeddedTool(string Name, IReadOnlyList<string> Programs)
{
    /// <summary>Whether it is fetched where it is missing.</summary>
    public bool IsFetched => Programs.Count == 0;

    /// <summary>Programs that the user has installed.</summary>
    public static EmbeddedTool Installed(params IReadOnlyList<string> programs) => new(programs[0], programs);

    /// <summary>A tool of the folder of tools.</summary>
    public static EmbeddedTool Fetched(string name) => new(name, []);
}

/// <summary>A tool that was found or fetched.</summary>
/// <param name="Tool">Which one.</param>
/// <param name="Folder">The folder of its programs; for a fetched one its folder in the folder of tools.</param>
/// <param name="Package">The part of a fetched tool's folder that is this machine's alone; otherwise as Folder.</param>
/// <param name="Launchers">The folder of this library's launchers.</param>
/// <param name="Programs">The paths of the installed programs, by name.</param>
internal sealed record FoundTool(
    EmbeddedTool Tool, string Folder, string Package, string Launchers, IReadOnlyDictionary<string, string> Programs)
{
    /// <summary>The path of a launcher.</summary>
    public string Launcher(string name) => Path.Combine(Launchers, name);

    /// <summary>The path of an installed program.</summary>
    public string Program(string name) => Programs[name];
}

/// <summary>How PM2 runs a service as a process.</summary>
internal sealed record EmbeddedProcess
{
    /// <summary>The launcher, for node, or the program.</summary>
    public required string Script { get; init; }

    /// <summary>Whether node runs the script.</summary>
    public bool IsNodeScript { get; init; }

    /// <summary>The arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>A launcher's settings, as JSON in one variable, so that no secret appears on a command line.</summary>
    public string? Settings { get; init; }

    /// <summary>Further variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The port that must answer for the service to be ready.</summary>
    public required int Port { get; init; }

    /// <summary>How long it may take to exit, in milliseconds, before PM2 kills it.</summary>
    public int StopTimeout { get; init; } = 5_000;

    /// <summary>Files that it reads, to be written before it starts, by absolute path.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>Absolute paths of directories to create before it starts.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>The published ports that it serves; <see langword="null"/> for all.</summary>
    public IReadOnlyList<int>? Serves { get; init; }

    /// <summary>What of the container it does not offer: "no console on 9001".</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
