using YamlDotNet.RepresentationModel;

namespace InstanceKit.Generation;

/// <summary>Writes an override as YAML, with the merge tags that Compose understands since 2.24.4.</summary>
/// <remarks>
/// Compose appends lists when it merges: without <c>!override</c> the base port would stay published beside the
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
        text.WriteLine("# 'InitInstance --force' writes it anew and saves the edited one as *.bak.");
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
