using InstanceKit.Instances;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Verbs;

/// <summary>What <c>Info</c> prints about an instance; does not query the engine.</summary>
/// <param name="Spec">The instance.</param>
/// <param name="IsInitialized">Whether its files exist.</param>
/// <param name="Ports">Its ports.</param>
/// <param name="Variables">The variables set for each app, by the app's short name.</param>
public sealed record InstanceInfo(
    InstanceSpec Spec,
    bool IsInitialized,
    PortPlan Ports,
    IReadOnlyDictionary<string, IReadOnlyList<KeyValuePair<string, string>>> Variables)
{
    /// <summary>The services, where they run as processes or are skipped; empty where Compose runs them.</summary>
    public IReadOnlyList<RecordedService> Embedded { get; init; } = [];

    /// <summary>Why a service is skipped: "needs Docker"; <see langword="null"/> for every other one, and for an app.</summary>
    public string? FindSkipReason(string name) => Embedded.FirstOrDefault(s => s.Service == name)?.Skipped;

    /// <summary>Whether a port has a listener: not that of a skipped service, nor one that its replacement process does not serve.</summary>
    public bool IsServed(PortAssignment port) =>
        port.Owner.Kind != OwnerKind.Service
        || Embedded.FirstOrDefault(s => s.Service == port.Owner.Name) is not { } service
        || (service.Skipped is null && service.Serves?.Contains(port.Port) != false);
}
