using InstanceKit.Compose;
using InstanceKit.Engine;
using InstanceKit.Infra;
using InstanceKit.Instances;
using InstanceKit.Leases;
using InstanceKit.Models;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Ports;
using InstanceKit.Stacks;
using InstanceKit.Verbs;

namespace InstanceKit.Doctor;

/// <summary>Examines a workspace: the ports of the chosen instances, and what could replace its containers.</summary>
internal sealed class WorkspaceProbe(DoctorOptions options)
{
    /// <summary>The number that is examined when none was chosen and none exists.</summary>
    private const int FirstInstance = 1;

    private readonly EmbeddedTools _tools =
        new(options.ToolsDirectory, Environment.GetEnvironmentVariable("PATH") ?? "", _ => { });

    public async Task<WorkspaceFact> CollectFactsAsync(CancellationToken cancellation)
    {
        if (options.Workspace is null)
            return WithoutWorkspace(options.WorkspaceProblem);
        InstanceKitException? problem = null;
        var fact = await Probe.AskAsync(
            async token =>
            {
                try
                {
                    return await ReadAsync(options.Workspace, token);
                }
                catch (InstanceKitException e)
                {
                    problem = e;
                    throw;
                }
            },
            reason => WithoutWorkspace(problem ?? InstanceKitException.Usage($"Workspace '{options.Workspace}' can't be read: {reason}", "Pass another directory with --workspace.")),
            cancellation);
        return fact;
    }

    private async Task<WorkspaceFact> ReadAsync(string workspace, CancellationToken cancellation)
    {
        var (root, stack) = await StackReader.LoadAsync(
            RealPath.Of(workspace), options.StackName, options.Next, ConfigEvaluation.Never, cancellation);
        if (options.Selector is { IsShared: true })
            (stack, root) = SharedInfrastructure.FindWorkspace(stack, LeaseStore.OfUser()) ?? throw SharedInfrastructure.Missing(stack, options.Next);
        var engine = new Lazy<EngineClient>(() => new EngineClient());
        try
        {
            var models = new ComposeModels(new ComposeModelStore(root), isReadOnly: true);
            var specs = Choose(root, stack, models, engine).Select(n => new InstanceSpec(stack, root, n)).ToList();
            var model = await FindModelAsync(models, specs[0], cancellation);
            var plans = specs.ToDictionary(s => s, s => PlanPorts(s, model));
            var holders = new PortHolders(engine);
            return new WorkspaceFact
            {
                Path = root,
                Infra = options.Infra ?? stack.Infra.Mode,
                Packages = PackagesOf(root),
                Instances = await Task.WhenAll(specs.Select(s => DescribeAsync(s, plans[s], holders, cancellation))),
                Providers = model is null ? OfTable() : new EmbeddedPlanner(_tools, stack.Infra.Commands).Look(specs[0], model, plans[specs[0]]),
            };
        }
        finally
        {
            if (engine.IsValueCreated)
                engine.Value.Dispose();
        }
    }

    private static async Task<InstanceFact> DescribeAsync(InstanceSpec spec, PortPlan plan, PortHolders holders, CancellationToken cancellation)
    {
        var record = InstanceStore.ReadRecord(spec.Paths);
        var kind = InstanceRecord.InfraOf(record);
        return new InstanceFact(spec.Number, kind is InfraMode.Auto ? null : kind, await holders.FindAsync(spec, plan, cancellation))
        {
            Untranslated = record?.Open,
            IsShared = spec.Stack.IsShared,
        };
    }

    private static PackagesFact? PackagesOf(string root) =>
        new PackageRunner(root) is { Manager: { } manager } packages ? new PackagesFact(manager, packages.IsNeeded ? packages.Cause : null) : null;

    private IReadOnlyList<int> Choose(string root, StackDefinition stack, ComposeModels models, Lazy<EngineClient> engine)
    {
        var store = new InstanceStore(root);
        var leases = new LeaseKeeper(
            new ManagerOptions { Workspace = root, ToolsDirectory = options.ToolsDirectory, DryRun = true }, root, stack, store,
            LeaseStore.OfUser(), models, engine, TimeProvider.System);
        IReadOnlyList<int> numbers = options.Selector switch
        {
            { IsAll: true } => store.ListInstances(),
            { IsAuto: true } or { IsShared: true } => leases.FindOwnNumber() is { } own ? [own] : [],
            { } selector => selector.Numbers,
            null => [],
        };
        return numbers.Count > 0 ? numbers : [FirstInstance];
    }

