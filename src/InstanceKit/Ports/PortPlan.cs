namespace InstanceKit.Ports;

/// <summary>All ports of one instance.</summary>
/// <param name="Instance">The instance's number.</param>
/// <param name="Assignments">The ports, named ones first, in the stack's order.</param>
public sealed record PortPlan(int Instance, IReadOnlyList<PortAssignment> Assignments)
{
    /// <summary>The port with this name.</summary>
    /// <exception cref="ArgumentException">The stack has no port of this name: a defect of the stack.</exception>
    public int PortOf(string name) =>
        Assignments.FirstOrDefault(a => a.Name == name)?.Port
        ?? throw new ArgumentException($"The stack has no port named {name}.", nameof(name));

    /// <summary>The instance's port for a base port and protocol, or <see langword="null"/>.</summary>
    public int? Translate(int basePort, string protocol = "tcp") =>
        Assignments.FirstOrDefault(a => a.BasePort == basePort && a.Protocol == protocol)?.Port;

    /// <summary>The first pair of ports that two plans would both publish, or <see langword="null"/>.</summary>
    public (PortAssignment Mine, PortAssignment Theirs)? FindClash(PortPlan other)
    {
        foreach (var mine in Assignments)
        foreach (var theirs in other.Assignments)
        {
            if (mine.Port == theirs.Port && mine.Protocol == theirs.Protocol)
                return (mine, theirs);
        }

        return null;
    }
}
