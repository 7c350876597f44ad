using InstanceKit.Instances;
using InstanceKit.Ports;

namespace InstanceKit.Lifecycle;

/// <summary>What <c>Info</c> says of an instance; nothing is asked of the engine for it.</summary>
/// <param name="Spec">The instance.</param>
/// <param name="IsInitialized">Whether its files exist.</param>
/// <param name="Ports">Its ports.</param>
/// <param name="Variables">The variables set for each app, by the app's short name.</param>
public sealed record InstanceInfo(
    InstanceSpec Spec,
    bool IsInitialized,
    PortPlan Ports,
    IReadOnlyDictionary<string, IReadOnlyList<KeyValuePair<string, string>>> Variables);
