using System.Runtime.CompilerServices;
using InstanceKit.Instances;
using InstanceKit.Observing;

namespace InstanceKit;

/// <summary>Proves by the kernel's tables whom instances talk to.</summary>
public sealed partial class InstanceManager
{
    /// <summary>The established connections of instances, and whose the other ends are.</summary>
    /// <exception cref="InstanceKitException">The engine does not answer, or a tool that lists connections is missing (never on Linux).</exception>
    public Task<IReadOnlyList<InstanceConnections>> ConnectionsAsync(IReadOnlyList<InstanceSpec> specs, CancellationToken cancellation) =>
        _connections.ObserveAsync(specs, containers: null, cancellation);

    /// <summary>The same, each second.</summary>
    /// <param name="selector">The instances; with <c>all</c>, those that exist at each look.</param>
    /// <exception cref="InstanceKitException">The engine does not answer, or a tool that lists connections is missing (never on Linux).</exception>
    public async IAsyncEnumerable<IReadOnlyList<InstanceConnections>> WatchConnectionsAsync(
        InstanceSelector selector, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var specs = await ChooseAsync(selector, mayTake: false, cancellation);
        while (true)
        {
            yield return await ConnectionsAsync(specs, cancellation);
            await Task.Delay(LookEvery, _clock, cancellation);
            if (selector.IsAll)
                specs = Select(selector);
        }
    }
}
