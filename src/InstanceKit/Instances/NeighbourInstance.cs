namespace InstanceKit.Instances;

/// <summary>Another instance of this machine, as a record or a lease knows it.</summary>
/// <param name="Workspace">Its workspace's absolute path.</param>
/// <param name="Number">Its number.</param>
/// <param name="Footprint">What it takes.</param>
public sealed record NeighbourInstance(string Workspace, int Number, InstanceFootprint Footprint);
