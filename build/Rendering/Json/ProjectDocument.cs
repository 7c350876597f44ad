using InstanceKit.Instances;

namespace Rendering.Json;

/// <summary>What <c>ProjectName --json</c> prints.</summary>
/// <param name="SchemaVersion">See <see cref="JsonOutput.SchemaVersion"/>.</param>
/// <param name="Instances">The instances.</param>
internal sealed record ProjectDocument(int SchemaVersion, IReadOnlyList<ProjectEntry> Instances)
{
    /// <summary>The document of some instances.</summary>
    public static ProjectDocument Of(IEnumerable<InstanceSpec> specs) =>
        new(JsonOutput.SchemaVersion, [.. specs.Select(s => new ProjectEntry(s.Number, s.Project))]);
}

/// <summary>The project of one instance.</summary>
/// <param name="Instance">The instance's number.</param>
/// <param name="Project">Its Compose project.</param>
internal sealed record ProjectEntry(int Instance, string Project);
