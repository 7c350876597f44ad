using InstanceKit.Stacks;

namespace InstanceKit.Infra;

/// <summary>A service that needs no process, because the process of another service does its work.</summary>
/// <param name="Main">The other service.</param>
/// <param name="IsLasting">Whether the work lasts as long as that process; otherwise it is done when it starts.</param>
public sealed record EmbeddedCompanion(string Main, bool IsLasting)
{
    /// <summary>What a service is a companion of; <see langword="null"/> for one that needs a process.</summary>
    /// <param name="commands">The stack's own commands.</param>
    public static EmbeddedCompanion? Of(EmbeddedService service, IReadOnlyList<EmbeddedCommand> commands)
    {
        if (commands.Any(c => c.Service == service.Service.Name))
            return null;
        if (ObjectStoreClient.IsOne(service.Service))
            return Find<ObjectStoreProvider>() is { } store ? new EmbeddedCompanion(store, IsLasting: false) : null;
        return service.Image == TemporalProvider.UiImage && Find<TemporalProvider>() is { } temporal
            ? new EmbeddedCompanion(temporal, IsLasting: true)
            : null;

        string? Find<T>() => service.Siblings.FirstOrDefault(s => EmbeddedProviders.For(s, commands) is T)?.Name;
    }
}
