using InstanceKit.Addresses;
using InstanceKit.Compose;
using InstanceKit.Env;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Ports;
using InstanceKit.Stacks;
using YamlDotNet.RepresentationModel;

namespace InstanceKit.Setup;

/// <summary>Plans everything of an instance, from its spec and the workspace.</summary>
internal static class InstancePlanner
{
    /// <summary>How many unknown mentions are noted.</summary>
    internal const int MostNotes = 3;

    private const string BlockTitle = "ShipSec.Build";

    /// <summary>Plans an instance.</summary>
    /// <param name="model">The workspace's compose model, read under the instance's project name.</param>
    /// <param name="sources">The env source of each app that has one, by the app's short name.</param>
    /// <param name="recorded">
    /// The recorded ports and address ranges, which never change; <see langword="null"/> to plan again.
    /// </param>
    /// <param name="configs">Files that are mounted into services; <see langword="null"/> for none.</param>
    /// <param name="heldRanges">Address ranges that other instances of the machine have; <see langword="null"/> for none.</param>
    /// <param name="otherPorts">The recorded ports of the workspace's other instances; <see langword="null"/> for none.</param>
    /// <param name="scan">What the sources of the workspace contain; <see langword="null"/> if they are not searched.</param>
    /// <exception cref="InstanceKitException">The ports or address ranges can't be assigned.</exception>
    public static InstancePlan Create(
        InstanceSpec spec, ComposeModel model, IReadOnlyDictionary<string, EnvSource> sources, InstanceRecord? recorded = null,
        ConfigSources? configs = null, IReadOnlyList<string>? heldRanges = null, IReadOnlyList<PortPlan>? otherPorts = null,
        SourceScan? scan = null)
    {
        PortPlanner.RequireOneUser(spec.Stack, model);
        // What is recorded of shared services are the infrastructure's ports, not the instance's.
        var known = recorded is null ? null : recorded.Ports with { Assignments = [.. recorded.Ports.Own] };
        var ports = PortPlanner.Plan(spec.Stack, model.Ports, spec.Number, known, otherPorts);
        if (spec.Shared is { } part)
            (ports, model) = (ports.WithShared(part.Services, part.Ports), model.Without(part.Services));
        var subnets = SubnetPlanner.Plan(model.Networks, spec.Number, recorded?.Subnets, heldRanges);
        var translator = spec.TranslatorFor(ports, subnets, model);
        var set = ConfigSet.Of(model, translator, spec.Paths.Directory, configs ?? ConfigSources.None);
        var isolation = ComposeOverride.Create(model, spec, ports, subnets, set);
        var files = set.Files.ToList();
        var apps = new List<AppPlan>();
        var mentions = isolation.Mentions.ToList();
        var audit = new SourceAudit(spec, model, scan ?? SourceScan.None, translator, Covered(spec, model, configs));
        foreach (var app in spec.Stack.Apps)
        {
            var source = sources.GetValueOrDefault(app.Name);
            var layered = source is null ? [] : EnvLayers.Decide(source, translator, mentions);
            var document = DotEnvDocument.Parse(source?.Text ?? "");
            IReadOnlyList<KeyValuePair<string, string>> own = [.. layered, .. spec.WithTenants(InstanceVariables.For(spec, ports, app), ports)];
            var patch = EnvPatch.Apply(document, translator, own, BlockTitle, source?.Path ?? "", audit.DefaultsFor(app, document, own));
            audit.Remember(app, patch.Assumed);
            mentions.AddRange(patch.Mentions);
            files.Add(new GeneratedFile($"{app.Name}.env", patch.Document.ToString(), source?.Path)
            {
                FurtherSources = source is { Layers.Count: > 0 } ? [.. source.Layers.Select(l => l.Path)] : [],
            });
            apps.Add(new AppPlan
            {
                Definition = app,
                ProcessName = spec.ProcessNameOf(app),
                Assumed = patch.Assumed,
                Port = app.PortName is { } name ? ports.PortOf(name) : null,
                Needs = app.WaitsForServices ? NeedsOf(patch.AddressedBasePorts, model, ports) : [],
            });
        }

        mentions.AddRange(audit.Mentions());
        mentions = Answered(mentions, spec.Stack.Literals);
        if (spec.Shared is { Tenants: var tenants })
            files.Add(new GeneratedFile(Path.GetFileName(spec.Paths.Tenants), TenantStore.Write([.. tenants.Values])));
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
            Notes = [.. spec.Stack.Notes, .. NotesOnApps(spec), .. PortNotes.Of(spec.Stack, model.Ports, ports), .. isolation.Notes, .. set.Notes, .. Unknown(mentions).Take(MostNotes)],
            Mentions = mentions,
            DataFolders = isolation.DataFolders,
        };
    }

    private static IEnumerable<string> NotesOnApps(InstanceSpec spec)
    {
        var unknown = spec.Number == 0 ? [] : spec.Stack.Apps.Where(a => a.PortName is null && a.ConfigName is not null).Select(a => a.Name).ToList();
        return unknown.Count == 0 ? [] :
        [
            $"No port is known of {(unknown.Count == 1 ? "app" : "apps")} {string.Join(", ", unknown)}. If {(unknown.Count == 1 ? "it" : "one of them")} listens on one, "
                + $"name it in instancekit.yml, so that it can move: ports: {{named: {{MY_PORT: {{base: 4000, app: {unknown[0]}}}}}}}",
        ];
    }

    /// <summary>The unknown mentions as notes, each once.</summary>
    internal static IEnumerable<string> Unknown(IEnumerable<Mention> mentions) =>
        mentions.Where(m => m.Decision == MentionDecision.Unknown).Select(m => $"{m.Where} names {m.What}: {m.Reason}.").Distinct();

    /// <summary>The mentions with the answers of the stack file.</summary>
    internal static List<Mention> Answered(IEnumerable<Mention> mentions, LiteralRules rules) =>
    [
        .. mentions.Select(m => m.Decision == MentionDecision.Unknown && rules.Accepts(m.Where, m.What)
            ? m with { Decision = MentionDecision.Kept, Reason = "the stack file accepts it" } : m),
    ];

    /// <summary>The files whose texts are translated as what they are: the PM2 config, compose files, mounted files.</summary>
    private static HashSet<string> Covered(InstanceSpec spec, ComposeModel model, ConfigSources? configs) =>
    [
        .. spec.Stack.ComposeFiles, .. new[] { spec.Stack.Pm2Config, spec.Stack.StackFile }.OfType<string>(),
        .. (configs?.Mounted ?? []).Concat(configs?.Entries.Values ?? []).Select(c => c.Path),
        .. model.Services.SelectMany(s => s.Mounts).Where(m => m.Source is not null).Select(m => spec.Paths.Relative(m.Source!)),
    ];

    /// <summary>An app needs the services whose published ports its variables address.</summary>
    private static List<AppNeed> NeedsOf(IReadOnlyList<int> addressed, ComposeModel model, PortPlan ports) =>
    [
        .. model.Ports.Where(p => p.Protocol == "tcp" && p.BasePort is { } port && addressed.Contains(port))
            .Select(p => new AppNeed(p.Service, ports.Of(p)!.Port))
            .Distinct(),
    ];
}

