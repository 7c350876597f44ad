namespace InstanceKit.Stacks;

/// <summary>How much of the infrastructure an instance has for itself.</summary>
/// <remarks>A mode with one infrastructure and a database per instance is foreseen; see docs/isolation.md.</remarks>
public enum IsolationMode
{
    /// <summary>Every instance has its own containers, network and volumes.</summary>
    Full,
}
