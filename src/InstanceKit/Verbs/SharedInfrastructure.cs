using InstanceKit.Compose;
using InstanceKit.Env;
using InstanceKit.Infra;
using InstanceKit.Instances;
using InstanceKit.Leases;
using InstanceKit.Models;
using InstanceKit.Observing;
using InstanceKit.Platform;
using InstanceKit.Ports;
using InstanceKit.Reconcile;
using InstanceKit.Stacks;
using InstanceKit.Tenants;

namespace InstanceKit.Verbs;

/// <summary>The infrastructure that instances of a stack share on this machine, and the tenants of instances in it.</summary>
/// <remarks>
/// It is a workspace of its own below the user's state directory, whose compose file is made from that of the checkout that starts
/// it first, and in it one instance. So everything that can be done with an instance can be done with it.
/// </remarks>
/// <param name="open">Opens the infrastructure's workspace.</param>
internal sealed class SharedInfrastructure(
    ManagerOptions options, StackDefinition stack, string workspace, ComposeModels models, LeaseStore registry, Func<StackDefinition, string, ISharedWorkspace> open)
    : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    private readonly string _folder = FolderOf(stack, registry);
    private readonly Lock _gate = new();
    private Task<Layout>? _layout;
    private Task<InstanceSpec>? _started;
    private ISharedWorkspace? _manager;
    private bool _wasStarted;

    private string ComposeFile => Path.Combine(_folder, SharedCompose.FileName);

    private string ReleasedFile => Path.Combine(_folder, "released.json");

    /// <inheritdoc />
    public void Dispose() => _manager?.Dispose();

    /// <summary>How it was after this command has started it; <see langword="null"/> before.</summary>
    public InstanceStatus? Status { get; private set; }

    /// <summary>The infrastructure as an instance of its workspace; <see langword="null"/> where it was never started.</summary>
    public InstanceSpec? FindSpec() => Find()?.FindOwn();

    /// <summary>Whether an instance uses it, or would.</summary>
    public bool IsWanted(InstanceSpec spec)
    {
        var record = InstanceStore.ReadRecord(spec.Paths);
        return options.Infra switch
        {
            InfraMode.Shared => true,
            InfraMode.Own or InfraMode.Compose or InfraMode.Embedded => false,
            _ => record is null ? stack.Infra.Mode is InfraMode.Shared : record.Shared is not null,
        };
    }

    /// <summary>The manager of its workspace; <see langword="null"/> where it does not exist.</summary>
    public ISharedWorkspace? Find()
    {
        lock (_gate)
            return _manager ??= FindWorkspace(stack, registry) is var (own, folder) ? open(own, folder) : null;
    }

    /// <summary>What the infrastructure of a stack runs, and its workspace; <see langword="null"/> where it does not exist.</summary>
    public static (StackDefinition Stack, string Folder)? FindWorkspace(StackDefinition stack, LeaseStore registry) =>
        FolderOf(stack, registry) is var folder && FileStore.ReadText(Path.Combine(folder, SharedCompose.FileName)) is { } text
            ? (StackOf(stack, SharedCompose.ServicesOf(text)), folder) : null;

    /// <summary>The error where there is none.</summary>
    public static InstanceKitException Missing(StackDefinition stack, NextCommand next) => new(
        ExitCode.NotReady, $"There is no shared infrastructure of stack {stack.Name}.", $"Start it with an instance that uses it: {next.For("Up", "auto")} --infra shared");

    /// <summary>The instance with what it shares.</summary>
    /// <param name="isStarted">Whether it is to be started. Infrastructure that never ran is started first, to have ports; one that did, with the tenants.</param>
    /// <param name="writes">Whether its files may be written.</param>
    /// <exception cref="InstanceKitException">The compose files don't agree with the running infrastructure, or it can't be started.</exception>
    public async Task<InstanceSpec> PrepareAsync(
        InstanceSpec spec, bool isStarted, InstanceProgress progress, CancellationToken cancellation, bool writes = true)
    {
        RefuseSwitch(spec);
        if (!IsWanted(spec))
            return spec with { Shared = null };
        var layout = await LayoutAsync(writes && !options.DryRun, progress, cancellation);
        foreach (var common in layout.Services.Where(s => s.IsCommon))
            progress.Note(common.Name, $"All instances share {common.Name} and its data, as the stack file says.");
        isStarted &= !options.DryRun;
        var manager = Find() ?? open(StackOf(stack, [.. layout.Services.Select(s => s.Name)]), _folder);
        var own = !isStarted ? await ChooseAsync(manager, cancellation) : FindStarted(manager, layout) ?? await StartAsync(manager, progress, cancellation);
        var ports = own is null ? null : await manager.PlanPortsAsync(own, cancellation);
        var recorded = TenantsOf(spec);
        var wasUp = InstanceStore.ReadRecord(spec.Paths) is { AppliedModel: not null };
        var servers = layout.Services.Where(s => s.Kind is not null).Select(s => ServerOf(s, layout.Model, ports, manager, own)).ToList();
        var tenants = servers.Select(s => TenantKinds.Of(s.Kind).Plan(
            s.Service, stack.Name, spec.Number, s.Environment, recorded.FirstOrDefault(t => t.Service == s.Service))).ToList();
        return spec with
        {
            Shared = new SharedPart(
                [.. layout.Services.Select(s => s.Name)], ports ?? new PortPlan(0, []), servers.Zip(tenants).ToDictionary(p => p.First.Port, p => p.Second))
            {
                Provision = isStarted ? ProvisionAsync : null,
            },
        };

        async Task ProvisionAsync(CancellationToken stop)
        {
            // Other instances wait for the same start: the failure of one does not stop it.
            var started = await StartAsync(manager, progress, cancellation).WaitAsync(stop);
            var running = layout.Services.Where(s => s.Kind is not null).Select(s => ServerOf(s, layout.Model, ports, manager, started))
                .Where(s => !IsSkipped(started, s)).ToList();
            await RemoveReleasedAsync(running, tenants, progress, stop);
            progress.Step("shared", "preparing the instance's part of the shared services");
            await Task.WhenAll(running.Select(async server =>
            {
                var (kind, tenant) = (TenantKinds.Of(server.Kind), tenants.First(t => t.Service == server.Service));
                // Data is lost with the server's volume, so a server that has kept running need not be asked. Others have nothing until an app writes.
                var mayBeLost = wasUp && _wasStarted && server.Kind is TenantKind.PostgreSql or TenantKind.MySql or TenantKind.MongoDb or TenantKind.RabbitMq or TenantKind.Temporal;
                var isLost = mayBeLost && recorded.Any(t => t.Service == tenant.Service) && !(await kind.InspectAsync(server, tenant, stop)).Exists;
                await kind.ProvisionAsync(server, tenant, stop);
                if (isLost)
                    progress.Note(server.Service, $"{server.Service} no longer had {tenant.Name}: it is created again, without the instance's earlier data.");
            }));
            progress.Done("shared", $"{running.Count} shared services have a part for the instance");
        }
    }

    /// <summary>The infrastructure, if its services have been started before: then their ports are known.</summary>
    private static InstanceSpec? FindStarted(ISharedWorkspace manager, Layout layout) =>
        manager.FindOwn() is { } own && InstanceStore.ReadRecord(own.Paths) is { AppliedModel: not null } record
        && layout.Services.All(s => record.Services.Contains(s.Name)) ? own : null;

    /// <summary>Waits until it is no longer being started; how that ended concerns the instances that wait for it.</summary>
    public Task SettleAsync() => Task.WhenAny(_started ?? Task.CompletedTask);

    /// <summary>Marks the tenants of an instance for removal, and removes them if the infrastructure runs.</summary>
    /// <param name="tenants">The tenants, read before the instance's files were deleted.</param>
    public async Task ReleaseAsync(IReadOnlyList<Tenant> tenants, InstanceProgress progress, CancellationToken cancellation)
    {
        if (tenants.Count == 0 || Find() is not { } manager || await ChooseAsync(manager, cancellation) is not { } own)
            return;
        using (await TakeTurnAsync(progress, cancellation))
            FileStore.Write(ReleasedFile, TenantStore.Write([.. TenantStore.Read(ReleasedFile).Concat(tenants).DistinctBy(t => (t.Service, t.Name))]));
        var status = (await manager.StatusAsync([own], cancellation))[0];
        if (!status.Readiness.IsReady)
        {
            progress.Note("shared", "The shared infrastructure is not running: what the instance has in it is removed when it starts again.");
            return;
        }

        var model = await manager.ModelAsync(own, cancellation);
        var ports = await manager.PlanPortsAsync(own, cancellation);
        var servers = tenants.Select(t => ServerOf(new SharedService(t.Service, t.Kind, false), model, ports, manager, own)).ToList();
        await RemoveReleasedAsync([.. servers.Where(s => !IsSkipped(own, s))], [], progress, cancellation);
    }

    /// <summary>Whether nothing runs a service without Docker.</summary>
    private static bool IsSkipped(InstanceSpec infrastructure, TenantServer server) =>
        InstanceStore.ReadRecord(infrastructure.Paths)?.Embedded?.Any(s => s.Service == server.Service && s.Skipped is not null) == true;

    /// <summary>The other instances that use it, of whatever checkout: "instance 2 of /src/studio".</summary>
    /// <param name="except">The workspace whose instances don't count.</param>
    public IReadOnlyList<string> Users(string? except = null) =>
    [
        .. (registry.Read(out _) ?? LeaseBook.Empty).Leases.Where(l => l.IsShared && l.Stack == stack.Name && l.Workspace != except)
            .Where(l => WorkspaceFolder.StateOf(l) != FolderState.Gone).Select(l => $"instance {l.Number} of {l.Workspace}"),
    ];

    /// <summary>Deletes its files; its containers and volumes are gone.</summary>
    public void Delete()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The services that are shared, and the compose file that runs them, written if it changed.</summary>
    private Task<Layout> LayoutAsync(bool writes, InstanceProgress progress, CancellationToken cancellation)
    {
        lock (_gate)
            return _layout ??= LayOutAsync(writes, progress, cancellation);
    }

    private async Task<Layout> LayOutAsync(bool writes, InstanceProgress progress, CancellationToken cancellation)
    {
        // As instance 0 sees them: a file that names the number of the instance is the same for all.
        var read = await models.ReadAsync(new InstanceSpec(stack, workspace, 0), withOverride: false, cancellation);
        var services = Sharing.Decide(read.Model, stack, VariablesOf());
        if (services.Count == 0)
        {
            throw InstanceKitException.Usage(
                "No service of the compose files can be shared.", $"Start the instance with its own: --infra own, or choose in {StackFile.FileName}: infra: {{services: …}}");
        }

        var wanted = SharedCompose.Of(read.Json, read.Model, workspace, services);
        if (!writes)
            return new Layout(services, read.Model);
        using var turn = await TakeTurnAsync(progress, cancellation);
        var present = FileStore.ReadText(ComposeFile);
        if (present == wanted.Text)
            return new Layout(services, read.Model);
        var users = present is null ? [] : Users(except: workspace);
        if (users.Count > 0)
        {
            if (SharedCompose.Differences(present!, wanted.Text) is { Count: > 0 } differences)
                throw Differs(differences, users);
            wanted = wanted.AddedTo(present!);
        }

        if (wanted.Text != present)
            wanted.Write(_folder);
        return new Layout(services, read.Model);
    }

    private InstanceKitException Differs(IReadOnlyList<string> differences, IReadOnlyList<string> users)
    {
        var service = differences[0][..differences[0].IndexOf(':', StringComparison.Ordinal)];
        return InstanceKitException.Usage(
            $"The shared infrastructure of {stack.Name} differs from the compose files of {workspace}, and {string.Join(", ", users)} {(users.Count == 1 ? "uses" : "use")} it:\n"
            + string.Join('\n', differences.Select(d => $"    {d}")),
            $"Give instances of this checkout their own {service} (infra: {{services: {{{service}: own}}}} in {StackFile.FileName}), or all services: {options.Next.For("Up", "auto")} --infra own");
    }

    private async Task<InstanceSpec> StartAsync(ISharedWorkspace manager, InstanceProgress progress, CancellationToken cancellation)
    {
        Task<InstanceSpec> start;
        lock (_gate)
            start = _started ??= StartNowAsync(manager, progress, cancellation);
        return await start;
    }

    private async Task<InstanceSpec> StartNowAsync(ISharedWorkspace manager, InstanceProgress progress, CancellationToken cancellation)
    {
        using var turn = await TakeTurnAsync(progress, cancellation);
        var specs = await manager.ChooseAsync(InstanceSelector.Auto, mayTake: true, cancellation);
        if (specs[0].Number != 0)
            progress.Note("shared", $"The shared infrastructure uses the ports of instance {specs[0].Number}, because some of instance 0 are taken.");
        var result = ResultOf((await manager.UpAsync(specs, new Relay(progress), cancellation))[0], cancellation);
        (Status, _wasStarted) = (result.Status, result.Outcome != Outcome.Unchanged);
        return specs[0];
    }

    private async Task<InstanceSpec?> ChooseAsync(ISharedWorkspace manager, CancellationToken cancellation) =>
        File.Exists(ComposeFile) ? (await manager.ChooseAsync(InstanceSelector.Auto, mayTake: !options.DryRun, cancellation))[0] : null;

    private TenantServer ServerOf(SharedService service, ComposeModel model, PortPlan? ports, ISharedWorkspace manager, InstanceSpec? own)
    {
        var kind = service.Kind!.Value;
        var definition = model.Services.First(s => s.Name == service.Name);
        var owner = new PortOwner(OwnerKind.Service, service.Name);
        var target = TenantKinds.PortOf(kind);
        var basePort = definition.Ports.FirstOrDefault(p => p.TargetPort == target)?.BasePort
            ?? stack.Ports.FirstOrDefault(p => p.Owner == owner && p.TargetPort == target)?.BasePort;
        var port = basePort is null ? null : ports?.Find(owner, basePort.Value, "tcp")?.Port;
        if (port is null && own is not null)
        {
            throw InstanceKitException.Usage(
                $"Service {service.Name} can't be shared: it does not publish port {target}.",
                $"Publish it in the compose file, or make it each instance's own: infra: {{services: {{{service.Name}: own}}}} in {StackFile.FileName}");
        }

        var environment = definition.Environment.ToDictionary(e => e.Key, e => e.Value ?? "", StringComparer.Ordinal);
        if (kind == TenantKind.Redis && definition.Command is { } command && command.SkipWhile(w => w != "--requirepass").Skip(1).FirstOrDefault() is { } password)
            environment["REDIS_PASSWORD"] = password;
        return new TenantServer(
            service.Name, kind, port ?? target, environment,
            async (words, c) => await ProcessRunner.RunAsync(await manager.PrepareExecAsync(own!, service.Name, words, isTerminal: false, c), cancellation: c))
        {
            UsersFile = kind == TenantKind.Redis ? SharedCompose.FindUsersFile(_folder, service.Name) : null,
            InnerPort = own is not null && InstanceStore.ReadRecord(own.Paths)?.Infra is InfraMode.Embedded ? port : null,
        };
    }

    private async Task RemoveReleasedAsync(IReadOnlyList<TenantServer> servers, IReadOnlyList<Tenant> present, InstanceProgress progress, CancellationToken cancellation)
    {
        if (!File.Exists(ReleasedFile))
            return;
        using var turn = await TakeTurnAsync(progress, cancellation);
        var left = new List<Tenant>();
        foreach (var tenant in TenantStore.Read(ReleasedFile).Where(t => !present.Any(p => p.Service == t.Service && p.Name == t.Name)))
        {
            if (servers.FirstOrDefault(s => s.Service == tenant.Service) is not { } server)
            {
                left.Add(tenant);
                continue;
            }

            progress.Step(tenant.Service, $"removing {tenant.Name}");
            await TenantKinds.Of(tenant.Kind).RemoveAsync(server, tenant, cancellation);
            progress.Done(tenant.Service, $"removed {tenant.Name}");
        }

        if (left.Count == 0)
            File.Delete(ReleasedFile);
        else
            FileStore.Write(ReleasedFile, TenantStore.Write(left));
    }

    /// <summary>Both kinds keep their data apart, and their apps would use the same ports.</summary>
    private void RefuseSwitch(InstanceSpec spec)
    {
        if (InstanceStore.ReadRecord(spec.Paths) is not { AppliedModel: not null } record || (record.Shared is not null) == IsWanted(spec)
            || OwnedProcesses.Find(spec.OwnerMarker).Count == 0)
            return;
        throw InstanceKitException.Usage(
            $"Instance {spec.Number} runs with {(record.Shared is null ? "services of its own" : "the shared infrastructure")}.",
            $"Take it down first (its data is kept): {options.Next.For("Down", spec.Number)}");
    }

    private HashSet<string> VariablesOf() =>
    [
        .. StackReader.ReadEnvSources(workspace, stack).Values.SelectMany(s => s.Layers.Prepend(s)).SelectMany(s => DotEnvDocument.Parse(s.Text).Entries).Select(e => e.Key),
        .. stack.Variables.Concat(stack.SharedVariables).Concat(stack.Apps.SelectMany(a => a.Variables)).Select(v => v.Key),
        .. stack.Apps.SelectMany(a => a.ConfigVariables),
    ];

    private static string FolderOf(StackDefinition stack, LeaseStore registry) => Path.Combine(registry.Folder, "shared", stack.Name);

    private static StackDefinition StackOf(StackDefinition stack, IReadOnlyList<string> services) => stack with
    {
        IsShared = true,
        ComposeFiles = [SharedCompose.FileName],
        ComposeProfiles = [],
        Pm2Config = null, HasUnknownApps = false,
        StackFile = null,
        Ports = [.. stack.Ports.Where(p => p.Owner.Kind == OwnerKind.Service && services.Contains(p.Owner.Name))],
        Apps = [], Variables = [], SharedVariables = [], Literals = LiteralRules.None,
        Infra = stack.Infra with { Mode = InfraMode.Auto, Services = new Dictionary<string, ServiceSharing>(), Optional = [.. stack.Infra.Optional.Where(services.Contains)], Commands = [.. stack.Infra.Commands.Where(c => services.Contains(c.Service))] },
        Notes = [],
    };

    /// <summary>The tenants of an instance, as its files name them.</summary>
    public static IReadOnlyList<Tenant> TenantsOf(InstanceSpec spec) => TenantStore.Read(spec.Paths.Tenants);

    /// <summary>Waits until shared services are ready; <see langword="null"/> for none.</summary>
    public async Task<VerbResult?> WaitAsync(IReadOnlyList<string> names, TimeSpan timeout, InstanceProgress progress, CancellationToken cancellation) =>
        names.Count == 0 ? null : await DoAsync((manager, own, relay) => manager.WaitAsync([own], names, timeout, relay, cancellation), progress, cancellation);

    /// <summary>Restarts shared services, and says who else uses them; <see langword="null"/> for none.</summary>
    public async Task<VerbResult?> RestartAsync(InstanceSpec spec, IReadOnlyList<string> names, InstanceProgress progress, CancellationToken cancellation)
    {
        if (names.Count == 0)
            return null;
        var result = await DoAsync((manager, own, relay) => manager.RestartAsync([own], names, relay, cancellation), progress, cancellation);
        var others = Users().Except([$"instance {spec.Number} of {spec.Workspace}"]).ToList();
        if (others.Count > 0)
            progress.Note("shared", $"{string.Join(", ", others)} {(others.Count == 1 ? "uses" : "use")} {string.Join(", ", names)} too.");
        return result;
    }

    private async Task<VerbResult> DoAsync(
        Func<ISharedWorkspace, InstanceSpec, IProgress<InstanceEvent>, Task<IReadOnlyList<OperationReport>>> verb, InstanceProgress progress, CancellationToken cancellation)
    {
        if (Find() is not { } manager || manager.FindOwn() is not { } own)
            throw Missing(stack, options.Next);
        return ResultOf((await verb(manager, own, new Relay(progress)))[0], cancellation);
    }

    private static VerbResult ResultOf(OperationReport report, CancellationToken cancellation) =>
        report.Outcome == Outcome.Interrupted ? throw new OperationCanceledException(cancellation)
        : report.Error is { } error ? throw new InstanceKitException(error.ExitCode, error.Message, error.Remedy, error)
        : new VerbResult(report.Outcome, report.Plan, report.Status);

    /// <summary>Says what keeps running after an instance went down.</summary>
    public void NoteAfterDown(InstanceSpec spec, InstanceProgress progress)
    {
        if (InstanceStore.ReadRecord(spec.Paths)?.Shared is not null)
            progress.NoteOnce("shared", $"The shared infrastructure keeps running. Stop it: {options.Next.For("Down", "shared")}");
    }

    /// <summary>Says what a restart of all that is the instance's own left alone.</summary>
    public void NoteAfterRestart(IReadOnlyList<string> names, InstanceProgress progress)
    {
        if (names.Count > 0)
            progress.Note("shared", $"Shared services were not restarted: {string.Join(", ", names)}. Restart them for all instances: {options.Next.For("Restart", "shared")}");
    }

    private Task<FileLock> TakeTurnAsync(InstanceProgress progress, CancellationToken cancellation)
    {
        FileStore.CreatePrivate(_folder);
        return FileLock.TakeAsync(
            Path.Combine(_folder, "shared.lock"), "The shared infrastructure", m => progress.Step("shared", m), LongestWait, cancellation);
    }

    /// <summary>What is shared, and the model of the workspace that it was decided from.</summary>
    private sealed record Layout(IReadOnlyList<SharedService> Services, ComposeModel Model);

    /// <summary>Shows what happens to the infrastructure under its own name; the report of the instance that waits for it gets the notes.</summary>
    private sealed class Relay(InstanceProgress progress) : IProgress<InstanceEvent>
    {
        public void Report(InstanceEvent value)
        {
            if (value.Kind == InstanceEventKind.Note)
                progress.NoteOnce(value.Subject, $"Shared infrastructure: {value.Message}");
            else
                progress.Pass(value);
        }
    }
}
