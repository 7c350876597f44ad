using InstanceKit.Instances;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Generation;

/// <summary>Decides everything that an instance is, from its spec and what the workspace holds.</summary>
public static class InstancePlanner
{
    private const string BlockTitle = "ShipSec.Build";

    /// <summary>Plans an instance.</summary>
    /// <param name="spec">The instance.</param>
    /// <param name="model">The workspace's compose model, read under the instance's project name.</param>
    /// <param name="sources">The env source of each app that has one, by the app's short name.</param>
    /// <param name="recorded">
    /// What the instance was made as: its ports and address ranges never shift; <see langword="null"/> to plan afresh.
    /// </param>
    /// <param name="configs">Files that services are given; <see langword="null"/> for none.</param>
    /// <param name="heldRanges">Address ranges that other instances of the machine have; <see langword="null"/> for none.</param>
    /// <exception cref="InstanceKitException">The ports or address ranges can't be given.</exception>
    public static InstancePlan Create(
        InstanceSpec spec, ComposeModel model, IReadOnlyDictionary<string, EnvSource> sources, InstanceRecord? recorded = null,
        ConfigSources? configs = null, IReadOnlyList<string>? heldRanges = null)
    {
        var ports = PortPlanner.Plan(spec.Stack, model.Ports, spec.Number, recorded?.Ports);
        var subnets = SubnetPlanner.Plan(model.Networks, spec.Number, recorded?.Subnets, heldRanges);
        var set = ConfigSet.Of(model, spec, ports, subnets, configs ?? ConfigSources.None);
        var isolation = ComposeOverride.Create(model, spec, ports, subnets, set);
        var files = set.Files.ToList();
        var apps = new List<AppPlan>();
        var literals = AppLiterals.Of(spec, ports, subnets);
        foreach (var app in spec.Stack.Apps)
        {
            var source = sources.GetValueOrDefault(app.Name);
            var layered = source is null ? [] : EnvLayers.Decide(source, literals);
            var patch = EnvPatch.Apply(
                DotEnvDocument.Parse(source?.Text ?? ""), literals, [.. layered, .. InstanceVariables.For(spec, ports, app)], BlockTitle);
            files.Add(new GeneratedFile($"{app.Name}.env", patch.Document.ToString(), source?.Path)
            {
                FurtherSources = source is { Layers.Count: > 0 } ? [.. source.Layers.Select(l => l.Path)] : [],
            });
            apps.Add(new AppPlan
            {
                Definition = app,
                ProcessName = spec.ProcessNameOf(app),
                Port = app.PortName is { } name ? ports.PortOf(name) : null,
                Needs = app.WaitsForServices ? NeedsOf(patch.AddressedBasePorts, model, ports) : [],
            });
        }

        files.Add(new GeneratedFile(
            Path.GetFileName(spec.Paths.Override), ComposeOverrideWriter.Write(isolation, spec.Project)));
        return new InstancePlan
        {
            Spec = spec,
            Ports = ports,
            Subnets = subnets,
            Files = files,
            Apps = apps,
            Model = model,
            Notes = [.. isolation.Notes, .. set.Notes],
            DataFolders = isolation.DataFolders,
        };
    }

    /// <summary>An app needs the services whose published ports its variables address.</summary>
    private static List<AppNeed> NeedsOf(IReadOnlyList<int> addressed, ComposeModel model, PortPlan ports) =>
    [
        .. model.Ports.Where(p => p.Protocol == "tcp" && p.BasePort is { } port && addressed.Contains(port))
            .Select(p => new AppNeed(p.Service, ports.Of(p)!.Port))
            .Distinct(),
    ];
}
