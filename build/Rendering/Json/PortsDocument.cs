using InstanceKit.Lifecycle;

namespace Rendering.Json;

/// <summary>What <c>Ports --json</c> prints.</summary>
/// <param name="SchemaVersion">See <see cref="JsonOutput.SchemaVersion"/>.</param>
/// <param name="Instances">The instances.</param>
internal sealed record PortsDocument(int SchemaVersion, IReadOnlyList<PortsEntry> Instances)
{
    /// <summary>The document of some instances.</summary>
    public static PortsDocument Of(IEnumerable<InstanceInfo> infos) => new(
        JsonOutput.SchemaVersion,
        [
            .. infos.Select(i => new PortsEntry(
                i.Spec.Number, i.Spec.Project, i.Ports.Assignments.ToDictionary(a => a.Name, a => a.Port))),
        ]);
}

/// <summary>The ports of one instance.</summary>
/// <param name="Instance">The instance's number.</param>
/// <param name="Project">Its Compose project.</param>
/// <param name="Ports">The ports by name.</param>
internal sealed record PortsEntry(int Instance, string Project, IReadOnlyDictionary<string, int> Ports);
