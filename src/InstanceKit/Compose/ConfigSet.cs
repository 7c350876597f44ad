using InstanceKit.Generation;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Platform;
using InstanceKit.Ports;

namespace InstanceKit.Compose;

/// <summary>All configuration of which an instance has its own version.</summary>
/// <param name="Copies">The mounted files.</param>
/// <param name="Entries">The entries of <c>configs</c> and <c>secrets</c>.</param>
/// <param name="Notes">What is not changed, and why.</param>
public sealed record ConfigSet(IReadOnlyList<ConfigCopy> Copies, IReadOnlyList<ConfigEntry> Entries, IReadOnlyList<string> Notes)
{
    /// <summary>No configuration.</summary>
    public static ConfigSet None { get; } = new([], [], []);

    /// <summary>The files to generate.</summary>
    public IReadOnlyList<GeneratedFile> Files =>
        [.. Copies.Select(c => c.File).Concat(Entries.Select(e => e.File).OfType<GeneratedFile>())];

    /// <summary>Decides for an instance.</summary>
    /// <param name="model">The workspace's model.</param>
    /// <param name="sources">The files of the workspace.</param>
    public static ConfigSet Of(ComposeModel model, InstanceSpec spec, PortPlan ports, SubnetPlan subnets, ConfigSources sources)
    {
        var notes = new List<string>();
        return new ConfigSet(
            ConfigCopy.Of(model, spec, ports, subnets, sources.Mounted),
            ConfigEntry.Of(model, spec, ports, subnets, sources.Entries, notes), notes);
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
public sealed record ConfigCopy(string Service, GeneratedFile File, string Target, bool IsReadOnly)
{
    /// <inheritdoc cref="ComposeMount.Relabel"/>
    public string? Relabel { get; init; }

    /// <summary>The files that differ for an instance, each patched.</summary>
    /// <param name="model">The workspace's model.</param>
    /// <param name="sources">The mounted files of the workspace.</param>
    public static IReadOnlyList<ConfigCopy> Of(
        ComposeModel model, InstanceSpec spec, PortPlan ports, SubnetPlan subnets, IReadOnlyList<ConfigSource> sources)
    {
        var patchers = model.Services.ToDictionary(
            s => s.Name, s => new ConfigPatcher(s, spec, ports, subnets), StringComparer.Ordinal);
        return
        [
            .. from source in sources
               let text = patchers[source.Service].Patch(source.Text)
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

/// <summary>The files of a workspace that are mounted into services and may address the stack.</summary>
/// <param name="Mounted">Those that are mounted.</param>
/// <param name="Entries">Those of <c>configs</c> and <c>secrets</c>, by <see cref="ConfigEntry.SourceKey"/>.</param>
public sealed record ConfigSources(IReadOnlyList<ConfigSource> Mounted, IReadOnlyDictionary<string, ConfigSource> Entries)
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
public sealed record ConfigSource(
    string Service, string Target, string Path, string Text, bool IsReadOnly, FileAudience Audience)
{
    /// <inheritdoc cref="ComposeMount.Relabel"/>
    public string? Relabel { get; init; }
}
