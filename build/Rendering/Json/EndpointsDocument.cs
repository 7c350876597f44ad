using InstanceKit.Instances;
using InstanceKit.Ports;

namespace Rendering.Json;

/// <summary>What <c>Open --json</c> prints.</summary>
/// <param name="SchemaVersion">See <see cref="JsonOutput.SchemaVersion"/>.</param>
/// <param name="Instances">The instances.</param>
internal sealed record EndpointsDocument(int SchemaVersion, IReadOnlyList<EndpointsEntry> Instances)
{
    /// <summary>The document of some instances.</summary>
    public static EndpointsDocument Of(IEnumerable<(InstanceSpec Spec, IReadOnlyList<PortAssignment> Endpoints)> instances) => new(
        JsonOutput.SchemaVersion,
        [.. instances.Select(i => new EndpointsEntry(i.Spec.Number, i.Spec.Project, [.. i.Endpoints.Select(PortEntry.Of)]))]);
}

/// <summary>Where one instance answers.</summary>
/// <param name="Instance">The instance's number.</param>
/// <param name="Project">Its Compose project.</param>
/// <param name="Endpoints">The ports, each with its endpoint, the front end's first.</param>
internal sealed record EndpointsEntry(int Instance, string Project, IReadOnlyList<PortEntry> Endpoints);
