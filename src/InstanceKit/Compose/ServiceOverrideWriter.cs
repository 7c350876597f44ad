using System.Globalization;
using InstanceKit.Models;
using YamlDotNet.RepresentationModel;

namespace InstanceKit.Compose;

/// <summary>Writes the changes of one service as YAML.</summary>
internal static class ServiceOverrideWriter
{
    /// <summary>Writes them; omits what does not change.</summary>
    public static YamlMappingNode Write(ServiceOverride service)
    {
        var node = new YamlMappingNode();
        if (service.ResetsContainerName)
            node.Add("container_name", YamlNodes.Reset);
        if (service.ResetsImage)
            node.Add("image", YamlNodes.Reset);
        else if (service.Image is { } image)
            node.Add("image", YamlNodes.Quoted(image));
        if (service.BuildArguments.Count > 0)
            node.Add("build", new YamlMappingNode { { "args", YamlNodes.Mapping(service.BuildArguments) } });
        if (service.Hostname is { } hostname)
            node.Add("hostname", YamlNodes.Quoted(hostname));
        foreach (var (key, mode) in service.Modes)
            node.Add(key, YamlNodes.Quoted(mode));
        node.AddReplacement("ports", service.Ports);
        if (service.Environment.Count > 0)
            node.Add("environment", YamlNodes.Mapping(service.Environment));
        if (service.Entrypoint is { } entrypoint)
            node.Add("entrypoint", YamlNodes.List(entrypoint));
        if (service.Command is { } command)
            node.Add("command", YamlNodes.List(command));
        if (service.LogOptions.Count > 0)
            node.Add("logging", new YamlMappingNode { { "options", YamlNodes.Mapping(service.LogOptions) } });
        if (HealthCheck(service) is { Children.Count: > 0 } check)
            node.Add("healthcheck", check);
        AddNetworks(service, node);
        return node;
    }

    private static void AddNetworks(ServiceOverride service, YamlMappingNode node)
    {
        node.AddSection("networks", service.Places, p => p.Network, Place);
        if (service.Mounts.Count > 0)
            node.Add("volumes", new YamlSequenceNode(service.Mounts.Select(Mount)));
        node.AddReplacement("volumes_from", service.VolumesFrom);
        if (service.Links.Count > 0)
        {
            node.Add("links", YamlNodes.List(service.Links));
            node.Add("external_links", service.ExternalLinks.Count == 0
                ? YamlNodes.Reset
                : new YamlSequenceNode(service.ExternalLinks.Select(YamlNodes.Quoted)) { Tag = "!override" });
        }

        node.AddReplacement("dns", service.NameServers);
        node.AddReplacement("extra_hosts", service.ExtraHosts);
        var labels = service.OwnLabels.Where(l => !service.Labels.ContainsKey(l.Key))
            .Concat(service.Labels.Select(l => KeyValuePair.Create(l.Key, YamlNodes.Escaped(l.Value))));
        node.Add("labels", YamlNodes.Mapping(labels.ToDictionary()));
    }

    private static YamlMappingNode HealthCheck(ServiceOverride service)
    {
        var node = new YamlMappingNode();
        if (service.HealthTest is { } test)
            node.Add("test", YamlNodes.List(test));
        if (service.HealthCheck is { } check)
        {
            node.Add("interval", GoDuration.Print(check.Interval));
            node.Add("retries", check.Retries.ToString(CultureInfo.InvariantCulture));
        }

        return node;
    }

    private static YamlMappingNode Place(PlaceOverride place)
    {
        var node = new YamlMappingNode();
        if (place.ReplacesAliases)
            node.AddReplacement("aliases", place.Aliases);
        else if (place.Aliases.Count > 0)
            node.Add("aliases", YamlNodes.List(place.Aliases));
        if (place.ResetsIpv4Address)
            node.Add("ipv4_address", YamlNodes.Reset);
        else if (place.Ipv4Address is { } ipv4)
            node.Add("ipv4_address", ipv4);
        if (place.ResetsIpv6Address)
            node.Add("ipv6_address", YamlNodes.Reset);
        else if (place.Ipv6Address is { } ipv6)
            node.Add("ipv6_address", YamlNodes.Quoted(ipv6));
        return node;
    }

    /// <summary>Compose replaces the mount with the same target; the path is generated here and not yet escaped.</summary>
    private static YamlMappingNode Mount(ComposeMount mount)
    {
        var node = new YamlMappingNode
        {
            { "type", mount.Type },
            { "source", YamlNodes.Quoted(YamlNodes.Escaped(mount.Source!)) },
            { "target", YamlNodes.Quoted(mount.Target) },
        };
        if (mount.IsReadOnly)
            node.Add("read_only", "true");
        if (mount.Relabel is { } relabel)
            node.Add("bind", new YamlMappingNode { { "selinux", relabel } });
        return node;
    }
}
