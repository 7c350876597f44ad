using InstanceKit.Addresses;
using InstanceKit.Engine;
using InstanceKit.Models;
using InstanceKit.Platform;
using InstanceKit.Ports;
using InstanceKit.Stacks;
using InstanceKit.Tenants;

namespace InstanceKit.Instances;

/// <summary>Everything that an instance is, decided: ports, names, files, apps. Nothing in it has happened yet.</summary>
internal sealed record InstancePlan
{
    /// <summary>The requested instance.</summary>
    public required InstanceSpec Spec { get; init; }

    /// <summary>Its ports.</summary>
    public required PortPlan Ports { get; init; }

    /// <summary>Its fixed address ranges.</summary>
    public SubnetPlan Subnets { get; init; } = SubnetPlan.Empty;

    /// <summary>The files to generate.</summary>
    public required IReadOnlyList<GeneratedFile> Files { get; init; }

    /// <summary>Its apps.</summary>
    public required IReadOnlyList<AppPlan> Apps { get; init; }

    /// <summary>The compose model of the workspace, before the override.</summary>
    public required ComposeModel Model { get; init; }

    /// <summary>Notes for the user: a shared external network, a missing env file.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Every place in the workspace's files that names a part of the stack, and what became of it.</summary>
    public IReadOnlyList<Mention> Mentions { get; init; } = [];

    /// <summary>Absolute paths of its services' data directories; created before the containers, with the user's ownership.</summary>
    public IReadOnlyList<string> DataFolders { get; init; } = [];

    /// <summary>SHA-256 of each source of the generated files, by its name: <c>backend/.env</c>, or "the port plan".</summary>
    public IReadOnlyDictionary<string, string> MadeFrom { get; init; } = new Dictionary<string, string>();

    /// <summary>Those of an engine's networks and volumes that carry the project's label, or that Compose would use for the instance.</summary>
    public IReadOnlyList<EngineResource> ResourcesIn(IEnumerable<EngineResource> all)
    {
        var names = Model.Networks.Where(n => !n.IsExternal).Select(n => ("network", $"{Spec.Project}_{n.Key}"))
            .Concat(Model.Volumes.Where(v => !v.IsExternal).Select(v => ("volume", $"{Spec.Project}_{v.Key}"))).ToHashSet();
        return [.. all.Where(r => r.Project == Spec.Project || names.Contains((r.Kind, r.Name)))];
    }

    /// <summary>The sources of other files that do not affect a file.</summary>
    public IReadOnlySet<string> SourcesOfOthers(GeneratedFile file) =>
        Files.SelectMany(SourcesOf).Except(SourcesOf(file)).ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> SourcesOf(GeneratedFile file) =>
        file.Source is { } source ? [source, .. file.FurtherSources] : file.FurtherSources;
}

/// <summary>A requested instance, validated.</summary>
/// <param name="Stack">What it runs.</param>
/// <param name="Workspace">The workspace's absolute path.</param>
/// <param name="Number">The instance's number, 0 or more.</param>
public sealed record InstanceSpec(StackDefinition Stack, string Workspace, int Number)
{
    /// <summary>At the beginning of a sentence: "Instance 1", or "Shared infrastructure" for what instances share.</summary>
    public string Title => StackDefinition.TitleOf(Number, Project);

    /// <summary>Within a sentence: "instance 1", or "the shared infrastructure".</summary>
    public string Name => StackDefinition.NameOf(Number, Project);

    /// <summary>The Compose project.</summary>
    public string Project => Stack.ProjectOf(Number);

    /// <summary>Where its files lie.</summary>
    public InstancePaths Paths => new(Workspace, Number);

    /// <summary>What it has of the shared infrastructure; <see langword="null"/> where all services are its own.</summary>
    internal SharedPart? Shared { get; init; }

    /// <summary>Marks the processes of this instance in their environment, so that no other processes are ever stopped.</summary>
    public string OwnerMarker => ProcessMarks.OwnerOf(Project, Workspace);

    /// <summary>The labels of its containers, networks and volumes.</summary>
    public IReadOnlyDictionary<string, string> Labels => new SortedDictionary<string, string>
    {
        [InstanceLabels.Instance] = Number.ToString(),
        [InstanceLabels.Stack] = Stack.Name,
        [InstanceLabels.Workspace] = Workspace,
    };