/// <summary>Writes an override as YAML, with the merge tags that Compose supports since 2.24.4.</summary>
/// <remarks>
/// Compose appends lists when it merges: without <c>!override</c>, the base port would stay published in addition to the
/// instance's, and without <c>!reset</c> a fixed container name would stay.
/// </remarks>
internal static class ComposeOverrideWriter
{
    /// <summary>Writes the file's whole text.</summary>
    public static string Write(ComposeOverride model, string project)
    {
        var root = new YamlMappingNode();
        root.AddSection(
            "services", [.. model.Services.Select(s => KeyValuePair.Create(s.Name, (YamlNode)ServiceOverrideWriter.Write(s))), .. model.Shared.Select(s => KeyValuePair.Create(s, (YamlNode)YamlNodes.Reset))],
            s => s.Key, s => s.Value);
        root.AddSection("networks", model.Networks, n => n.Key, n => Resource(n, model.Labels));
        root.AddSection("volumes", model.Volumes, v => v.Key, v => Resource(v, model.Labels));
        foreach (var section in model.Configs.GroupBy(c => c.Entry.Section))
            root.AddSection(section.Key, section.ToList(), c => c.Entry.Key, ConfigEntry.Write);

        using var text = new StringWriter { NewLine = "\n" };
        text.WriteLine($"# Generated for {project}: its own ports, names, network and volumes. An edited file is kept;");
        text.WriteLine("# 'InitInstance --force' overwrites it and saves the edited one as *.bak.");
        new YamlStream(new YamlDocument(root)).Save(text, assignAnchors: false);
        return text.ToString().TrimEnd('.', '\n') + "\n";
    }

    private static YamlMappingNode Resource(ResourceOverride resource, IReadOnlyDictionary<string, string> labels)
    {
        var node = new YamlMappingNode();
        if (resource.Name is { } name)
            node.Add("name", name);
        foreach (var key in resource.IsReplaced ? new[] { "external", "driver", "driver_opts" } : [])
            node.Add(key, YamlNodes.Reset);
        if (resource.Ranges.Count > 0)
            node.Add("ipam", SubnetOverride.Write(resource.Ranges));
        if (resource.DriverOptions.Count > 0)
            node.Add("driver_opts", YamlNodes.Mapping(resource.DriverOptions));
        node.Add("labels", YamlNodes.Mapping(labels.ToDictionary(l => l.Key, l => YamlNodes.Escaped(l.Value))));
        return node;
    }
}
