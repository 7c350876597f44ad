using System.Net;
using InstanceKit.Apps;
using InstanceKit.Compose;
using InstanceKit.Engine;
using InstanceKit.Infra;
using InstanceKit.Instances;
using InstanceKit.Leases;
using InstanceKit.Models;
using InstanceKit.Observing;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Reconcile;
using InstanceKit.Setup;
using InstanceKit.Stacks;
using InstanceKit.Starting;

namespace InstanceKit.Verbs;

/// <summary>Brings one instance up.</summary>
internal sealed class UpVerb(
    ManagerOptions options, Lazy<EngineClient> engine, ComposeClient compose, ComposeModels models, Pm2Access pm2Access, Infrastructure infrastructure, LeaseKeeper leases,
    InstanceSetup setup, EcosystemBuilder ecosystems, PackageInstaller packages, EmbeddedServices embeddedServices,
    ServiceProcesses serviceProcesses, Observer observer, AppRunner runner, PortGuard ports, Starter starter, ConnectionProbe connections,
    TimeProvider clock)
{
    /// <summary>Writes the files, starts what is not running, and waits until everything is ready.</summary>
    public async Task<VerbResult> RunAsync(InstanceSpec spec, InstanceProgress progress, CancellationToken cancellation)
    {
        using var held = options.DryRun ? null : InstanceLock.Acquire(spec, "Up");
        progress.Step("check", "querying Compose, the engine and PM2");
        // Node takes as long as the rest of the observation, so start it first.
        var evaluating = ecosystems.EvaluateAsync(spec, cancellation);
        // A dry run fetches nothing: it needs Node to read the workspace's config, but no PM2.
        var locating = options.DryRun ? null : pm2Access.ForAsync(spec, m => progress.Step("pm2", m), cancellation);
        await Task.WhenAll(
            ChooseAsync(spec, progress, cancellation),
            locating ?? Task.CompletedTask);
        progress.Done("check", "passed");

        var planTask = setup.PlanAsync(spec, cancellation);
        var resources = await infrastructure.IsEmbeddedAsync(spec, cancellation) ? null : engine.Value.ResourcesAsync(cancellation);
        var before = await observer.ObserveAsync(spec, cancellation);
        var plan = await planTask;
        await leases.ClaimAsync(plan, () => infrastructure.WouldBeEmbeddedAsync(spec, cancellation), progress, cancellation);
        if (resources is not null)
            Ownership.Require(spec, before.Containers, plan.ResourcesIn(await resources), leases);
        Ownership.Require(spec, before.Processes, leases);
        var decisions = setup.Decide(plan);
        var files = InstanceSetup.Describe(plan, decisions);
        var prepare = files.Then(packages.Plan());

        var merged = options.DryRun
            ? await PreviewAsync(plan, files, cancellation)
            : await setup.ApplyAsync(plan, decisions, progress, cancellation);
        plan = plan with { Model = plan.Model.WithoutScaledToZero() };
        var embedded = await infrastructure.IsEmbeddedAsync(spec, cancellation)
            ? await embeddedServices.ChooseAsync(plan, progress, cancellation)
            : null;
        // Containers and data that are there are what a person expects to see again.
        var mayFallBack = embedded is null && !options.DryRun && infrastructure.Wanted is InfraMode.Auto
            && before is { Containers.Count: 0, AppliedModel: null } && plan.ResourcesIn(await resources!).All(r => r.Kind != "volume");
        try
        {
            return await CarryOutAsync();
        }
        catch (MissingImagesException e) when (mayFallBack)
        {
            embedded = await FallBackAsync(plan, e, progress, cancellation);
            before = await observer.ObserveAsync(spec, cancellation);
            return await CarryOutAsync();
        }

        // A config may need packages of the workspace.
        async Task<OwnConfig?> ConfigAsync()
        {
            try
            {
                return await evaluating;
            }
            catch (MissingPackageException) when (!options.DryRun && packages.IsNeeded)
            {
                await packages.InstallAsync(progress, cancellation);
                return await ecosystems.EvaluateAsync(spec, cancellation);
            }
        }

        async Task<VerbResult> CarryOutAsync()
        {
            if (embedded is not null)
                Ownership.Require(spec, await serviceProcesses.ListAsync(spec, embedded, cancellation), leases);
            var ecosystem = ecosystems.Build(plan, await ConfigAsync(), embedded);
            plan = ecosystem.AddNeedsTo(plan);
            var expected = merged is null || embedded is not null ? null : ContainerCheck.Expect(merged, plan.Apps, InstanceLabels.Instance);
            before = await CompareAsync(before, expected, InstanceStore.ReadRecord(spec.Paths), cancellation);
            var desired = Desire(plan, merged, ecosystem, before);
            if (embedded is not null)
            {
                desired = desired with
                {
                    Services = [.. embedded.Where(c => c.Process is not null).Select(c => c.Name)],
                    ModelFingerprint = EmbeddedEcosystem.Create(embedded).Fingerprint,
                };
            }

            var operations = Reconciler.Up(desired, before);
            var all = prepare.Then(operations);
            if (options.DryRun)
            {
                InstanceSetup.ReportKeptFiles(plan, decisions, progress);
                foreach (var note in ecosystem.Notes)
                    progress.Note("pm2", note);
                return new VerbResult(all.IsEmpty ? Outcome.Unchanged : Outcome.Planned, all, null);
            }

            var shownNotes = ecosystem.Notes.Count == 0 ? null : ContentHash.Of(ecosystem.Notes);
            foreach (var note in InstanceStore.ReadRecord(spec.Paths)?.ShownNotes == shownNotes ? [] : ecosystem.Notes)
                progress.Note("pm2", note);
            foreach (var operation in operations.Operations.Where(o => o.Replaces))
                progress.Note(operation.Target, $"Replacing the container of service {operation.Target}: {operation.Cause}.");
            await packages.InstallAsync(progress, cancellation);
            if (FileStore.ReadText(spec.Paths.Ecosystem) != ecosystem.Json)
                FileStore.Write(spec.Paths.Ecosystem, ecosystem.Json);
            var pm2 = await locating!;
            var started = operations.TargetsOf(OperationKind.StartApp).Concat(operations.TargetsOf(OperationKind.RestartApp)).ToHashSet(StringComparer.Ordinal);
            if (started.Count > 0)
                pm2.Prepare();
            var home = pm2.Home;
            var infra = embedded is null ? InfraMode.Compose : InfraMode.Embedded;
            Remember(spec, r => r with
            {
                Pm2Home = home,
                Infra = infra,
                LackedDocker = infrastructure.LacksDocker(spec),
                ShownNotes = shownNotes,
                UntranslatedInApps = InstancePlanner.Unknown(InstancePlanner.Answered(ecosystem.Mentions, spec.Stack.Literals)).Count(),
                Embedded = embedded is null ? null : EmbeddedServices.Record(embedded),
                Containers = expected,
            });
            await leases.RememberRuntimeAsync(spec, home, infra, cancellation);
            var former = operations.TargetsOf(OperationKind.RemoveApp);
            await runner.DeleteAsync(spec, former, progress, cancellation);
            var servers = await serviceProcesses.ListAsync(spec, cancellation);
            if (!operations.IsEmpty)
            {
                var listed = before.Processes.Where(p => !former.Contains(p.Name)).Concat(servers).ToList();
                await AppRunner.EndLeftoversAsync(spec, listed, progress, cancellation);
            }

            await ports.RequireFreeAsync(plan, operations, before, cancellation);

            var keepsContainers = options.KeepImages && before.AppliedModel == desired.ModelFingerprint;
            var after = await starter.RunAsync(plan, embedded, operations, before, keepsContainers, progress, cancellation);
            foreach (var (app, note) in OpenApps.Describe(spec, [.. plan.Apps.Where(a => started.Contains(a.ProcessName))], after))
                progress.Note(app, note);
            Remember(spec, r => r with { AppliedModel = desired.ModelFingerprint });
            var status = InstanceStatus.Create(
                spec, true, [.. plan.Model.Services.Select(s => s.Name)], plan.Ports, after, clock.GetUtcNow()) with
            {
                Untranslated = InstanceStore.ReadRecord(spec.Paths)?.Open ?? 0,
                CrossTalk = await ReportCrossTalkAsync(spec, after, progress, cancellation),
            };
            return new VerbResult(all.IsEmpty ? Outcome.Unchanged : Outcome.Done, all, status);
        }
    }

    /// <summary>Notes connections with other instances, which only the kernel can prove to be absent.</summary>
    private async Task<IReadOnlyList<InstanceConnection>?> ReportCrossTalkAsync(
        InstanceSpec spec, ObservedState after, InstanceProgress progress, CancellationToken cancellation)
    {
        IReadOnlyDictionary<string, IReadOnlyList<ObservedContainer>> containers =
            new Dictionary<string, IReadOnlyList<ObservedContainer>>(StringComparer.Ordinal) { [spec.Project] = after.Containers };
        if (await connections.TryObserveAsync([spec], Task.FromResult(containers), cancellation) is not [var look])
            return null;
        foreach (var connection in look.CrossTalk)
            progress.Note("connections", $"Cross-talk: {connection.Describe()}");
        var count = look.Connections.Count;
        progress.Done("connections", $"{count} {(count == 1 ? "connection" : "connections")}, {(look.CrossTalk.Count == 0 ? "none" : look.CrossTalk.Count)} with other instances");
        return look.CrossTalk;
    }

    /// <summary>Chooses processes for an instance whose images are not available, and removes what Compose has created.</summary>
    /// <exception cref="MissingImagesException">It can't run as processes either.</exception>
    private async Task<IReadOnlyList<EmbeddedChoice>> FallBackAsync(
        InstancePlan plan, MissingImagesException missing, InstanceProgress progress, CancellationToken cancellation)
    {
        var spec = plan.Spec;
        IReadOnlyList<EmbeddedChoice> choices;
        try
        {
            choices = await embeddedServices.ChooseAsync(plan, progress, cancellation);
        }
        catch (InstanceKitException e) when (e.ExitCode == ExitCode.Prerequisite)
        {
            throw missing;
        }

        if (choices.All(c => c.Process is null))
            throw missing;
        progress.Note("infra", missing.ToNote());
        var containers = await engine.Value.ListAsync(spec.Project, cancellation);
        var resources = await engine.Value.ResourcesAsync(cancellation);
        if (containers.Count > 0 || resources.Any(r => r.Project == spec.Project))
            await compose.DownAsync(spec.Project, withVolumes: true, grace: TimeSpan.Zero, _ => { }, cancellation);
        infrastructure.FallBack(spec);
        Remember(spec, r => r with { Infra = null, Containers = null });
        await leases.ForgetInfraAsync(spec, cancellation);
        return choices;
    }

    /// <summary>Chooses what runs the services, and ensures that the compose files can be read.</summary>
    private async Task ChooseAsync(InstanceSpec spec, InstanceProgress progress, CancellationToken cancellation)
    {
        _ = models.FindFailureAsync(cancellation); // concurrent with the query to the engine
        if (infrastructure.Wanted is InfraMode.Compose)
            await infrastructure.RequireModelsAsync(spec, progress: null, cancellation);
        await infrastructure.ChooseAsync(spec, progress, cancellation);
        await infrastructure.RequireModelsAsync(spec, progress, cancellation);
    }

    /// <summary>Without writing, the merged model is only known when no file would change.</summary>
    private async Task<ComposeModel?> PreviewAsync(InstancePlan plan, OperationPlan files, CancellationToken cancellation) =>
        files.IsEmpty ? (await models.ReadAsync(plan.Spec, withOverride: true, cancellation)).Model : null;

    private DesiredState Desire(InstancePlan plan, ComposeModel? merged, Pm2Ecosystem ecosystem, ObservedState before) => new(
        plan.Spec.Project,
        [.. (merged ?? plan.Model).WithoutScaledToZero().Services.Select(s => s.Name)],
        merged?.Fingerprint ?? "not written yet",
        [
            .. plan.Apps.Select(a => new DesiredApp(
                a.Definition.Name, a.ProcessName, ecosystem.Fingerprints[a.ProcessName], TroubleOf(plan.Spec, a, before))),
        ]);

    /// <summary>The containers compared with what is expected where no earlier Up recorded that, and with their images.</summary>
    private async Task<ObservedState> CompareAsync(
        ObservedState before, IReadOnlyList<ExpectedContainer>? expected, InstanceRecord? record, CancellationToken cancellation)
    {
        if (expected is not null && record?.Containers is null)
            before = before with { Containers = ContainerCheck.Apply(before.Containers, expected, []) };
        var suspects = before.Containers.Where(c => c.HasOldImage).Select(c => c.Image).ToList();
        if (suspects.Count == 0)
            return before;
        // What is merely gone can't be replaced by anything.
        var absent = options.KeepImages ? suspects.ToHashSet() : await engine.Value.FindAbsentImagesAsync(suspects, cancellation);
        return before with
        {
            Containers = [.. before.Containers.Select(c => c with { HasOldImage = c.HasOldImage && !absent.Contains(c.Image) })],
        };
    }

    /// <summary>
    /// Why an app that is online is restarted all the same: it is in a crash loop, or it does not listen on its port and its
    /// code is newer than its process.
    /// </summary>
    private string? TroubleOf(InstanceSpec spec, AppPlan app, ObservedState before)
    {
        if (before.ProcessOf(app.ProcessName) is not { } process)
            return null;
        var readiness = Readiness.OfApp(process, app.Port, clock.GetUtcNow());
        if (readiness.State == ReadyState.Failed)
            return readiness.Reason;
        var folder = Path.Combine(spec.Workspace, app.Definition.Directory);
        return readiness.IsReady || app.Port is null || process.StartedAt is not { } start || !CodeFolder.HasChangedSince(folder, start)
            ? null
            : $"{readiness.Reason.Replace(" yet", "", StringComparison.Ordinal)}, and its code changed";
    }

    private static void Remember(InstanceSpec spec, Func<InstanceRecord, InstanceRecord> change)
    {
        if (InstanceStore.ReadRecord(spec.Paths) is not { } record)
            return;
        var next = change(record).ToJson();
        if (next != record.ToJson())
            InstanceStore.WriteRecord(spec.Paths, next);
    }
}

/// <summary>Reports apps that other machines can reach, although the instance is intended for this machine only.</summary>
internal static class OpenApps
{
    /// <summary>A note for each app whose own port is open on all interfaces; none where the stack itself is bound to more.</summary>
    /// <param name="observed">The state from PM2.</param>
    public static IEnumerable<(string App, string Note)> Describe(
        InstanceSpec spec, IReadOnlyList<AppPlan> apps, ObservedState observed) =>
        from app in IsLoopback(spec.Stack.BindAddress) ? apps : []
        let endpoint = app.Port is { } port ? observed.ProcessOf(app.ProcessName)?.OpenToAll.GetValueOrDefault(port) : null
        where endpoint is not null
        let name = app.Definition.Name
        select (name, $"App {name} listens on all interfaces ({endpoint}): other machines can reach it. To restrict it to this machine, let "
            + "it listen on 127.0.0.1 (Vite: server.host; others often HOST in its .env), unless containers must reach it.");

    private static bool IsLoopback(string address) =>
        address == "localhost" || (IPAddress.TryParse(address, out var parsed) && IPAddress.IsLoopback(parsed));
}
