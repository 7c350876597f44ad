using InstanceKit.Drivers;
using InstanceKit.Instances;
using InstanceKit.Planning;
using InstanceKit.Processes;
using InstanceKit.Stacks;

namespace InstanceKit.Lifecycle;

/// <summary>
/// Starts the services of one instance. Compose makes all containers in one call; the engine starts each as soon as it may,
/// those first that most others wait for. A call of Compose for each stage would read the files and look at everything anew.
/// </summary>
/// <param name="context">What every verb works with.</param>
/// <param name="plan">The instance.</param>
/// <param name="operations">What is done, in whatever stage.</param>
/// <param name="before">What was observed before.</param>
/// <param name="keepsContainers">Whether Compose leaves containers as they are whose image was rebuilt.</param>
/// <param name="progress">Where it tells of them.</param>
/// <param name="onLine">Called for each line of Compose's progress.</param>
internal sealed class ServiceStarter(
    ManagerContext context, InstancePlan plan, OperationPlan operations, ObservedState before, bool keepsContainers,
    InstanceProgress progress, Action<string> onLine)
{
    private readonly IReadOnlyList<string> _wanted = operations.TargetsOf(OperationKind.StartService);
    private readonly ContainerRenewal _renewal = keepsContainers ? ContainerRenewal.Never : ContainerRenewal.WhenChanged;
    private readonly Dictionary<string, ComposeService> _services = plan.Model.Services.ToDictionary(s => s.Name, StringComparer.Ordinal);
    private Task<ProcessResult>? _prepared;
    private Task<ProcessResult>? _made;

    /// <summary>Starts some of the services.</summary>
    /// <param name="services">Those that may be started now.</param>
    /// <param name="isAlone">Whether what they depend on is neither started nor waited for; else all is left to Compose.</param>
    /// <param name="cancellation">Interrupts it; what runs stays.</param>
    /// <returns>How it ended, in Compose's form; a failure is not thrown.</returns>
    /// <exception cref="InstanceKitException">The engine does not answer.</exception>
    public async Task<ProcessResult> RunAsync(IReadOnlyList<string> services, bool isAlone, CancellationToken cancellation)
    {
        if (await (_prepared ??= PrepareAsync(cancellation)) is { Succeeded: false } refusal)
            return refusal;
        if (isAlone)
        {
            _made ??= context.Programs.RunAsync(
                1, () => context.Compose.CreateAsync(plan.Spec, _wanted, _renewal, onLine, cancellation), cancellation);
        }

        if (_made is not null && await _made is { Succeeded: false } failure)
            return failure;
        return isAlone && !services.Any(s => _services[s].IsStartedByCompose)
            ? await StartAsync(services, cancellation)
            : await context.Compose.UpAsync(plan.Spec, services, isAlone, _renewal, onLine, cancellation);
    }

    /// <summary>
    /// Brings containers into a state from which they can be started: the engine starts neither what is paused nor, from the
    /// beginning, what it is restarting; and Compose replaces only what differs from its files.
    /// </summary>
    private async Task<ProcessResult> PrepareAsync(CancellationToken cancellation)
    {
        await Task.WhenAll(before.Containers.Where(c => _wanted.Contains(c.Service)).Select(c => c.State switch
        {
            ContainerState.Paused => context.Docker.UnpauseAsync(c.Id, cancellation),
            ContainerState.Restarting => context.Docker.StopAsync(c.Id, grace: null, cancellation),
            _ => Task.CompletedTask,
        }));
        List<string> replaced =
            [.. operations.Operations.Where(o => o is { Kind: OperationKind.StartService, Replaces: true }).Select(o => o.Target)];
        // Compose does not see these, and their names are in its way.
        foreach (var container in before.Containers.Where(c => !c.IsKnownToCompose && replaced.Contains(c.Service)))
        {
            await context.Docker.StopAsync(container.Id, grace: null, cancellation);
            await context.Docker.RemoveAsync(container.Id, withVolumes: false, cancellation);
        }

        return replaced.Count == 0
            ? new ProcessResult(0, "", "")
            : await context.Programs.RunAsync(
                1, () => context.Compose.CreateAsync(plan.Spec, replaced, ContainerRenewal.Always, onLine, cancellation), cancellation);
    }

    private async Task<ProcessResult> StartAsync(IReadOnlyList<string> services, CancellationToken cancellation)
    {
        var starts = new Dictionary<string, Task<string?>>(StringComparer.Ordinal);
        foreach (var service in services.OrderByDescending(Dependents))
            _ = Begin(service);
        var refusals = await Task.WhenAll(starts.Values);
        return refusals.FirstOrDefault(r => r is not null) is { } refusal
            ? new ProcessResult(1, "", $"Error response from daemon: {refusal}\n")
            : new ProcessResult(0, "", "");

        Task<string?> Begin(string service) =>
            starts.TryGetValue(service, out var start) ? start : starts[service] = StartAsync(service, Before(service), cancellation);

        // What must merely have been started before it; stages have no circles.
        IReadOnlyList<Task<string?>> Before(string service) =>
            [.. _services[service].DependsOn.Keys.Where(services.Contains).Select(Begin)];
    }

    private async Task<string?> StartAsync(string service, IReadOnlyList<Task<string?>> before, CancellationToken cancellation)
    {
        foreach (var task in before)
        {
            if (await task is { } refusal)
                return refusal;
        }

        return await context.Starts.RunAsync(Dependents(service), () => StartNowAsync(service, cancellation), cancellation);
    }

    private async Task<string?> StartNowAsync(string service, CancellationToken cancellation)
    {
        progress.Step(service, "starting");
        var refusal = await context.Docker.StartAsync(plan.Spec.Project, service, cancellation);
        if (refusal is null)
            progress.Step(service, "started");
        return refusal;
    }

    /// <summary>How many services and apps wait for a service, also through others.</summary>
    private int Dependents(string service) =>
        _wanted.Count(w => w != service && DependsOn(w, service, []))
        + plan.Apps.Count(a => a.Needs.Any(n => n.Service == service || (_services.ContainsKey(n.Service) && DependsOn(n.Service, service, []))));

    private bool DependsOn(string service, string other, HashSet<string> seen) =>
        seen.Add(service) && _services.TryGetValue(service, out var definition)
        && definition.DependsOn.Keys.Any(d => d == other || DependsOn(d, other, seen));
}
