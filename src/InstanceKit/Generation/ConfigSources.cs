namespace InstanceKit.Generation;

/// <summary>The files of a workspace that its services are given and that may address the stack.</summary>
/// <param name="Mounted">Those that are mounted.</param>
/// <param name="Entries">Those of <c>configs</c> and <c>secrets</c>, by <see cref="ConfigEntry.SourceKey"/>.</param>
public sealed record ConfigSources(IReadOnlyList<ConfigSource> Mounted, IReadOnlyDictionary<string, ConfigSource> Entries)
{
    /// <summary>No files.</summary>
    public static ConfigSources None { get; } = new([], new Dictionary<string, ConfigSource>());
}
