using InstanceKit.Addresses;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Platform;
using InstanceKit.Ports;
using InstanceKit.Stacks;
using YamlDotNet.RepresentationModel;

namespace InstanceKit.Compose;

/// <summary>All configuration of which an instance has its own version.</summary>
/// <param name="Copies">The mounted files.</param>
/// <param name="Entries">The entries of <c>configs</c> and <c>secrets</c>.</param>
/// <param name="Notes">What is not changed, and why.</param>
internal sealed record ConfigSet(IReadOnlyList<ConfigCopy> Copies, IReadOnlyList<ConfigEntry> Entries, IReadOnlyList<string> Notes)
{
    /// <summary>No configuration.</summary>
    public static ConfigSet None { get; } = new([], [], []);

    /// <summary>What the files mention of the stack.</summary>
    public IReadOnlyList<Mention> Mentions { get; init; } = [];

    /// <summary>The files to generate.</summary>
    public IReadOnlyList<GeneratedFile> Files =>
        [.. Copies.Select(c => c.File).Concat(Entries.Select(e => e.File).OfType<GeneratedFile>())];

    /// <summary>Decides for an instance.</summary>
    /// <param name="model">The workspace's model.</param>
    /// <param name="translator">Points texts to the instance.</param>
    /// <param name="directory">The instance's directory.</param>
    /// <param name="sources">The files of the workspace.</param>
    public static ConfigSet Of(ComposeModel model, Translator translator, string directory, ConfigSources sources)
    {
        var notes = new List<string>();
        var texts = model.Services.ToDictionary(s => s.Name, s => new ServiceTexts(s, translator, model), StringComparer.Ordinal);
        return new ConfigSet(
            ConfigCopy.Of(texts, sources.Mounted), ConfigEntry.Of(model, texts, directory, sources.Entries, notes), notes)
        {
            Mentions = [.. texts.Values.SelectMany(t => t.Mentions).Distinct()],
        };
    }

    /// <summary>
    /// The hash of a service's configuration, or <see langword="null"/> if it is that of the workspace. A container keeps
    /// the files that it was created with; only a change of its definition, such as this label, makes Compose replace it.
    /// </summary>
    public string? HashFor(string service)
    {
        List<string> parts =
        [
            .. Copies.Where(c => c.Service == service).SelectMany(c => new[] { c.Target, c.File.Content }),
            .. Entries.Where(e => e.Entry.Users.Contains(service)).SelectMany(e => new[] { ConfigEntry.SourceKey(e.Entry), e.Text }),
        ];
        return parts.Count == 0 ? null : ContentHash.Of(parts);
    }
}

/// <summary>A mounted file of which an instance has its own version.</summary>
/// <param name="Service">The service into which it is mounted.</param>
/// <param name="File">The file in the instance's folder.</param>
/// <param name="Target">Where it is mounted.</param>
/// <param name="IsReadOnly">Whether the container may only read it.</param>
internal sealed record ConfigCopy(string Service, GeneratedFile File, string Target, bool IsReadOnly)
{
    /// <inheritdoc cref="ComposeMount.Relabel"/>
    public string? Relabel { get; init; }

    /// <summary>The files that differ for an instance, each patched.</summary>
    /// <param name="texts">The texts of each service.</param>
    /// <param name="sources">The mounted files of the workspace.</param>
    internal static IReadOnlyList<ConfigCopy> Of(IReadOnlyDictionary<string, ServiceTexts> texts, IReadOnlyList<ConfigSource> sources)
    {
        return
        [
            .. from source in sources
               let text = texts[source.Service].File(source.Text, source.Path)
               where text != source.Text
               select new ConfigCopy(source.Service, new GeneratedFile(NameOf(source), text, source.Path)
               {
                   Audience = source.Audience,
               }, source.Target, source.IsReadOnly) { Relabel = source.Relabel },
        ];
    }

    /// <summary>Named after the target, which is unique in the service.</summary>
    private static string NameOf(ConfigSource source) =>
        $"config/{source.Service}/" + string.Join('/', source.Target.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(s => s is not ("." or "..")));
}

/// <summary>An entry of <c>configs</c> or <c>secrets</c> of which an instance has its own version.</summary>
/// <param name="Entry">The entry as the compose files have it.</param>
/// <param name="File">The file in the instance's directory; <see langword="null"/> where the compose files contain the text.</param>
/// <param name="Place">The file's absolute path, or <see langword="null"/>.</param>
/// <param name="Text">Its text in the instance.</param>
internal sealed record ConfigEntry(ComposeFile Entry, GeneratedFile? File, string? Place, string Text)
{
    /// <summary>The entries that differ for an instance, each patched.</summary>
    /// <param name="model">The workspace's model.</param>
    /// <param name="texts">The texts of each service.</param>
    /// <param name="directory">The instance's directory.</param>
    /// <param name="sources">The files of the entries that have one, by <see cref="SourceKey"/>.</param>
    /// <param name="notes">Gets a line for each entry that means different things to its services.</param>
    internal static IReadOnlyList<ConfigEntry> Of(
        ComposeModel model, IReadOnlyDictionary<string, ServiceTexts> texts, string directory, IReadOnlyDictionary<string, ConfigSource> sources, List<string> notes)
    {
        var result = new List<ConfigEntry>();
        foreach (var entry in model.Files)
        {
            var source = sources.GetValueOrDefault(SourceKey(entry));
            if ((entry.Content ?? source?.Text) is not { } text)
                continue;
            var versions = model.Services.Where(s => entry.Users.Contains(s.Name))
                .Select(s => texts[s.Name].File(text, source?.Path ?? $"{entry.Section}.{entry.Key}")).Distinct().ToList();
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
            result.Add(new ConfigEntry(entry, file, file is null ? null : Path.Combine(directory, file.Name), version));
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

/// <summary>The files of a workspace that are mounted into services and may address the stack.</summary>
/// <param name="Mounted">Those that are mounted.</param>
/// <param name="Entries">Those of <c>configs</c> and <c>secrets</c>, by <see cref="ConfigEntry.SourceKey"/>.</param>
internal sealed record ConfigSources(IReadOnlyList<ConfigSource> Mounted, IReadOnlyDictionary<string, ConfigSource> Entries)
{
    /// <summary>No files.</summary>
    public static ConfigSources None { get; } = new([], new Dictionary<string, ConfigSource>());
}

/// <summary>A file of the workspace that is mounted into a service and may address the stack.</summary>
/// <param name="Service">The service; empty for one of several.</param>
/// <param name="Target">Its path in the container; empty where each service may choose one.</param>
/// <param name="Path">Its path, relative to the workspace.</param>
/// <param name="Text">Its whole text.</param>
/// <param name="IsReadOnly">Whether the container may only read it.</param>
/// <param name="Audience">Who may use it: a copy is neither more nor less open than the original.</param>
internal sealed record ConfigSource(
    string Service, string Target, string Path, string Text, bool IsReadOnly, FileAudience Audience)
{
    /// <inheritdoc cref="ComposeMount.Relabel"/>
    public string? Relabel { get; init; }
}
