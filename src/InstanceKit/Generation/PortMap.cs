using System.Collections.Frozen;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Generation;

/// <summary>From the base ports of one stack to the ports of one instance, and back. Immutable.</summary>
public sealed class PortMap
{
    private readonly FrozenDictionary<int, int> _ports;
    private readonly FrozenDictionary<int, int> _bases;

    private PortMap(Dictionary<int, int> ports, Dictionary<int, int> bases)
    {
        _ports = ports.ToFrozenDictionary();
        _bases = bases.ToFrozenDictionary();
    }

    /// <summary>Makes the map.</summary>
    /// <param name="pairs">Base port to the instance's port, each 1 to 65535; both may be the same number.</param>
    /// <exception cref="ArgumentException">
    /// A number is out of range, or two pairs disagree: one base port with two ports, or two with the same.
    /// </exception>
    public static PortMap Of(IEnumerable<KeyValuePair<int, int>> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var ports = new Dictionary<int, int>();
        var bases = new Dictionary<int, int>();
        foreach (var (basePort, port) in pairs)
        {
            if (basePort is < 1 or > 65535 || port is < 1 or > 65535)
                throw new ArgumentException($"A port is 1 to 65535, not {basePort} → {port}.", nameof(pairs));
            if (!ports.TryAdd(basePort, port) && ports[basePort] != port)
                throw new ArgumentException($"Base port {basePort} has two ports.", nameof(pairs));
            if (!bases.TryAdd(port, basePort) && bases[port] != basePort)
                throw new ArgumentException($"Port {port} has two base ports.", nameof(pairs));
        }

        return new PortMap(ports, bases);
    }

    /// <summary>The map of an instance: its TCP ports, ranges number by number, and the further names of named ports.</summary>
    /// <param name="stack">The stack, whose named ports may be known by other numbers too.</param>
    /// <param name="isWanted">Which base ports are translated; <see langword="null"/> for all.</param>
    public static PortMap Of(PortPlan ports, StackDefinition stack, Func<PortAssignment, bool>? isWanted = null)
    {
        var all = new Dictionary<int, int>();
        var bases = new Dictionary<int, int>();
        var wanted = ports.Assignments.Where(a => a.Protocol == "tcp" && (isWanted?.Invoke(a) ?? true)).ToList();
        foreach (var assignment in wanted)
        for (var i = 0; i < assignment.Count; i++)
        {
            // Of two services on one number of two host addresses, the first is the one that the number means.
            if (all.TryAdd(assignment.BasePort + i, assignment.Port + i))
                bases.TryAdd(assignment.Port + i, assignment.BasePort + i);
        }

        foreach (var named in stack.Ports.Where(p => wanted.Any(a => a.Name == p.Name)))
        foreach (var other in named.AlsoKnownAs)
            all.TryAdd(other, ports.PortOf(named.Name));
        return new PortMap(all, bases);
    }

    /// <summary>The instance's port for a base port, or null when the stack has no such base port.</summary>
    /// <param name="basePort">Any number.</param>
    public int? Translate(int basePort) => _ports.TryGetValue(basePort, out var port) ? port : null;

    /// <summary>The base port of an instance's port, or null when the instance has no such port.</summary>
    /// <param name="port">Any number.</param>
    public int? BaseOf(int port) => _bases.TryGetValue(port, out var basePort) ? basePort : null;
}
