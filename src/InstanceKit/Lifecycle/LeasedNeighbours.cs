using InstanceKit.Drivers;
using InstanceKit.Instances;

namespace InstanceKit.Lifecycle;

/// <summary>The instances of other workspaces, by their leases.</summary>
internal sealed class LeasedNeighbours(LeaseRegistry registry) : INeighbours
{
    /// <inheritdoc/>
    public IEnumerable<NeighbourInstance> Of(InstanceSpec spec) =>
        (registry.Read(out _) ?? LeaseBook.Empty).Leases.Where(l => l.Workspace != spec.Workspace)
        .Select(l => new NeighbourInstance(l.Workspace, l.Number, l.Footprint));
}
