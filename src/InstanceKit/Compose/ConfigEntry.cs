using InstanceKit.Generation;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Ports;
using YamlDotNet.RepresentationModel;

namespace InstanceKit.Compose;

/// <summary>An entry of <c>configs</c> or <c>secrets</c> of which an instance has its own version.</summary>
/// <param name="Entry">The entry as the compose files have it.</param>
/// <param name="File">The file in the instance's directory; <see langword="null"/> where the compose files contain the text.</param>
/// <param name="Place">The file's absolute path, or <see langword="null"/>.</param>
/// <param name="Text">Its text in the instance.</param>
public sealed record ConfigEntry(ComposeFile Entry, GeneratedFile? File, string? Place, string Text)
{
    /// <summary>The entries that differ for an instance, each patched.</summary>
    /// <param name="model">The workspace's model.</param>
    /// <param name="sources">The files of the entries that have one, by <see cref="SourceKey"/>.</param>
    /// <param name="notes">Gets a line for each entry that means different things to its services.</param>
    public static IReadOnlyList<ConfigEntry> Of(
        ComposeModel model, InstanceSpec spec, PortPlan ports, SubnetPlan subnets, IReadOnlyDictionary<string, ConfigSource> sources,
        List<string> notes)
    {
        var result = new List<ConfigEntry>();
        foreach (var entry in model.Files)
        {
            var source = sources.GetValueOrDefault(SourceKey(entry));
            if ((entry.Content ?? source?.Text) is not { } text)
                continue;
            var versions = model.Services.Where(s => entry.Users.Contains(s.Name))
                .Select(s => new ConfigPatcher(s, spec, ports, subnets).Patch(text)).Distinct().ToList();
            if (versions.Count > 1)
            {
                notes.Add(
                    $"{entry.Section}.{entry.Key} is used by {string.Join(" and ", entry.Users)}, and one of them listens on a port "
                    + "that it addresses on localhost; it is not changed.");
            }

            if (versions is not [var version] || version == text)
                continue;
            var file = source is null ? null : new GeneratedFile($"{entry.Section}/{entry.Key}", version, source.Path)
            {
                Audience = source.Audience,
            };
            result.Add(new ConfigEntry(entry, file, file is null ? null : Path.Combine(spec.Paths.Directory, file.Name), version));
        }

        return result;
    }

    /// <summary>The key of an entry's source.</summary>
    public static string SourceKey(ComposeFile entry) => $"{entry.Section}/{entry.Key}";

    /// <summary>The entry in an override; a text of the model is already escaped against interpolation.</summary>
    internal static YamlMappingNode Write(ConfigEntry entry) => entry.Place is { } place
        ? new YamlMappingNode { { "file", YamlNodes.Quoted(YamlNodes.Escaped(place)) } }
        : new YamlMappingNode { { "content", YamlNodes.Quoted(entry.Text) } };
}