    /// <summary>The PM2 name of one of its apps.</summary>
    public string ProcessNameOf(AppDefinition app) => Stack.ProcessNameOf(app.Name, Number);

    /// <summary>The names of this machine in its network, in lower case.</summary>
    public IReadOnlyList<string> MachineNames { get; init; } = OfThisMachine;

    private static IReadOnlyList<string> OfThisMachine { get; } =
        Environment.MachineName.ToLowerInvariant() is { Length: > 1 } name ? [name, $"{name}.local"] : [];

    /// <summary>Points texts of the workspace to this instance, by the rules of its stack.</summary>
    /// <param name="subnets">Its address ranges; <see langword="null"/> where none is fixed.</param>
    /// <param name="model">The workspace's compose model, whose fixed names change; <see langword="null"/> to keep names.</param>
    /// <param name="isWanted">Which base ports are translated; <see langword="null"/> for all.</param>
    internal Translator TranslatorFor(
        PortPlan ports, SubnetPlan? subnets = null, ComposeModel? model = null, Func<PortAssignment, bool>? isWanted = null) => new(
        PortMap.Of(ports, Stack.Ports.SelectMany(p => p.AlsoKnownAs, (p, number) => KeyValuePair.Create(number, p.Name)), isWanted),
        subnets,
        new TranslationRules(Stack.Literals.Keeps, [.. Stack.Literals.Hosts, .. MachineNames.Where(n => model is null || !IsNameOf(model, n))],
        [
            .. Stack.Literals.Replacements.Select(r => KeyValuePair.Create(
                r.Find, InstanceTemplate.Expand(r.With, Number, Stack.Name, Project, ports.PortOf))),
        ]),
        model is null ? [] : [.. NamesOf(model)],
        Shared is null ? null : new TenantText(Shared.Tenants));

    /// <summary>The same, for texts that are shown.</summary>
    internal InstanceSpec WithoutPasswords() => Shared is not { } part ? this : this with
    {
        Shared = part with { Tenants = part.Tenants.ToDictionary(t => t.Key, t => t.Value with { Password = t.Value.Password is null ? null : "***" }) },
    };

    /// <summary>The variables that it sets, with its tenants.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> WithTenants(IReadOnlyList<KeyValuePair<string, string>> variables, PortPlan ports)
    {
        if (Shared is null)
            return variables;
        // The ports in them are the instance's already.
        var translator = TranslatorFor(ports with { Assignments = [.. ports.Assignments.Select(a => a with { BasePort = a.Port })] });
        var values = variables.DistinctBy(v => v.Key).ToDictionary(StringComparer.Ordinal);
        return [.. variables.Select(v => KeyValuePair.Create(v.Key, translator.Translate(v.Value, ReaderPlace.HostApp, v.Key, values).Text))];
    }

    /// <summary>Whether containers find a service by this name, rather than the machine.</summary>
    private static bool IsNameOf(ComposeModel model, string name) => model.Services.Any(s =>
        s.Networks.SelectMany(n => n.Aliases).Concat(s.ExtraHosts.Select(h => h.Key)).Append(s.Name).Append(s.ContainerName).Append(s.Hostname)
            .Contains(name, StringComparer.OrdinalIgnoreCase));

    private IEnumerable<StackName> NamesOf(ComposeModel model) =>
        model.Services.Where(s => s.ContainerName is not null)
            .Select(s => new StackName(StackNameKind.Container, s.ContainerName!, $"{Project}-{s.Name}-1"))
            .Concat(model.Networks.Where(n => !n.IsExternal).Select(n => new StackName(StackNameKind.Network, n.Name, $"{Project}_{n.Key}")))
            .Concat(model.Volumes.Where(v => !v.IsExternal).Select(v => new StackName(StackNameKind.Volume, v.Name, $"{Project}_{v.Key}")))
            .Where(n => n.Old != n.New);
}

