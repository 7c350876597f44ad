using InstanceKit.Apps;
using InstanceKit.Compose;
using InstanceKit.Engine;
using InstanceKit.Infra;
using InstanceKit.Instances;
using InstanceKit.Leases;
using InstanceKit.Observing;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Reconcile;
using InstanceKit.Stacks;
using InstanceKit.Starting;

namespace InstanceKit.Verbs;

/// <summary>Takes one instance down; its volumes stay, unless it is cleaned.</summary>
internal sealed class DownVerb(
    ManagerOptions options, Lazy<EngineClient> engine, ComposeClient compose, ComposeModels models, Infrastructure infra, LeaseKeeper leases, AppRunner runner,
    EmbeddedServices embeddedServices, ServiceProcesses serviceProcesses, Observer observer, TimeProvider clock)
{
    /// <summary>A disposable instance needs no long grace period.</summary>
    private static readonly TimeSpan DownGrace = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan CleanGrace = TimeSpan.FromSeconds(1);

    /// <summary>Stops apps and containers and removes them and their network.</summary>
    public async Task<VerbResult> DownAsync(InstanceSpec spec, InstanceProgress progress, CancellationToken cancellation)
    {
        using var held = Hold(spec, "Down");
        var home = Pm2Access.HomeOf(spec);
        var plan = await TakeDownAsync(spec, withVolumes: false, progress, cancellation);
        await EndIdleDaemonAsync(home, cancellation);
        return Result(plan);
    }

    /// <summary>The same, and removes the volumes with their data and the instance's folder.</summary>
    public async Task<VerbResult> CleanAsync(InstanceSpec spec, InstanceProgress progress, CancellationToken cancellation)
    {
        using var held = Hold(spec, "Clean");
        var home = Pm2Access.HomeOf(spec);
        var plan = await TakeDownAsync(spec, withVolumes: true, progress, cancellation);
        if (Directory.Exists(spec.Paths.Directory))
        {
            plan = plan.Then(new OperationPlan([new Operation(
                OperationKind.DeleteFiles, spec.Paths.Relative(spec.Paths.Directory), "generated for the instance")]));
            if (!options.DryRun)
                InstanceStore.Delete(spec.Paths);
        }

        if (!options.DryRun)
        {
            AccountData.Remove(spec.Paths);
            models.Forget(spec);
            new HealthCheckCache(clock, spec.Paths).Forget();
            await ReleaseAsync(spec, progress, cancellation);
        }

        await EndIdleDaemonAsync(home, cancellation);

        return Result(plan);
    }

    /// <summary>Everything is removed; the next command that can write releases the remaining lease.</summary>
    private async Task ReleaseAsync(InstanceSpec spec, InstanceProgress progress, CancellationToken cancellation)
    {
        try
        {
            await leases.ReleaseAsync(spec, cancellation);
        }
        catch (InstanceKitException e) when (e.InnerException is { } cause && FileFailure.IsOutOfSpace(cause))
        {
            progress.Note("lease", $"{e.Message} The instance number stays reserved until a later command can write there.");
        }
    }

    private Task EndIdleDaemonAsync(Pm2Home home, CancellationToken cancellation) =>
        options.DryRun ? Task.CompletedTask : home.EndIdleDaemonAsync(cancellation);

    private InstanceLock? Hold(InstanceSpec spec, string verb) =>
        options.DryRun || !Directory.Exists(spec.Paths.Root)
            ? null
            : InstanceLock.Acquire(spec, verb, mayLackSpace: true);

    private VerbResult Result(OperationPlan plan) => new(
        plan.IsEmpty ? Outcome.Unchanged : options.DryRun ? Outcome.Planned : Outcome.Done, plan);

    private async Task<OperationPlan> TakeDownAsync(
        InstanceSpec spec, bool withVolumes, InstanceProgress progress, CancellationToken cancellation)
    {
        progress.Step("check", "querying PM2 and the engine");
        leases.RequireNotOthers(spec);
        await infra.RequireKnownAsync(spec, cancellation);
        var isEmbedded = await infra.IsEmbeddedAsync(spec, cancellation);
        // One that ran in containers before has volumes still.
        var hasVolumes = withVolumes && leases.FindOwn(spec)?.Infra is InfraMode.Compose;
        var listing = isEmbedded && !hasVolumes ? null : ListAsync(spec, withVolumes, cancellation);
        var processes = await observer.ObserveProcessesAsync(spec, cancellation);
        Ownership.Require(spec, processes, leases);
        var apps = Reconciler.Down(new ObservedState([], processes, null));
        var failure = listing is null ? null : await RequireOursAsync(spec, listing);
        // The apps go even where the engine does not answer.
        if (isEmbedded)
            apps = await TakeEmbeddedDownAsync(spec, processes, apps, progress, cancellation);
        else if (!options.DryRun)
            await runner.RemoveAsync(spec, processes, progress, cancellation);
        if (failure is not null)
            throw failure;
        if (listing is null)
            return apps;
        var (containers, networks, volumes) = await listing;
        var plan = apps.Then(Reconciler.Down(new ObservedState(containers, [], null)))
            .Then(Remove(OperationKind.RemoveNetwork, networks, "created for the instance"))
            .Then(Remove(OperationKind.RemoveVolume, volumes, "data of the instance"));
        if (options.DryRun || containers.Count + networks.Count + volumes.Count == 0)
            return plan;

        TimeSpan? grace = withVolumes ? CleanGrace : containers.Any(c => c.HasStopTimeout) ? null : DownGrace;
        var missing = containers.SelectMany(c => c.DependsOn).FirstOrDefault(d => containers.All(c => c.Service != d));
        await RemoveAsync(spec, [.. containers.Where(c => !c.IsKnownToCompose)], [], [], withVolumes, grace, progress, cancellation);
        try
        {
            await compose.DownAsync(
                spec.Project, withVolumes, grace, line => ComposeProgress.Report(progress, spec.Project, line), cancellation);
        }
        catch (CommandFailedException) when (missing is not null)
        {
            // Compose 2.26 removes nothing then: "could not find redis: not found".
            progress.Note("compose", $"Compose can't take down this project: other services depend on service {missing}, which has no container. Its resources are removed one by one instead.");
            await RemoveAsync(spec, containers, networks, volumes, withVolumes, grace, progress, cancellation);
        }

        await RequireGoneAsync(spec, withVolumes, cancellation);
        return plan;
    }

    private async Task RemoveAsync(
        InstanceSpec spec, IReadOnlyList<ObservedContainer> containers, IReadOnlyList<string> networks, IReadOnlyList<string> volumes,
        bool withVolumes, TimeSpan? grace, InstanceProgress progress, CancellationToken cancellation)
    {
        await Task.WhenAll(containers.Select(c =>
        {
            progress.Step(c.Service, "stopping");
            return engine.Value.StopAsync(c.Id, grace, cancellation);
        }));
        var instance = new EngineInstance
        {
            Project = spec.Project,
            Stack = spec.Stack.Name,
            Number = spec.Number,
            Containers = [.. containers.Select(c => new EngineThing(c.Id, c.Name))],
            Networks = [.. networks.Select(n => new EngineThing(n, n))],
            Volumes = [.. volumes.Select(v => new EngineThing(v, v))],
        };
        await engine.Value.RemoveAsync(instance, withVolumes, cancellation);
        foreach (var container in containers)
            progress.Done(container.Service, "removed");
    }

    /// <summary>Rejects what does not belong to the instance before anything is changed.</summary>
    /// <returns>Why the engine does not answer; <see langword="null"/> when it does.</returns>
    private async Task<InstanceKitException?> RequireOursAsync(InstanceSpec spec, Task<Held> listing)
    {
        Held held;
        try
        {
            held = await listing;
        }
        catch (InstanceKitException e)
        {
            return e;
        }

        Ownership.Require(spec, held.Containers, held.All, leases);
        return null;
    }

    private async Task<Held> ListAsync(InstanceSpec spec, bool withVolumes, CancellationToken cancellation)
    {
        var containers = engine.Value.ListAsync(spec.Project, cancellation);
        var resources = (await engine.Value.ResourcesAsync(cancellation))
            .Where(r => r.Project == spec.Project && (withVolumes || r.Kind != "volume")).ToList();
        return new Held(
            await containers,
            [.. resources.Where(r => r.Kind == "network").Select(r => r.Name)],
            [.. resources.Where(r => r.Kind == "volume").Select(r => r.Name)])
        {
            All = resources,
        };
    }

    /// <summary>The instance's resources in the engine.</summary>
    private sealed record Held(IReadOnlyList<ObservedContainer> Containers, IReadOnlyList<string> Networks, IReadOnlyList<string> Volumes)
    {
        public required IReadOnlyList<EngineResource> All { get; init; }
    }

    private async Task<OperationPlan> TakeEmbeddedDownAsync(
        InstanceSpec spec, IReadOnlyList<ObservedProcess> processes, OperationPlan apps, InstanceProgress progress,
        CancellationToken cancellation)
    {
        var servers = await serviceProcesses.ListAsync(spec, cancellation);
        Ownership.Require(spec, servers, leases);
        if (!options.DryRun)
        {
            await runner.DeleteAsync(spec, [.. processes.Select(p => p.Name)], progress, cancellation);
            await embeddedServices.RemoveAsync(spec, servers, progress, cancellation);
            await AppRunner.EndLeftoversAsync(spec, listed: [], progress, cancellation);
        }

        return apps.Then(new OperationPlan(
            [.. servers.Select(s => new Operation(OperationKind.RemoveService, s.Name, StateWord.Of(s.State)))]));
    }

    private static OperationPlan Remove(OperationKind kind, IReadOnlyList<string> names, string cause) =>
        new([.. names.Select(n => new Operation(kind, n, cause))]);

    private async Task RequireGoneAsync(InstanceSpec spec, bool withVolumes, CancellationToken cancellation)
    {
        var left = await ListAsync(spec, withVolumes, cancellation);
        List<string> survivors =
        [
            .. left.Containers.Select(c => $"container {c.Name}"),
            .. left.Networks.Select(n => $"network {n}"),
            .. left.Volumes.Select(v => $"volume {v}"),
        ];
        if (survivors.Count > 0)
        {
            throw new InstanceKitException(
                ExitCode.Failed, $"{spec.Title} was not completely removed: {string.Join(", ", survivors)}.",
                "They may be in use (see docker ps, docker network inspect). Stop what uses them, then retry.");
        }
    }
}
