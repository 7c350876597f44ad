using InstanceKit.Stacks;

namespace InstanceKit.Generation;

/// <summary>Which provider stands for which service: the stack's own commands first, then the table.</summary>
public static class EmbeddedProviders
{
    /// <summary>The table.</summary>
    public static IReadOnlyList<EmbeddedProvider> All { get; } =
    [
        new PostgresProvider(), new RedisProvider(), new ObjectStoreProvider(), new TemporalProvider(), new LokiProvider(),
        new RedpandaProvider(),
    ];

    /// <summary>The provider of a service; <see langword="null"/> when none knows its image.</summary>
    /// <param name="service">The service.</param>
    /// <param name="commands">The stack's own commands.</param>
    public static EmbeddedProvider? For(ComposeService service, IReadOnlyList<EmbeddedCommand> commands)
    {
        if (commands.FirstOrDefault(c => c.Service == service.Name) is { } command)
            return new CommandProvider(command);
        var image = EmbeddedService.ImageNameOf(service);
        return All.FirstOrDefault(p => p.Images.Contains(image, StringComparer.Ordinal));
    }
}
