using InstanceKit.Compose;
using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Platform;
using InstanceKit.Reconcile;

namespace InstanceKit.Starting;

/// <summary>
/// Starts the services of one instance. Compose creates all containers in one call; the engine starts each as soon as possible,
/// starting with those that most others depend on. Calling Compose for each stage would read and inspect everything again.
/// </summary>
/// <param name="programs">Limits the programs that use a whole processor.</param>
/// <param name="starts">Limits the starts of containers.</param>
/// <param name="operations">What is done, in whatever stage.</param>
/// <param name="before">What was observed before.</param>
/// <param name="keepsContainers">Whether Compose leaves containers as they are whose image was rebuilt.</param>
/// <param name="progress">Receives notes on them.</param>
internal sealed class ServiceStarter(
    Lazy<EngineClient> engine, ComposeClient compose, StartQueue programs, StartQueue starts, InstancePlan plan, OperationPlan operations,
    ObservedState before, bool keepsContainers, InstanceProgress progress)
{
    private readonly IReadOnlyList<string> _wanted = operations.TargetsOf(OperationKind.StartService);
    private readonly ContainerRenewal _renewal = keepsContainers ? ContainerRenewal.Never : ContainerRenewal.WhenChanged;
    private readonly Dictionary<string, ComposeService> _services = plan.Model.Services.ToDictionary(s => s.Name, StringComparer.Ordinal);
    private Task<ProcessResult>? _prepared;
    private Task<ProcessResult>? _made;

    /// <summary>Starts some of the services.</summary>
    /// <param name="services">Those that may be started now.</param>
    /// <param name="isAlone">Whether their dependencies are neither started nor waited for; otherwise Compose does both.</param>
    /// <param name="onLine">Called for each line of Compose's progress.</param>
    /// <param name="cancellation">Interrupts it; what is running stays.</param>
    /// <returns>The result, in the form of Compose; a failure is not thrown.</returns>
    /// <exception cref="InstanceKitException">The engine does not answer.</exception>
    public async Task<ProcessResult> RunAsync(
        IReadOnlyList<string> services, bool isAlone, Action<string> onLine, CancellationToken cancellation)
    {
        if (await (_prepared ??= PrepareAsync(onLine, cancellation)) is { Succeeded: false } refusal)
            return refusal;
        if (isAlone)
        {
            _made ??= programs.RunAsync(
                1, () => compose.CreateAsync(plan.Spec, _wanted, _renewal, onLine, cancellation), cancellation);
        }

        if (_made is not null && await _made is { Succeeded: false } failure)
            return failure;
        return isAlone && !services.Any(s => _services[s].IsStartedByCompose)
            ? await StartAsync(services, cancellation)
            : await compose.UpAsync(plan.Spec, services, isAlone, _renewal, onLine, cancellation);
    }

    /// <summary>
    /// Brings containers into a state from which they can be started: the engine does not start what is paused nor, from the
    /// beginning, what it is restarting; and Compose replaces only what differs from its files.
    /// </summary>
    private async Task<ProcessResult> PrepareAsync(Action<string> onLine, CancellationToken cancellation)
    {
        await Task.WhenAll(before.Containers.Where(c => _wanted.Contains(c.Service)).Select(c => c.State switch
        {
            ContainerState.Paused => engine.Value.UnpauseAsync(c.Id, cancellation),
            ContainerState.Restarting => engine.Value.StopAsync(c.Id, grace: null, cancellation),
            _ => Task.CompletedTask,
        }));
        List<string> replaced =
            [.. operations.Operations.Where(o => o is { Kind: OperationKind.StartService, Replaces: true }).Select(o => o.Target)];
        // Compose does not list these, and their names conflict.
        foreach (var container in before.Containers.Where(c => !c.IsKnownToCompose && replaced.Contains(c.Service)))
        {
            await engine.Value.StopAsync(container.Id, grace: null, cancellation);
            await engine.Value.RemoveAsync(container.Id, withVolumes: false, cancellation);
        }

        return replaced.Count == 0
            ? new ProcessResult(0, "", "")
            : await programs.RunAsync(
                1, () => compose.CreateAsync(plan.Spec, replaced, ContainerRenewal.Always, onLine, cancellation), cancellation);
    }

    private async Task<ProcessResult> StartAsync(IReadOnlyList<string> services, CancellationToken cancellation)
    {
        var begun = new Dictionary<string, Task<string?>>(StringComparer.Ordinal);
        foreach (var service in services.OrderByDescending(Dependents))
            _ = Begin(service);
        var refusals = await Task.WhenAll(begun.Values);
        return refusals.FirstOrDefault(r => r is not null) is { } refusal
            ? new ProcessResult(1, "", $"Error response from daemon: {refusal}\n")
            : new ProcessResult(0, "", "");

        Task<string?> Begin(string service) =>
            begun.TryGetValue(service, out var start) ? start : begun[service] = StartAsync(service, Before(service), cancellation);

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

        return await starts.RunAsync(Dependents(service), () => StartNowAsync(service, cancellation), cancellation);
    }

    private async Task<string?> StartNowAsync(string service, CancellationToken cancellation)
    {
        progress.Step(service, "starting");
        var refusal = await engine.Value.StartAsync(plan.Spec.Project, service, cancellation);
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
