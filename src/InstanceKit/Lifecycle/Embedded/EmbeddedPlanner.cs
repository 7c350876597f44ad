using InstanceKit.Generation;
using InstanceKit.Instances;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Lifecycle;

/// <summary>Chooses how each service of an instance runs without Docker on this machine.</summary>
/// <param name="tools">What the machine has.</param>
/// <param name="commands">The stack's own commands.</param>
public sealed class EmbeddedPlanner(EmbeddedTools tools, IReadOnlyList<EmbeddedCommand> commands)
{
    /// <summary>Chooses; tools that are missing are fetched.</summary>
    /// <param name="spec">The instance.</param>
    /// <param name="model">The compose model of the workspace.</param>
    /// <param name="ports">The instance's ports.</param>
    /// <param name="cancellation">Ends a fetch.</param>
    /// <returns>One choice for each service, in the model's order.</returns>
    /// <exception cref="InstanceKitException">A tool could not be fetched.</exception>
    public async Task<IReadOnlyList<EmbeddedChoice>> ChooseAsync(
        InstanceSpec spec, ComposeModel model, PortPlan ports, CancellationToken cancellation)
    {
        var choices = new List<EmbeddedChoice>();
        foreach (var service in model.Services)
            choices.Add(await ChooseAsync(new EmbeddedService(spec, service, ports), cancellation));
        return choices;
    }

    private async Task<EmbeddedChoice> ChooseAsync(EmbeddedService service, CancellationToken cancellation)
    {
        if (EmbeddedProviders.For(service.Service, commands) is not { } provider)
            return Skip(service, "needs Docker");
        if (provider.Refuse(service) is { } reason)
            return Skip(service, $"needs Docker: {reason}");
        return await tools.FindAsync(provider, cancellation) is { } tool
            ? new EmbeddedChoice(service, provider.Run(service, tool), null)
            : Skip(service, $"needs {provider.Needs}");
    }

    private static EmbeddedChoice Skip(EmbeddedService service, string reason) => new(service, null, reason);
}
