using InstanceKit.Stacks;

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

    /// <summary>The instance's port for a base port and protocol, also within a range, or <see langword="null"/>.</summary>
    public int? Translate(int basePort, string protocol = "tcp") =>
        Assignments.FirstOrDefault(a => a.Protocol == protocol && basePort >= a.BasePort && basePort < a.BasePort + a.Count)
            is { } found
            ? found.Port + basePort - found.BasePort
            : null;

    /// <summary>The assignment of one owner's base port, or <see langword="null"/>.</summary>
    public PortAssignment? Find(PortOwner owner, int basePort, string protocol) => Assignments.FirstOrDefault(
        a => a.Owner == owner && a.BasePort == basePort && a.Protocol == protocol);

    /// <summary>The assignment of what a service publishes, or <see langword="null"/> where the engine picks.</summary>
    /// <remarks>A named port may name another owner for it; two services may share a base on two host addresses.</remarks>
    public PortAssignment? Of(PublishedPort published) => published.BasePort is not { } basePort
        ? null
        : Find(new PortOwner(OwnerKind.Service, published.Service), basePort, published.Protocol)
            ?? Assignments.FirstOrDefault(a => a.BasePort == basePort && a.Protocol == published.Protocol);

    /// <summary>The first pair of ports that two plans would both publish, or <see langword="null"/>.</summary>
    public (PortAssignment Mine, PortAssignment Theirs)? FindClash(PortPlan other)
    {
        var taken = new Dictionary<(int Port, string Protocol), PortAssignment>();
        foreach (var theirs in other.Assignments)
        for (var i = 0; i < theirs.Count; i++)
            taken.TryAdd((theirs.Port + i, theirs.Protocol), theirs);
        foreach (var mine in Assignments)
        for (var i = 0; i < mine.Count; i++)
        {
            if (taken.TryGetValue((mine.Port + i, mine.Protocol), out var theirs))
                return (mine, theirs);
        }

        return null;
    }
}
