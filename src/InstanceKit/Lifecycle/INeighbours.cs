using InstanceKit.Instances;

namespace InstanceKit.Lifecycle;

/// <summary>Knows instances that one must not meet.</summary>
internal interface INeighbours
{
    /// <summary>All known instances but the one itself.</summary>
    IEnumerable<NeighbourInstance> Of(InstanceSpec spec);
}
