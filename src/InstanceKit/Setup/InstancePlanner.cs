using InstanceKit.Compose;
using InstanceKit.Env;
using InstanceKit.Generation;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Ports;
using InstanceKit.Stacks;
using YamlDotNet.RepresentationModel;

namespace InstanceKit.Setup;

/// <summary>Plans everything of an instance, from its spec and the workspace.</summary>
public static class InstancePlanner
{
    private const string BlockTitle = "ShipSec.Build";

    /// <summary>Plans an instance.</summary>
    /// <param name="model">The workspace's compose model, read under the instance's project name.</param>
    /// <param name="sources">The env source of each app that has one, by the app's short name.</param>
    /// <param name="recorded">
    /// The recorded ports and address ranges, which never change; <see langword="null"/> to plan again.
    /// </param>
    /// <param name="configs">Files that are mounted into services; <see langword="null"/> for none.</param>
    /// <param name="heldRanges">Address ranges that other instances of the machine have; <see langword="null"/> for none.</param>
    /// <exception cref="InstanceKitException">The ports or address ranges can't be assigned.</exception>
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

/// <summary>Writes an override as YAML, with the merge tags that Compose supports since 2.24.4.</summary>
/// <remarks>
/// Compose appends lists when it merges: without <c>!override</c>, the base port would stay published in addition to the
/// instance's, and without <c>!reset</c> a fixed container name would stay.
/// </remarks>
public static class ComposeOverrideWriter
{
    /// <summary>Writes the file's whole text.</summary>
    public static string Write(ComposeOverride model, string project)
    {
        var root = new YamlMappingNode();
        root.AddSection("services", model.Services, s => s.Name, ServiceOverrideWriter.Write);
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
        if (resource.Ranges.Count > 0)
            node.Add("ipam", SubnetOverride.Write(resource.Ranges));
        if (resource.DriverOptions.Count > 0)
            node.Add("driver_opts", YamlNodes.Mapping(resource.DriverOptions));
        node.Add("labels", YamlNodes.Mapping(labels.ToDictionary(l => l.Key, l => YamlNodes.Escaped(l.Value))));
        return node;
    }
}

/// <summary>Makes an app's env file fit for one instance.</summary>
public static class EnvPatch
{
    /// <summary>
    /// Translates addresses of this stack, then sets the keys of <paramref name="set"/>: in place where
    /// the document has them, every time, else in a marked block. What does not change stays as it is, character by
    /// character; comments are never touched.
    /// </summary>
    /// <param name="source">The app's env file.</param>
    /// <param name="literals">Points values to the instance.</param>
    /// <param name="set">The instance's own values, in the order to append them; of one key, the last counts.</param>
    /// <param name="blockTitle">What the block of added keys is called, on one line, without quotes.</param>
    /// <exception cref="InstanceKitException">Exit code 2: a key is not valid, or a value can't be written.</exception>
    public static EnvPatchResult Apply(
        DotEnvDocument source, AppLiterals literals, IReadOnlyList<KeyValuePair<string, string>> set, string blockTitle)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(literals);
        ArgumentNullException.ThrowIfNull(set);
        var own = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in set) own[key] = value;

        var causes = new Dictionary<int, string>();
        var values = EffectiveValues(source, own);
        var document = source;
        for (var index = 0; index < source.Entries.Count; index++)
        {
            var entry = source.Entries[index];
            var (value, cause) = own.TryGetValue(entry.Key, out var wanted)
                ? (wanted, EnvCause.Set)
                : Translated(entry, literals, values);
            if (value == entry.Value) continue;
            document = document.WithValueAt(index, value);
            causes[index] = cause;
        }

        var known = source.Entries.Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal);
        var missing = set.Select(pair => pair.Key).Distinct(StringComparer.Ordinal).Where(key => !known.Contains(key))
            .Select(key => KeyValuePair.Create(key, own[key])).ToList();
        if (missing.Count > 0) document = document.WithAdded(blockTitle, missing);

        return new EnvPatchResult
        {
            Document = document,
            Changes = Changes(source, document, causes, known),
            AddressedBasePorts = AddressedBasePorts(document.EffectiveValues(), literals),
        };
    }

    private static (string Value, string Cause) Translated(
        DotEnvEntry entry, AppLiterals literals, IReadOnlyDictionary<string, string> values) =>
        literals.PortOf(entry.Key, entry.Value, values) is { } port
            ? (port.ToString(), EnvCause.Port)
            : (literals.Patch(entry.Key, entry.Value), EnvCause.Address);

    private static Dictionary<string, string> EffectiveValues(DotEnvDocument source, Dictionary<string, string> own)
    {
        var values = new Dictionary<string, string>(source.EffectiveValues(), StringComparer.Ordinal);
        foreach (var (key, value) in own) values[key] = value;
        return values;
    }

    private static List<EnvChange> Changes(
        DotEnvDocument source, DotEnvDocument final, Dictionary<int, string> causes, HashSet<string> known)
    {
        var changes = new List<EnvChange>();
        var added = new List<EnvChange>();
        var index = 0;
        foreach (var entry in final.Entries)
        {
            if (!known.Contains(entry.Key))
            {
                added.Add(new EnvChange(entry.Key, entry.Line, null, entry.Value, EnvCause.Added));
                continue;
            }

            if (causes.TryGetValue(index, out var cause))
                changes.Add(new EnvChange(entry.Key, entry.Line, source.Entries[index].Value, entry.Value, cause));
            index++;
        }

        return [.. changes, .. added];
    }

    private static int[] AddressedBasePorts(IReadOnlyDictionary<string, string> values, AppLiterals literals)
    {
        var addressed = new SortedSet<int>();
        foreach (var (key, value) in values)
        {
            var named = HostAddressScanner.Find(value, literals.Hosts).Select(address => address.Port);
            if (EnvPortKey.LocalPort(key, value, values, literals.Hosts) is { } port) named = named.Append(port);
            addressed.UnionWith(named.Select(literals.Ports.BaseOf).OfType<int>());
        }

        return [.. addressed];
    }
}

/// <summary>An env file adapted to one instance.</summary>
public sealed record EnvPatchResult
{
    /// <summary>The patched document.</summary>
    public required DotEnvDocument Document { get; init; }

    /// <summary>What changed, in the order of the document; added keys last.</summary>
    public required IReadOnlyList<EnvChange> Changes { get; init; }

    /// <summary>
    /// The base ports of the ports of this instance that the document's expanded values refer to, ascending: by
    /// an address or by a port key. The app's own port is among them when the document names it.
    /// </summary>
    public required IReadOnlyList<int> AddressedBasePorts { get; init; }
}

/// <summary>Why a value of an env file changed.</summary>
public static class EnvCause
{
    /// <summary>The value contains an address of this stack on the local host.</summary>
    public const string Address = "address of this stack";

    /// <summary>The key is a port key, and its value a base port of this stack.</summary>
    public const string Port = "port of this stack";

    /// <summary>The instance sets the key to another value.</summary>
    public const string Set = "set for the instance";

    /// <summary>The instance needs the key and the file lacked it.</summary>
    public const string Added = "added for the instance";
}

/// <summary>One value of an env file that the patch changed or added.</summary>
/// <remarks>The values may contain passwords: show keys and causes, not values.</remarks>
/// <param name="Key">The name.</param>
/// <param name="Line">The line of the key in the patched document, from 1.</param>
/// <param name="From">The decoded value before; null for an added key.</param>
/// <param name="To">The decoded value now.</param>
/// <param name="Cause">One of the texts of <see cref="EnvCause"/>.</param>
public sealed record EnvChange(string Key, int Line, string? From, string To, string Cause);