    // Without a model, only the named ports of the stack and those of records are known.
    private static PortPlan PlanPorts(InstanceSpec spec, ComposeModel? model)
    {
        var record = InstanceStore.ReadRecord(spec.Paths);
        return model is null || record?.Shared is not null
            ? PortPlanner.Known(spec.Stack, spec.Number, record?.Ports)
            : PortPlanner.Plan(spec.Stack, model.Ports, spec.Number, record?.Ports, new InstanceStore(spec.Workspace).PortsOfOthers(spec));
    }

    private static Task<ComposeModel?> FindModelAsync(ComposeModels models, InstanceSpec spec, CancellationToken cancellation) =>
        Probe.AskAsync<ComposeModel?>(
            async token => (await models.ReadAsync(spec, withOverride: false, token)).Model, _ => null, cancellation);

    private WorkspaceFact WithoutWorkspace(InstanceKitException? problem) => new()
    {
        Path = null, Problem = problem, Infra = options.Infra ?? InfraMode.Auto, Providers = OfTable(),
    };

    private IReadOnlyList<ProviderFact> OfTable() =>
        [.. EmbeddedProviders.All.Select(p => new ProviderFact(p.Images[0], _tools.Look(p), p.Needs))];
}

/// <summary>What was found of a workspace.</summary>
internal sealed record WorkspaceFact
{
    public required string? Path { get; init; }

    public InstanceKitException? Problem { get; init; }

    public required InfraMode Infra { get; init; }

    public PackagesFact? Packages { get; init; }

    public IReadOnlyList<InstanceFact> Instances { get; init; } = [];

    public required IReadOnlyList<ProviderFact> Providers { get; init; }
}

/// <summary>Finds out who uses the ports of an instance.</summary>
internal sealed class PortHolders(Lazy<EngineClient> engine)
{
    /// <summary>The TCP ports of the plan, each with its holder.</summary>
    public async Task<IReadOnlyList<PortFact>> FindAsync(InstanceSpec spec, PortPlan plan, CancellationToken cancellation)
    {
        var ports = plan.Assignments.Where(a => a.Protocol == "tcp")
            .SelectMany(a => Enumerable.Range(a.Port, a.Count).Select(port => (Port: port, a.Name, a.IsShared))).DistinctBy(p => p.Port).ToList();
        var taken = PortProbe.Probe(ports.Select(p => p.Port)).ToDictionary(t => t.Port);
        var own = taken.Count == 0 ? [] : OwnedProcesses.Find(spec.OwnerMarker).Select(p => p.Pid).ToHashSet();
        return await Task.WhenAll(ports.Select(async p => p.IsShared ? new PortFact(p.Port, p.Name, PortHolder.Shared) : taken.TryGetValue(p.Port, out var holder)
            ? await DescribeAsync(new PortFact(p.Port, p.Name, PortHolder.Other), holder, spec, own, cancellation)
            : new PortFact(p.Port, p.Name, PortHolder.Nobody)));
    }

    private async Task<PortFact> DescribeAsync(
        PortFact fact, TakenPort taken, InstanceSpec spec, HashSet<int> own, CancellationToken cancellation)
    {
        if (taken.Pid is { } pid && own.Contains(pid))
            return fact with { Holder = PortHolder.Instance };
        if (await FindPublisherAsync(taken.Port, cancellation) is var (id, name, project))
            return project == spec.Project ? fact with { Holder = PortHolder.Instance } : fact with { Who = $"container {name} ({id})" };
        return fact with { Who = taken.Holder };
    }

    private async Task<(string Id, string Name, string? Project)?> FindPublisherAsync(int port, CancellationToken cancellation)
    {
        try
        {
            return await engine.Value.FindPublisherAsync(port, cancellation);
        }
        catch (InstanceKitException)
        {
            return null; // without an engine no container has it
        }
    }
}

/// <summary>What <see cref="MachineDoctor"/> examines.</summary>
public sealed record DoctorOptions
{
    /// <summary>The folder of this repository, with <c>global.json</c>.</summary>
    public required string RepositoryRoot { get; init; }

    /// <summary>The folder of tools that are fetched once.</summary>
    public required string ToolsDirectory { get; init; }

    /// <summary>The workspace's path; <see langword="null"/> when there is none.</summary>
    public string? Workspace { get; init; }

    /// <summary>Why there is no workspace.</summary>
    public InstanceKitException? WorkspaceProblem { get; init; }

    /// <summary>The stack name; overrides that of the workspace.</summary>
    public string? StackName { get; init; }

    /// <summary>What is to run the services; <see langword="null"/> leaves it to the stack.</summary>
    public InfraMode? Infra { get; init; }

    /// <summary>Formats the commands that findings recommend.</summary>
    public NextCommand Next { get; init; } = NextCommand.Default;

    /// <summary>The instances; <see langword="null"/> where none was chosen: then 1.</summary>
    public InstanceSelector? Selector { get; init; }
}
