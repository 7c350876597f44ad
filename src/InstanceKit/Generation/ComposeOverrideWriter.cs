using System.Text.RegularExpressions;
using InstanceKit.Stacks;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace InstanceKit.Generation;

/// <summary>Writes an override as YAML, with the merge tags that Compose understands since 2.24.4.</summary>
/// <remarks>
/// Compose appends lists when it merges: without <c>!override</c> the base port would stay published beside the
/// instance's, and without <c>!reset</c> a fixed container name would stay.
/// </remarks>
public static partial class ComposeOverrideWriter
{
    /// <summary>Writes the file's whole text.</summary>
    public static string Write(ComposeOverride model, string project)
    {
        var root = new YamlMappingNode();
        AddSection(root, "services", model.Services, s => s.Name, Service);
        AddSection(root, "networks", model.Networks, n => n.Key, n => Resource(n, model.Labels));
        AddSection(root, "volumes", model.Volumes, v => v.Key, v => Resource(v, model.Labels));

        using var text = new StringWriter { NewLine = "\n" };
        text.WriteLine($"# Generated for {project}: its own ports, names, network and volumes. An edited file is kept;");
        text.WriteLine("# 'InitInstance --force' writes it anew and saves the edited one as *.bak.");
        new YamlStream(new YamlDocument(root)).Save(text, assignAnchors: false);
        return text.ToString().TrimEnd('.', '\n') + "\n";
    }

    private static void AddSection<T>(
        YamlMappingNode root, string name, IReadOnlyList<T> items, Func<T, string> key, Func<T, YamlMappingNode> node)
    {
        if (items.Count == 0)
            return;
        var section = new YamlMappingNode();
        foreach (var item in items)
            section.Add(Key(key(item)), node(item));
        root.Add(name, section);
    }

    private static YamlMappingNode Service(ServiceOverride service)
    {
        var node = new YamlMappingNode();
        if (service.ResetsContainerName)
            node.Add("container_name", new YamlScalarNode("null") { Tag = "!reset" });
        if (service.Ports.Count > 0)
            node.Add("ports", new YamlSequenceNode(service.Ports.Select(Quoted)) { Tag = "!override" });
        if (service.Environment.Count > 0)
            node.Add("environment", Mapping(service.Environment));
        if (service.Command is { } command)
            node.Add("command", new YamlSequenceNode(command.Select(Quoted)));
        if (service.HealthCheck is { } check)
        {
            node.Add("healthcheck", new YamlMappingNode
            {
                { "interval", GoDuration.Print(check.Interval) },
                { "retries", check.Retries.ToString() },
            });
        }

        if (service.Places.Count > 0)
            AddSection(node, "networks", service.Places, p => p.Network, Place);
        if (service.Mounts.Count > 0)
            node.Add("volumes", new YamlSequenceNode(service.Mounts.Select(Mount)));
        AddReplacement(node, "dns", service.NameServers);
        AddReplacement(node, "extra_hosts", service.ExtraHosts);
        node.Add("labels", Labels(service.Labels));
        return node;
    }

    private static YamlMappingNode Place(ComposeServiceNetwork place)
    {
        var node = new YamlMappingNode();
        if (place.Ipv4Address is { } ipv4)
            node.Add("ipv4_address", ipv4);
        if (place.Ipv6Address is { } ipv6)
            node.Add("ipv6_address", Quoted(ipv6));
        return node;
    }

    /// <summary>Compose puts it in the place of what has the same target; the path is ours and not yet escaped.</summary>
    private static YamlMappingNode Mount(ComposeMount mount)
    {
        var node = new YamlMappingNode
        {
            { "type", mount.Type },
            { "source", Quoted(mount.Source!.Replace("$", "$$", StringComparison.Ordinal)) },
            { "target", Quoted(mount.Target) },
        };
        if (mount.IsReadOnly)
            node.Add("read_only", "true");
        return node;
    }

    private static void AddReplacement(YamlMappingNode node, string key, IReadOnlyList<string> items)
    {
        if (items.Count > 0)
            node.Add(key, new YamlSequenceNode(items.Select(Quoted)) { Tag = "!override" });
    }

    private static YamlMappingNode Resource(ResourceOverride resource, IReadOnlyDictionary<string, string> labels)
    {
        var node = new YamlMappingNode();
        if (resource.Name is { } name)
            node.Add("name", name);
        if (resource.Ranges.Count > 0)
            node.Add("ipam", SubnetOverride.Write(resource.Ranges));
        node.Add("labels", Labels(labels));
        return node;
    }

    /// <summary>Our own values, unlike those of the model, are not yet escaped against interpolation.</summary>
    private static YamlMappingNode Labels(IReadOnlyDictionary<string, string> labels) =>
        Mapping(labels.ToDictionary(l => l.Key, l => l.Value.Replace("$", "$$", StringComparison.Ordinal)));

    private static YamlMappingNode Mapping(IReadOnlyDictionary<string, string> values)
    {
        var node = new YamlMappingNode();
        foreach (var (key, value) in values)
            node.Add(Key(key), Quoted(value));
        return node;
    }

    /// <summary>Plain where Compose reads a text; a service named <c>123</c> or <c>null</c> it would refuse.</summary>
    private static YamlScalarNode Key(string key) => PlainKey().IsMatch(key) ? new YamlScalarNode(key) : Quoted(key);

    private static YamlScalarNode Quoted(string value) => new(value) { Style = ScalarStyle.DoubleQuoted };

    [GeneratedRegex(@"^(?!(?:null|true|false|yes|no|on|off|y|n)\z)[A-Z_][A-Z0-9_.-]*\z", RegexOptions.IgnoreCase)]
    private static partial Regex PlainKey();
}
