using InstanceKit.Apps;
using InstanceKit.Engine;
using InstanceKit.Infra;
using InstanceKit.Instances;
using InstanceKit.Leases;
using InstanceKit.Observing;
using InstanceKit.Platform;
using InstanceKit.Reconcile;
using InstanceKit.Setup;
using InstanceKit.Starting;

namespace InstanceKit.Verbs;

/// <summary>Stops services and apps of a running instance, apps first, and starts them as Up does. Data stays.</summary>
/// <param name="only">The services and apps to restart; all of them when empty.</param>
internal sealed class RestartVerb(
    ManagerOptions options, Lazy<EngineClient> engine, Pm2Access pm2, Infrastructure infra, LeaseKeeper leases, InstanceSetup setup, EcosystemBuilder ecosystems,
    EmbeddedServices embeddedServices, ServiceProcesses serviceProcesses, Observer observer, Starter starter, TimeProvider clock,
    IReadOnlyList<string> only)
{
    /// <summary>Restarts, and waits until everything restarted is ready again.</summary>
    /// <exception cref="InstanceKitException">The instance does not run, or something of it can't be restarted or was not ready in time.</exception>
    public async Task<VerbResult> RunAsync(InstanceSpec spec, InstanceProgress progress, CancellationToken cancellation)
    {
        using var held = options.DryRun ? null : InstanceLock.Acquire(spec, "Restart");
        progress.Step("check", "querying the engine and PM2");
        var record = ComponentNames.RequireRecord(spec, options.Next);
        var before = await observer.ObserveAsync(spec, cancellation);
        if (!await infra.IsEmbeddedAsync(spec, cancellation))
            Ownership.Require(spec, before.Containers, [], leases);
        Ownership.Require(spec, before.Processes, leases);
        if (!before.IsRunning)
            throw ComponentNames.NotRunning(spec, options.Next);
        ComponentNames.RequireKnownApps(spec, options.Next);
        RequireOwnProcess(record);
        await infra.RequireModelsAsync(spec, progress: null, cancellation);
        var plan = await setup.PlanAsync(spec, cancellation);
        plan = plan with { Model = plan.Model.WithoutScaledToZero() };
        progress.Done("check", "up to date");

        var operations = Reconciler.Restart(
            [.. plan.Model.Services.Select(s => s.Name).Where(IsWanted)],
            [.. plan.Apps.Where(a => IsWanted(a.Definition.Name)).Select(a => a.ProcessName)],
            isNamed: only.Count > 0, before);
        if (options.DryRun)
            return new VerbResult(operations.IsEmpty ? Outcome.Unchanged : Outcome.Planned, operations);

        var embedded = await infra.IsEmbeddedAsync(spec, cancellation)
            ? await embeddedServices.ChooseAsync(plan, progress, cancellation)
            : null;
        plan = await WriteEcosystemAsync(plan, embedded, cancellation);
        await StopAsync(plan, operations, before, isEmbedded: embedded is not null, progress, cancellation);
        var after = await starter.RunAsync(Narrow(plan), embedded, ToStarts(operations), before, keepsContainers: false, progress, cancellation);
        return new VerbResult(Outcome.Done, operations, InstanceStatus.Create(
            spec, true, record.Services, plan.Ports, after, clock.GetUtcNow()));
    }

    private bool IsWanted(string name) => only.Count == 0 || only.Contains(name);

    /// <summary>A service that is skipped, or whose work another one's process does, has nothing to restart.</summary>
    private void RequireOwnProcess(InstanceRecord record)
    {
        var other = (record.Embedded ?? []).FirstOrDefault(s => s.ProcessName is null && only.Contains(s.Service));
        if (other is null)
            return;
        throw InstanceKitException.Usage(
            $"Service {other.Service} has no process: "
            + (other.Skipped is { } reason ? $"it is skipped because it {reason}."
                : other.ServedBy is { } main ? $"{main} does its work." : "it runs when another service starts."),
            other.ServedBy is { } server ? $"Restart {server}." : null);
    }

    /// <summary>The apps get the current content of their env files.</summary>
    /// <returns>The plan, with what the PM2 config addresses.</returns>
    private async Task<InstancePlan> WriteEcosystemAsync(InstancePlan plan, IReadOnlyList<EmbeddedChoice>? embedded, CancellationToken cancellation)
    {
        var ecosystem = ecosystems.Build(plan, await ecosystems.EvaluateAsync(plan.Spec, cancellation), embedded);
        if (FileStore.ReadText(plan.Spec.Paths.Ecosystem) != ecosystem.Json)
            FileStore.Write(plan.Spec.Paths.Ecosystem, ecosystem.Json);
        return ecosystem.AddNeedsTo(plan);
    }

    /// <summary>Apps first, so that none complains of a service that is being stopped; all services at once.</summary>
    private async Task StopAsync(
        InstancePlan plan, OperationPlan operations, ObservedState before, bool isEmbedded, InstanceProgress progress,
        CancellationToken cancellation)
    {
        var spec = plan.Spec;
        var apps = operations.TargetsOf(OperationKind.RestartApp);
        foreach (var app in plan.Apps.Where(a => apps.Contains(a.ProcessName)))
            progress.Step(app.Definition.Name, "stopping");
        if (apps.Count > 0)
            await (await pm2.ForAsync(spec, _ => { }, cancellation)).DeleteAsync(apps, cancellation);
        var servers = await serviceProcesses.ListAsync(spec, cancellation);
        await AppRunner.EndLeftoversAsync(
            spec, [.. before.Processes.Where(p => !apps.Contains(p.Name)), .. servers], progress, cancellation);
        if (isEmbedded)
            return; // one that is started is stopped before

        var services = operations.TargetsOf(OperationKind.RestartService);
        await Task.WhenAll(before.Containers.Where(c => services.Contains(c.Service)).Select(c =>
        {
            progress.Step(c.Service, "stopping");
            return engine.Value.StopAsync(c.Id, grace: null, cancellation);
        }));
    }

    /// <summary>What is waited for: the requested services and apps, and the services that these apps need.</summary>
    private InstancePlan Narrow(InstancePlan plan)
    {
        if (only.Count == 0)
            return plan;
        var apps = plan.Apps.Where(a => IsWanted(a.Definition.Name)).ToList();
        var needed = apps.SelectMany(a => a.Needs).Select(n => n.Service).ToHashSet(StringComparer.Ordinal);
        return plan with
        {
            Apps = apps,
            Model = plan.Model with { Services = [.. plan.Model.Services.Where(s => IsWanted(s.Name) || needed.Contains(s.Name))] },
        };
    }

    /// <summary>Starts what was stopped as if it had never run.</summary>
    private static OperationPlan ToStarts(OperationPlan operations) => new(
        [.. operations.Operations.Select(o => o.Kind == OperationKind.RestartService ? o with { Kind = OperationKind.StartService } : o)]);
}
