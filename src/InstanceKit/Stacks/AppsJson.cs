using System.Text.Json.Serialization;

namespace InstanceKit.Stacks;

/// <summary>How discovered apps are stored; generated at compile time, for native compilation.</summary>
[JsonSerializable(typeof(CachedApps))]
internal sealed partial class AppsJson : JsonSerializerContext;

/// <summary>The apps of a workspace.</summary>
/// <param name="Key">Tells everything that decides about them.</param>
/// <param name="Apps">What was found.</param>
internal sealed record CachedApps(string Key, IReadOnlyList<DiscoveredApp> Apps)
{
    /// <summary>The files of the workspace that the config has read, relative to it.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The variables that it has read.</summary>
    public IReadOnlyList<string> Variables { get; init; } = [];
}
