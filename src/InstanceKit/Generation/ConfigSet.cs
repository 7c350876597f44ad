using InstanceKit.Instances;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Generation;

/// <summary>All configuration that an instance has in a version of its own.</summary>
/// <param name="Copies">The mounted files.</param>
/// <param name="Entries">The entries of <c>configs</c> and <c>secrets</c>.</param>
/// <param name="Notes">What was left alone, and why.</param>
public sealed record ConfigSet(IReadOnlyList<ConfigCopy> Copies, IReadOnlyList<ConfigEntry> Entries, IReadOnlyList<string> Notes)
{
    /// <summary>No configuration.</summary>
    public static ConfigSet None { get; } = new([], [], []);

    /// <summary>The files to generate.</summary>
    public IReadOnlyList<GeneratedFile> Files =>
        [.. Copies.Select(c => c.File).Concat(Entries.Select(e => e.File).OfType<GeneratedFile>())];

    /// <summary>Decides for an instance.</summary>
    /// <param name="model">The workspace's model.</param>
    /// <param name="spec">The instance.</param>
    /// <param name="ports">Its ports.</param>
    /// <param name="subnets">Its address ranges.</param>
    /// <param name="sources">The files of the workspace.</param>
    public static ConfigSet Of(ComposeModel model, InstanceSpec spec, PortPlan ports, SubnetPlan subnets, ConfigSources sources)
    {
        var notes = new List<string>();
        return new ConfigSet(
            ConfigCopy.Of(model, spec, ports, subnets, sources.Mounted),
            ConfigEntry.Of(model, spec, ports, subnets, sources.Entries, notes), notes);
    }

    /// <summary>
    /// The hash of what a service gets, or <see langword="null"/> where that is what the workspace has. A container keeps
    /// the files that it was created with; only a change of its own, such as this as a label, makes Compose replace it.
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
