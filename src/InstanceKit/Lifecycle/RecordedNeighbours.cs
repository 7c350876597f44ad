using InstanceKit.Drivers;
using InstanceKit.Instances;

namespace InstanceKit.Lifecycle;

/// <summary>The other instances of the same workspace, by their records.</summary>
internal sealed class RecordedNeighbours(InstanceDirectory directory) : INeighbours
{
    /// <inheritdoc/>
    public IEnumerable<NeighbourInstance> Of(InstanceSpec spec) =>
        from number in directory.ListInstances()
        where number != spec.Number
        let footprint = InstanceDirectory.FindRecord(spec.Paths with { Number = number })?.Footprint
        where footprint is not null
        select new NeighbourInstance(spec.Workspace, number, footprint);
}
