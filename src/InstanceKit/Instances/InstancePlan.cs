using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Instances;

/// <summary>Everything that an instance is, decided: ports, names, files, apps. Nothing in it has happened yet.</summary>
public sealed record InstancePlan
{
    /// <summary>What was asked for.</summary>
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

    /// <summary>Things a person should know: an external network that is shared, a missing env file.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Folders in which its services keep data, absolute; made before the containers, by whoever runs the build.</summary>
    public IReadOnlyList<string> DataFolders { get; init; } = [];

    /// <summary>SHA-256 of each source that the files are made from, by its name: <c>backend/.env</c>, or "the port plan".</summary>
    public IReadOnlyDictionary<string, string> MadeFrom { get; init; } = new Dictionary<string, string>();

    /// <summary>Those of an engine's networks and volumes that carry the project's label, or that Compose would use for the instance.</summary>
    public IReadOnlyList<EngineResource> ResourcesIn(IEnumerable<EngineResource> all)
    {
        var names = Model.Networks.Where(n => !n.IsExternal).Select(n => ("network", $"{Spec.Project}_{n.Key}"))
            .Concat(Model.Volumes.Where(v => !v.IsExternal).Select(v => ("volume", $"{Spec.Project}_{v.Key}"))).ToHashSet();
        return [.. all.Where(r => r.Project == Spec.Project || names.Contains((r.Kind, r.Name)))];
    }

    /// <summary>The sources from which other files are made, and a file is not.</summary>
    public IReadOnlySet<string> SourcesOfOthers(GeneratedFile file) =>
        Files.SelectMany(SourcesOf).Except(SourcesOf(file)).ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> SourcesOf(GeneratedFile file) =>
        file.Source is { } source ? [source, .. file.FurtherSources] : file.FurtherSources;
}
