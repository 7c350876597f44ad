using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Infra;

/// <summary>Chooses how each service of an instance runs without Docker on this machine.</summary>
/// <param name="tools">What the machine has.</param>
/// <param name="commands">The stack's own commands.</param>
/// <param name="lacking">What would run the services that have no process here: "Docker", or "Docker Compose" where only that is missing.</param>
internal sealed class EmbeddedPlanner(EmbeddedTools tools, IReadOnlyList<EmbeddedCommand> commands, string lacking = EmbeddedPlanner.Docker)
{
    private const string Docker = "Docker";

    /// <summary>Chooses; tools that are missing are fetched.</summary>
    /// <param name="model">The compose model of the workspace.</param>
    /// <returns>One choice for each service, in the model's order.</returns>
    /// <exception cref="InstanceKitException">A tool could not be fetched.</exception>
    public async Task<IReadOnlyList<EmbeddedChoice>> ChooseAsync(
        InstanceSpec spec, ComposeModel model, PortPlan ports, CancellationToken cancellation)
    {
        var services = model.Services.Select(s => new EmbeddedService(spec, s, ports) { Siblings = model.Services }).ToList();
        var companions = services.ToDictionary(s => s, s => EmbeddedCompanion.Of(s, commands));
        var choices = new Dictionary<string, EmbeddedChoice>(StringComparer.Ordinal);
        foreach (var service in services.Where(s => companions[s] is null))
            choices[service.Service.Name] = await ChooseAsync(service, cancellation);
        return
        [
            .. services.Select(s => companions[s] is not { } companion ? choices[s.Service.Name]
                : choices[companion.Main].Skipped is { } reason ? Skip(s, reason)
                : new EmbeddedChoice(s, null, null) { ServedBy = companion.IsLasting ? companion.Main : null }),
        ];
    }

    /// <summary>The tools with which each service that needs its own process could run; nothing is downloaded.</summary>
    public IReadOnlyList<ProviderFact> Look(InstanceSpec spec, ComposeModel model, PortPlan ports) =>
    [
        .. from service in model.Services.Select(s => new EmbeddedService(spec, s, ports) { Siblings = model.Services })
           where EmbeddedCompanion.Of(service, commands) is null
           select Look(service),
    ];

    private ProviderFact Look(EmbeddedService service)
    {
        var name = service.Service.Name;
        return EmbeddedProviders.For(service.Service, commands) is not { } provider ? new(name, null, "Docker")
            : provider.Refuse(service) is { } reason ? new(name, null, $"Docker: {reason}")
            : new(name, tools.Look(provider), provider.Needs);
    }

    private async Task<EmbeddedChoice> ChooseAsync(EmbeddedService service, CancellationToken cancellation)
    {
        if (EmbeddedProviders.For(service.Service, commands) is not { } provider)
            return Skip(service, $"needs {lacking}");
        if (provider.Refuse(service) is { } reason)
            return Skip(service, $"needs {lacking}: {reason}");
        return await tools.FindAsync(provider, cancellation) is { } tool
            ? new EmbeddedChoice(service, provider.Run(service, tool), null)
            : Skip(service, $"needs {lacking}{provider.Needs[Docker.Length..]}");
    }

    private static EmbeddedChoice Skip(EmbeddedService service, string reason) => new(service, null, reason);
}

/// <summary>A replacement for containers.</summary>
/// <param name="Name">What it replaces: <c>postgres</c>.</param>
/// <param name="Source">What it runs with, as a phrase; <see langword="null"/> when nothing is available.</param>
/// <param name="Needs">What would have to be installed.</param>
public sealed record ProviderFact(string Name, string? Source, string Needs);

/// <summary>A service that needs no process, because the process of another service does its work.</summary>
/// <param name="Main">The other service.</param>
/// <param name="IsLasting">Whether the work lasts as long as that process; otherwise it is done when it starts.</param>
internal sealed record EmbeddedCompanion(string Main, bool IsLasting)
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
