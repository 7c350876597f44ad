namespace InstanceKit.Stacks;

/// <summary>Reads the section <c>infra</c> of a stack file.</summary>
internal static class StackFileInfra
{
    private const int HighestPort = 65535;

    /// <summary>Reads it; what is wrong is collected.</summary>
    public static InfraDefinition Read(YamlSection section, YamlErrors errors) => new()
    {
        Mode = section.Text("mode", m => StackFileKeys.InfraModes.Contains(m)
            ? null : $"must be one of {string.Join(", ", StackFileKeys.InfraModes)}") switch
        {
            "compose" => InfraMode.Compose,
            "embedded" => InfraMode.Embedded,
            _ => InfraMode.Auto,
        },
        Optional = section.Texts("optional") ?? [],
        Commands = ReadCommands(section.Section("commands", null), errors),
    };

    private static List<EmbeddedCommand> ReadCommands(YamlSection section, YamlErrors errors)
    {
        var result = new List<EmbeddedCommand>();
        foreach (var (service, mark, node) in section.Entries)
        {
            var entry = YamlSection.Of(node, section.Path(service), StackFileKeys.InfraCommand, errors);
            var words = StackFileReader.Words(entry, "run") ?? [];
            var target = entry.Number("port", 1, HighestPort);
            if (entry.Node("run") is null)
                errors.Add(mark, $"{section.Path(service)} needs run: the program and its arguments, with {{port}} and {{data}}");
            else if (words.Count > 0)
                result.Add(new EmbeddedCommand(service, words, target));
        }

        return result;
    }
}
