using InstanceKit.Lifecycle;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace Rendering.Json;

/// <summary>What <c>Ports --json</c> prints.</summary>
/// <param name="SchemaVersion">See <see cref="JsonOutput.SchemaVersion"/>.</param>
/// <param name="Instances">The instances.</param>
internal sealed record PortsDocument(int SchemaVersion, IReadOnlyList<PortsEntry> Instances)
{
    /// <summary>The document of some instances.</summary>
    public static PortsDocument Of(IEnumerable<InstanceInfo> infos) => Of(infos, _ => null);

    /// <summary>The document with the reason for every number.</summary>
    public static PortsDocument Explain(IEnumerable<InstanceInfo> infos) =>
        Of(infos, i => [.. i.Ports.Assignments.Select(PortReason.Of)]);

    private static PortsDocument Of(IEnumerable<InstanceInfo> infos, Func<InstanceInfo, IReadOnlyList<PortReason>?> reasons) => new(
        JsonOutput.SchemaVersion,
        [
            .. infos.Select(i => new PortsEntry(
                i.Spec.Number, i.Spec.Project, i.Ports.Assignments.ToDictionary(a => a.Name, a => a.Port), reasons(i))),
        ]);
}

/// <summary>The ports of one instance.</summary>
/// <param name="Instance">The instance's number.</param>
/// <param name="Project">Its Compose project.</param>
/// <param name="Ports">The ports by name.</param>
/// <param name="Plan">With <c>--explain</c>, every port of the stack and why it is that number; otherwise null.</param>
internal sealed record PortsEntry(
    int Instance, string Project, IReadOnlyDictionary<string, int> Ports, IReadOnlyList<PortReason>? Plan);

/// <summary>A port and the reason for its number.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Port">The instance's port.</param>
/// <param name="Count">How many ports follow each other from it on.</param>
/// <param name="BasePort">The port of instance 0 as the workspace writes it.</param>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
/// <param name="OwnerKind">Whether a service or an app publishes it.</param>
/// <param name="Owner">The service's or app's name.</param>
/// <param name="Reason">Why it is that number, for people.</param>
internal sealed record PortReason(
    string Name, int Port, int Count, int BasePort, string Protocol, OwnerKind OwnerKind, string Owner, string Reason)
{
    /// <summary>The entry of a port.</summary>
    public static PortReason Of(PortAssignment port) => new(
        port.Name, port.Port, port.Count, port.BasePort, port.Protocol, port.Owner.Kind, port.Owner.Name, port.Reason);
}
