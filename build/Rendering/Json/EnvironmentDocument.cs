using InstanceKit.Lifecycle;

namespace Rendering.Json;

/// <summary>What <c>Env --json</c> prints.</summary>
/// <param name="SchemaVersion">See <see cref="JsonOutput.SchemaVersion"/>.</param>
/// <param name="Instances">The instances.</param>
internal sealed record EnvironmentDocument(int SchemaVersion, IReadOnlyList<EnvironmentEntry> Instances)
{
    /// <summary>The document of some instances.</summary>
    public static EnvironmentDocument Of(IEnumerable<InstanceEnvironment> environments) => new(
        JsonOutput.SchemaVersion,
        [
            .. environments.Select(e => new EnvironmentEntry(
                e.Spec.Number, e.Spec.Project, e.Component, e.Variables.ToDictionary(StringComparer.Ordinal))),
        ]);
}

/// <summary>The variables of one instance.</summary>
/// <param name="Instance">The instance's number.</param>
/// <param name="Project">Its Compose project.</param>
/// <param name="Component">The service or app whose variables they are; null for those common to the instance.</param>
/// <param name="Variables">The variables by name.</param>
internal sealed record EnvironmentEntry(
    int Instance, string Project, string? Component, IReadOnlyDictionary<string, string> Variables);