/// <summary>What an instance has of the shared infrastructure.</summary>
/// <param name="Services">The shared services.</param>
/// <param name="Ports">The ports of the infrastructure.</param>
/// <param name="Tenants">The instance's own parts, by the ports at which it reaches the servers.</param>
internal sealed record SharedPart(IReadOnlyList<string> Services, PortPlan Ports, IReadOnlyDictionary<int, Tenant> Tenants)
{
    /// <summary>Starts the infrastructure and prepares the tenants, beside the instance's own services; <see langword="null"/> where nothing is started.</summary>
    public Func<CancellationToken, Task>? Provision { get; init; }

    /// <summary>What is recorded of an instance; <see langword="null"/> where all services are its own.</summary>
    public static SharedPart? Of(StackDefinition stack, InstancePaths paths)
    {
        if (InstanceStore.ReadRecord(paths) is not { Shared: { } services, Ports: var ports })
            return null;
        var tenants = new Dictionary<int, Tenant>();
        foreach (var tenant in TenantStore.Read(paths.Tenants))
        {
            var own = ports.Assignments.Where(a => a.IsShared && a.Owner == new PortOwner(OwnerKind.Service, tenant.Service)).ToList();
            var named = stack.Ports.FirstOrDefault(p => p.Owner.Name == tenant.Service && p.TargetPort == TenantKinds.PortOf(tenant.Kind))?.Name;
            if ((own.Find(a => a.Name == named) ?? own.FirstOrDefault()) is { } port)
                tenants[port.Port] = tenant;
        }

        return new SharedPart(services, ports, tenants);
    }
}

/// <summary>One app of one instance.</summary>
internal sealed record AppPlan
{
    /// <summary>The app as the stack declares it.</summary>
    public required AppDefinition Definition { get; init; }

    /// <summary>Its PM2 name: <c>shipsec-backend-1</c>.</summary>
    public required string ProcessName { get; init; }

    /// <summary>The port it must listen on; <see langword="null"/> for an app without one.</summary>
    public required int? Port { get; init; }

    /// <summary>The variables that are set because its sources assume instance 0; the PM2 config's own win.</summary>
    public IReadOnlyDictionary<string, string> Assumed { get; init; } = new Dictionary<string, string>();

    /// <summary>The services whose ports its env file addresses: it is started when these are ready.</summary>
    public required IReadOnlyList<AppNeed> Needs { get; init; }
}

/// <summary>A service that an app needs, and the port with which it reaches it.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Port">The instance's published port that the app's env file addresses.</param>
internal sealed record AppNeed(string Service, int Port);

/// <summary>A file of an instance as it should be.</summary>
/// <param name="Name">Its name in the instance's folder.</param>
/// <param name="Content">Its whole text.</param>
/// <param name="Source">Its source, relative to the workspace; <see langword="null"/> for none.</param>
internal sealed record GeneratedFile(string Name, string Content, string? Source = null)
{
    /// <summary>Its other sources, relative to the workspace.</summary>
    public IReadOnlyList<string> FurtherSources { get; init; } = [];

    /// <summary>Who may use it besides its owner.</summary>
    public FileAudience Audience { get; init; } = FileAudience.Owner;
}

/// <summary>The variables that an instance sets for one of its apps.</summary>
internal static class InstanceVariables
{
    /// <summary>The variables in the stack's order, then the app's own.</summary>
    /// <remarks>
    /// <c>PORT</c> is that of the backend, according to the specification, but an app with its own port gets that one:
    /// a dev server that reads <c>PORT</c> would otherwise use the backend's.
    /// </remarks>
    public static IReadOnlyList<KeyValuePair<string, string>> For(InstanceSpec spec, PortPlan ports, AppDefinition app)
    {
        var stack = spec.Stack;
        var shared = spec.Shared is null ? [] : stack.SharedVariables;
        var result = stack.Variables.Concat(app.Variables).Concat(shared)
            .Select(v => KeyValuePair.Create(
                v.Key, InstanceTemplate.Expand(v.Value, spec.Number, stack.Name, spec.Project, ports.PortOf)))
            .ToList();
        if (app.PortName is { } own)
        {
            var at = result.FindIndex(v => v.Key == "PORT");
            var value = KeyValuePair.Create("PORT", ports.PortOf(own).ToString());
            if (at >= 0)
                result[at] = value;
            else
                result.Add(value);
        }

        return result;
    }
}
