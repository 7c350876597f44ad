using InstanceKit.Verbs;

namespace Output;

/// <summary>What <c>Info --json</c> prints.</summary>
/// <param name="SchemaVersion">See <see cref="JsonOutput.SchemaVersion"/>.</param>
/// <param name="Workspace">The workspace's absolute path.</param>
/// <param name="Instances">The instances.</param>
internal sealed record InfoDocument(int SchemaVersion, string Workspace, IReadOnlyList<InfoEntry> Instances)
{
    /// <summary>The document of some instances.</summary>
    public static InfoDocument Of(string workspace, IEnumerable<InstanceInfo> infos) =>
        new(JsonOutput.SchemaVersion, workspace, [.. infos.Select(InfoEntry.Of)]);
}

/// <summary>What one instance is.</summary>
internal sealed record InfoEntry
{
    /// <summary>The instance's number.</summary>
    public required int Instance { get; init; }

    /// <summary>Its Compose project.</summary>
    public required string Project { get; init; }

    /// <summary>Whether its files exist.</summary>
    public required bool Initialized { get; init; }

    /// <summary>The absolute path of its folder.</summary>
    public required string Directory { get; init; }

    /// <summary>The absolute path of its Compose override.</summary>
    public required string Override { get; init; }

    /// <summary>Its ports.</summary>
    public required IReadOnlyList<PortEntry> Ports { get; init; }

    /// <summary>Its apps.</summary>
    public required IReadOnlyList<AppEntry> Apps { get; init; }

    /// <summary>The entry of an instance.</summary>
    public static InfoEntry Of(InstanceInfo info) => new()
    {
        Instance = info.Spec.Number,
        Project = info.Spec.Project,
        Initialized = info.IsInitialized,
        Directory = info.Spec.Paths.Directory,
        Override = info.Spec.Paths.Override,
        Ports = [.. info.Ports.Assignments.Select(PortEntry.Of)],
        Apps =
        [
            .. info.Spec.Stack.Apps.Select(a => new AppEntry(
                a.Name,
                info.Spec.ProcessNameOf(a),
                info.Spec.Paths.EnvFile(a.Name),
                info.Variables.GetValueOrDefault(a.Name, []).ToDictionary(v => v.Key, v => v.Value))),
        ],
    };
}

/// <summary>What one app of an instance is.</summary>
/// <param name="Name">Its short name.</param>
/// <param name="ProcessName">Its PM2 name.</param>
/// <param name="EnvFile">The absolute path of its env file.</param>
/// <param name="Variables">The variables that the instance sets for it.</param>
internal sealed record AppEntry(
    string Name, string ProcessName, string EnvFile, IReadOnlyDictionary<string, string> Variables);
