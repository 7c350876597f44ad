using InstanceKit.Drivers;
using InstanceKit.Instances;
using InstanceKit.Generation;
using InstanceKit.Ports;
using InstanceKit.Stacks;
using InstanceKit.Status;

namespace InstanceKit.Lifecycle;

/// <summary>Looks at a workspace: the ports of the chosen instances, and what could stand for its containers.</summary>
internal sealed class WorkspaceProbe(DoctorOptions options)
{
    /// <summary>The number that is looked at where none was chosen and none exists.</summary>
    private const int FirstInstance = 1;

    private readonly EmbeddedTools _tools =
        new(options.ToolsDirectory, Environment.GetEnvironmentVariable("PATH") ?? "", _ => { });

    public async Task<WorkspaceFact> LookAsync(CancellationToken cancellation)
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
            reason => WithoutWorkspace(problem ?? InstanceKitException.Usage($"Workspace '{options.Workspace}' can't be read: {reason}", "Give another folder with --workspace.")),
            cancellation);
        return fact;
    }

    private async Task<WorkspaceFact> ReadAsync(string workspace, CancellationToken cancellation)
    {
        var (root, stack) = await StackLoader.LoadAsync(
            RealPath.Of(workspace), options.StackName, options.Next, ConfigEvaluation.Never, cancellation);
        using var context = new ManagerContext(
            new ManagerOptions { Workspace = root, ToolsDirectory = options.ToolsDirectory, DryRun = true }, root, stack);
        var specs = Choose(context).Select(context.Spec).ToList();
        var model = await FindModelAsync(context, specs[0], cancellation);
        var plans = specs.ToDictionary(s => s, s => PlanPorts(s, model));
        var holders = new PortHolders(context);
        return new WorkspaceFact
        {
            Path = root,
            Infra = options.Infra ?? stack.Infra.Mode,
            Instances = await Task.WhenAll(specs.Select(async s => new InstanceFact(
                s.Number, Infrastructure.KindOf(InstanceDirectory.ReadRecord(s.Paths)) is var kind and not InfraMode.Auto ? kind : null,
                await holders.FindAsync(s, plans[s], cancellation)))),
            Providers = model is null ? OfTable() : new EmbeddedPlanner(_tools, stack.Infra.Commands).Look(specs[0], model, plans[specs[0]]),
        };
    }

    private IReadOnlyList<int> Choose(ManagerContext context)
    {
        IReadOnlyList<int> numbers = options.Selector switch
        {
            { IsAll: true } => context.Directory.ListInstances(),
            { IsAuto: true } => context.Leases.FindOwnNumber() is { } own ? [own] : [],
            { } selector => selector.Numbers,
            null => [],
        };
        return numbers.Count > 0 ? numbers : [FirstInstance];
    }

    // Without a model only the ports that the stack itself names are known, and those of records.
    private static PortPlan PlanPorts(InstanceSpec spec, ComposeModel? model)
    {
        var record = InstanceDirectory.ReadRecord(spec.Paths);
        return model is null && record is not null ? record.Ports : PortPlanner.Plan(spec.Stack, model?.Ports ?? [], spec.Number, record?.Ports);
    }

    private static Task<ComposeModel?> FindModelAsync(ManagerContext context, InstanceSpec spec, CancellationToken cancellation) =>
        Probe.AskAsync<ComposeModel?>(
            async token => (await context.Models.ReadAsync(spec, withOverride: false, token)).Model, _ => null, cancellation);

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

    public IReadOnlyList<InstanceFact> Instances { get; init; } = [];

    public required IReadOnlyList<ProviderFact> Providers { get; init; }
}
