using System.Text.Json.Serialization;
using InstanceKit.Models;
using InstanceKit.Stacks;

namespace InstanceKit.Ports;

/// <summary>All ports of one instance.</summary>
/// <param name="Instance">The instance's number.</param>
/// <param name="Assignments">The ports, named ones first, in the stack's order.</param>
public sealed record PortPlan(int Instance, IReadOnlyList<PortAssignment> Assignments)
{
    /// <summary>The ports that are the instance's alone.</summary>
    [JsonIgnore]
    public IEnumerable<PortAssignment> Own => Assignments.Where(a => !a.IsShared);

    /// <summary>The plan with the ports of services that the instance shares, where those run.</summary>
    /// <param name="services">The shared services.</param>
    /// <param name="infrastructure">The ports of the shared infrastructure.</param>
    public PortPlan WithShared(IReadOnlyCollection<string> services, PortPlan infrastructure) => this with
    {
        Assignments = [.. Assignments.Select(a => a.Owner.Kind == OwnerKind.Service && services.Contains(a.Owner.Name)
            && infrastructure.Find(a.Owner, a.BasePort, a.Protocol) is { } shared
                ? shared with { IsShared = true, Reason = "of the shared infrastructure" } : a)],
    };

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

    /// <summary>The assignment of a published port, or <see langword="null"/> if the engine picks it.</summary>
    /// <remarks>A named port may name another owner for it; two services may share a base on two host addresses.</remarks>
    public PortAssignment? Of(PublishedPort published) => published.BasePort is not { } basePort
        ? null
        : Find(new PortOwner(OwnerKind.Service, published.Service), basePort, published.Protocol)
            ?? Assignments.FirstOrDefault(a => a.BasePort == basePort && a.Protocol == published.Protocol);

    /// <summary>The first pair of ports that two plans would both publish, or <see langword="null"/>.</summary>
    public (PortAssignment Mine, PortAssignment Theirs)? FindClash(PortPlan other)
    {
        var taken = new Dictionary<(int Port, string Protocol), PortAssignment>();
        foreach (var theirs in other.Own)
        for (var i = 0; i < theirs.Count; i++)
            taken.TryAdd((theirs.Port + i, theirs.Protocol), theirs);
        foreach (var mine in Own)
        for (var i = 0; i < mine.Count; i++)
        {
            if (taken.TryGetValue((mine.Port + i, mine.Protocol), out var theirs))
                return (mine, theirs);
        }

        return null;
    }
}

/// <summary>One port of one instance.</summary>
/// <param name="Name">The name that <c>Ports</c> prints.</param>
/// <param name="Label">The name shown to people.</param>
/// <param name="BasePort">The port of instance 0.</param>
/// <param name="Port">The instance's port, 1 to 65535.</param>
/// <param name="Owner">The service or app that publishes it.</param>
/// <param name="Scheme">The URL scheme of its endpoint; <see langword="null"/> for host:port.</param>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
/// <param name="Count">How many ports follow each other from this one on, see <see cref="PublishedPort.Count"/>.</param>
/// <param name="Reason">The reason for this number: "base 9200 + 2; MINIO_API of instance 2 is 9200".</param>
public sealed record PortAssignment(
    string Name, string Label, int BasePort, int Port, PortOwner Owner, string? Scheme = null, string Protocol = "tcp",
    int Count = 1, string Reason = "")
{
    /// <summary>Whether a service publishes it that all instances share.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsShared { get; init; }

    /// <summary>The address to use from this machine: <c>http://localhost:5273</c> or <c>localhost:7333</c>.</summary>
    public string Endpoint => Scheme is null ? $"localhost:{Port}" : $"{Scheme}://localhost:{Port}";
}
