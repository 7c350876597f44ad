using System.Text.RegularExpressions;
using InstanceKit.Addresses;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Ports;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace InstanceKit.Compose;

/// <summary>What an instance changes in the workspace's compose model, so that nothing ties it to another instance.</summary>
/// <param name="Services">The changes of each service, in the model's order.</param>
/// <param name="Networks">The networks that are renamed or labelled, each with its name in this instance.</param>
/// <param name="Volumes">The volumes, likewise.</param>
/// <param name="Labels">The labels of everything that is created.</param>
/// <param name="Notes">What is not changed although instances share it, and why.</param>
internal sealed record ComposeOverride(
    IReadOnlyList<ServiceOverride> Services,
    IReadOnlyList<ResourceOverride> Networks,
    IReadOnlyList<ResourceOverride> Volumes,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<string> Notes)
{
    /// <summary>The <c>configs</c> and <c>secrets</c> of which the instance has its own version.</summary>
    public IReadOnlyList<ConfigEntry> Configs { get; init; } = [];

    /// <summary>The services that the shared infrastructure runs instead.</summary>
    public IReadOnlyList<string> Shared { get; init; } = [];

    /// <summary>What texts of the services mention of the stack.</summary>
    public IReadOnlyList<Mention> Mentions { get; init; } = [];

    /// <summary>Folders of the instance in which services keep data, absolute; they must exist before the containers do.</summary>
    public IReadOnlyList<string> DataFolders { get; init; } = [];

    /// <summary>
    /// The longest time between two health checks of a service whose health Compose waits for at the start. All others are
    /// checked by the tool itself until they are healthy and keep their interval, because every check costs a process in the
    /// container for as long as the instance runs. (<c>start_interval</c> would do, but engines before 25 refuse it.)
    /// </summary>
    public static readonly TimeSpan AwaitedHealthInterval = TimeSpan.FromSeconds(2);

    /// <summary>Decides the override of one instance.</summary>
    /// <param name="model">The workspace's model, read under the instance's project name.</param>
    /// <param name="subnets">Its address ranges; <see langword="null"/> where none is fixed.</param>
    /// <param name="configs">Configuration of which it has its own version; <see langword="null"/> for none.</param>
    /// <exception cref="InstanceKitException">A service is on the host's network or shares its data, and the stack does not allow it.</exception>
    public static ComposeOverride Create(
        ComposeModel model, InstanceSpec spec, PortPlan ports, SubnetPlan? subnets = null, ConfigSet? configs = null)
    {
        RefuseHostNetwork(model, spec);
        var scope = new OverrideScope(model, spec, ports, subnets ?? SubnetPlan.Empty);
        foreach (var service in model.Services.Where(IsOnHostNetwork))
        {
            scope.Notes.Add(
                $"Service {service.Name} uses network_mode: host; its ports can't be moved and are shared by all instances.");
        }

        foreach (var service in model.Services.Where(s => scope.IsMoved && s.UsesEngine))
            scope.Notes.Add($"Service {service.Name} uses the engine's socket: it sees the containers of all instances.");
        var data = new InstanceData(scope);
        RefuseSharedData(data, spec);
        var services = BuiltImages.Part(
            SharedVariables.Agree([.. model.Services.Select(s => ServiceOverride.Create(s, scope, data).WithConfigs(spec, configs ?? ConfigSet.None))], model), scope);
        var networks = ResourceOverride.Networks(scope);
        var volumes = ResourceOverride.Volumes(scope, data);
        data.AddNotes();
        return new ComposeOverride(services, networks, volumes, spec.Labels, [.. scope.Notes.Distinct()])
        {
            DataFolders = data.Folders,
            Shared = spec.Shared?.Services ?? [],
            Mentions = [.. services.SelectMany(s => s.Mentions), .. configs?.Mentions ?? []],
            Configs = configs?.Entries ?? [],
        };
    }

    private static void RefuseSharedData(InstanceData data, InstanceSpec spec)
    {
        if (spec.Stack.AllowsSharedData || data.Shared is not { Count: > 0 } shared)
            return;
        throw InstanceKitException.Usage(
            $"{spec.Title} would write to the data of instance 0, which is outside of the workspace: {string.Join(", ", shared)}.",
            "Give each instance its own in instancekit.yml with 'data: own', or let all instances share it with 'allow: [shared-data]'.");
    }

    private static bool IsOnHostNetwork(ComposeService service) => service.NetworkMode == "host";

    private static void RefuseHostNetwork(ComposeModel model, InstanceSpec spec)
    {
        if (spec.Stack.AllowsHostNetwork || model.Services.FirstOrDefault(IsOnHostNetwork) is not { } service)
            return;
        throw InstanceKitException.Usage(
            $"Service {service.Name} uses network_mode: host: it listens on the host itself, where its ports can't be moved, so "
            + "that two instances would conflict.",
            "Give it networks and published ports in the compose file, or allow it in instancekit.yml: allow: [host-network]");
    }
}

/// <summary>Gives an image to the instance alone whose build arguments differ, where the compose files fix its name.</summary>
/// <remarks>Otherwise the instance that was built last would replace the image of all others.</remarks>
internal static class BuiltImages
{
    /// <summary>The changes of all services, with their images'.</summary>
    public static IReadOnlyList<ServiceOverride> Part(IReadOnlyList<ServiceOverride> changes, OverrideScope scope)
    {
        var builders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var change in changes.Where(c => c.BuildArguments.Count > 0))
        {
            var service = scope.Model.Services.First(s => s.Name == change.Name);
            if (service is not { IsBuilt: true, Image: { } image } || !builders.TryAdd(image, service.Name))
                continue;
            scope.Notes.Add($"Service {service.Name} is built for this instance with its ports; Compose names the image, not {image}.");
        }

