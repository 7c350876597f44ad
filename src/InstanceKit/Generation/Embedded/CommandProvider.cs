using System.Globalization;
using InstanceKit.Stacks;

namespace InstanceKit.Generation;

/// <summary>A service for which the stack itself names a command.</summary>
/// <param name="command">The command.</param>
public sealed class CommandProvider(EmbeddedCommand command) : EmbeddedProvider
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
