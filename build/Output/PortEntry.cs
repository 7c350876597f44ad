using InstanceKit.Instances;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace Output;

/// <summary>One port of an instance.</summary>
internal sealed record PortEntry
{
    /// <summary>Its name: <c>POSTGRES</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its display name.</summary>
    public required string Label { get; init; }

    /// <summary>The instance's port.</summary>
    public required int Port { get; init; }

    /// <summary>The port of instance 0.</summary>
    public required int BasePort { get; init; }

    /// <summary><c>tcp</c> or <c>udp</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>The address to use from this machine.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Whether a service or an app publishes it.</summary>
    public required OwnerKind OwnerKind { get; init; }

    /// <summary>The service's or app's name.</summary>
    public required string Owner { get; init; }

    /// <summary>The entry of a port.</summary>
    public static PortEntry Of(PortAssignment port) => new()
    {
        Name = port.Name,
        Label = port.Label,
        Port = port.Port,
        BasePort = port.BasePort,
        Protocol = port.Protocol,
        Endpoint = port.Endpoint,
        OwnerKind = port.Owner.Kind,
        Owner = port.Owner.Name,
    };
}

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
/// <param name="Endpoints">The ports, each with its endpoint, that of the front end first.</param>
internal sealed record EndpointsEntry(int Instance, string Project, IReadOnlyList<PortEntry> Endpoints);