        return builders.Count == 0 ? changes : [.. changes.Select(c => Part(c, builders, scope))];
    }

    private static ServiceOverride Part(ServiceOverride change, Dictionary<string, string> builders, OverrideScope scope)
    {
        var service = scope.Model.Services.First(s => s.Name == change.Name);
        if (service.Image is not { } image || !builders.TryGetValue(image, out var builder))
            return change;
        return service.IsBuilt ? change with { ResetsImage = true } : change with { Image = $"{scope.Spec.Project}-{builder}" };
    }
}

/// <summary>Changes a variable in all services that have it with one value if it changes in any: they mean one thing by it.</summary>
/// <remarks>
/// A service that listens on port 3000 itself would otherwise take the public URL of another for its own. What says that it is
/// about the container itself stays.
/// </remarks>
internal static class SharedVariables
{
    /// <summary>The changes of all services.</summary>
    public static IReadOnlyList<ServiceOverride> Agree(IReadOnlyList<ServiceOverride> changes, ComposeModel model)
    {
        var services = model.Services.ToDictionary(s => s.Name, StringComparer.Ordinal);
        var changed = new Dictionary<(string Name, string Value), (string Value, Mention Mention)>();
        foreach (var change in changes)
        {
            foreach (var (name, value) in change.Environment.Where(v => !Translator.IsOfContainer(v.Key, services[change.Name].Environment[v.Key]!)))
            {
                if (change.Mentions.FirstOrDefault(m => m.Where == PlaceOf(change.Name, name) && m.Decision == MentionDecision.Translated) is { } mention)
                    changed.TryAdd((name, services[change.Name].Environment[name]!), (value, mention));
            }
        }

        return changed.Count == 0 ? changes : [.. changes.Select(c => Agree(c, services[c.Name], changed))];
    }

    private static ServiceOverride Agree(
        ServiceOverride change, ComposeService service, Dictionary<(string Name, string Value), (string Value, Mention Mention)> changed)
    {
        var further = service.Environment.Where(v => v.Value is not null && !change.Environment.ContainsKey(v.Key) && changed.ContainsKey((v.Key, v.Value)))
            .ToDictionary(v => v.Key, v => changed[(v.Key, v.Value!)]);
        if (further.Count == 0)
            return change;
        var places = further.Keys.Select(n => PlaceOf(service.Name, n)).ToHashSet(StringComparer.Ordinal);
        return change with
        {
            Environment = new SortedDictionary<string, string>(
                change.Environment.Concat(further.Select(v => KeyValuePair.Create(v.Key, v.Value.Value))).ToDictionary(), StringComparer.Ordinal),
            Mentions =
            [
                .. change.Mentions.Where(m => !places.Contains(m.Where)),
                .. further.Select(v => v.Value.Mention with { Where = PlaceOf(service.Name, v.Key) }),
            ],
        };
    }

    private static string PlaceOf(string service, string variable) => $"services.{service}.environment.{variable}";
}

/// <summary>Creates YAML that every parser reads as the same text.</summary>
internal static partial class YamlNodes
{
    /// <summary>Adds a mapping of named items under a key, where there are any.</summary>
    public static void AddSection<T>(
        this YamlMappingNode parent, string name, IReadOnlyList<T> items, Func<T, string> key, Func<T, YamlNode> node)
    {
        if (items.Count == 0)
            return;
        var section = new YamlMappingNode();
        foreach (var item in items)
            section.Add(Key(key(item)), node(item));
        parent.Add(name, section);
    }

    /// <summary>Adds a list that replaces the one of the compose files, if it is not empty.</summary>
    public static void AddReplacement(this YamlMappingNode node, string key, IReadOnlyList<string> items)
    {
        if (items.Count > 0)
            node.Add(key, new YamlSequenceNode(items.Select(Quoted)) { Tag = "!override" });
    }

    /// <summary>Removes a value of the compose files.</summary>
    public static YamlScalarNode Reset => new("null") { Tag = "!reset" };

    /// <summary>A list of texts.</summary>
    public static YamlSequenceNode List(IEnumerable<string> items) => new(items.Select(Quoted));

    /// <summary>A mapping of texts.</summary>
    public static YamlMappingNode Mapping(IReadOnlyDictionary<string, string> values)
    {
        var node = new YamlMappingNode();
        foreach (var (key, value) in values)
            node.Add(Key(key), Quoted(value));
        return node;
    }

    /// <summary>A text, whatever is in it.</summary>
    public static YamlScalarNode Quoted(string value) => new(value) { Style = ScalarStyle.DoubleQuoted };

    /// <summary>Generated texts, unlike those of the model, are not yet escaped against interpolation.</summary>
    public static string Escaped(string value) => value.Replace("$", "$$", StringComparison.Ordinal);

    /// <summary>Plain where Compose reads a text; a service named <c>123</c> or <c>null</c> it would refuse.</summary>
    private static YamlScalarNode Key(string key) => PlainKey().IsMatch(key) ? new YamlScalarNode(key) : Quoted(key);

    [GeneratedRegex(@"^(?!(?:null|true|false|yes|no|on|off|y|n)\z)[A-Z_][A-Z0-9_.-]*\z", RegexOptions.IgnoreCase)]
    private static partial Regex PlainKey();
}
