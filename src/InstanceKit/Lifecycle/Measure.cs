namespace InstanceKit.Lifecycle;

/// <summary>How much of what an instance takes of the machine is measured in one look at it.</summary>
public enum Measure
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>Processor time and memory, as far as they can be had in a quarter of a second.</summary>
    AtHand,

    /// <summary>All, in up to three seconds.</summary>
    All,
}
