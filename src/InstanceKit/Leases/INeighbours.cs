using InstanceKit.Instances;

namespace InstanceKit.Leases;

/// <summary>Knows instances with which one must not conflict.</summary>
internal interface INeighbours
{
    /// <summary>All known instances but the one itself.</summary>
    IEnumerable<NeighbourInstance> Of(InstanceSpec spec);
}

/// <summary>The instances of other workspaces, by their leases.</summary>
internal sealed class LeasedNeighbours(LeaseStore registry) : INeighbours
{
    /// <inheritdoc/>
    public IEnumerable<NeighbourInstance> Of(InstanceSpec spec) =>
        (registry.Read(out _) ?? LeaseBook.Empty).Leases.Where(l => l.Workspace != spec.Workspace)
        .Select(l => new NeighbourInstance(l.Workspace, l.Number, l.Project, l.Footprint));
}

/// <summary>The other instances of the same workspace, by their records.</summary>
internal sealed class RecordedNeighbours(InstanceStore directory) : INeighbours
{
    /// <inheritdoc/>
    public IEnumerable<NeighbourInstance> Of(InstanceSpec spec) =>
        from number in directory.ListInstances()
        where number != spec.Number
        let footprint = InstanceStore.FindRecord(spec.Paths with { Number = number })?.Footprint
        where footprint is not null
        select new NeighbourInstance(spec.Workspace, number, spec.Stack.ProjectOf(number), footprint);
}
