using System.Collections.Frozen;
using InstanceKit.Ports;

namespace InstanceKit.Addresses;

/// <summary>From the base ports of one stack to the ports of one instance, and back. Immutable.</summary>
internal sealed class PortMap
{
    private readonly FrozenDictionary<int, int> _ports;
    private readonly FrozenDictionary<int, int> _bases;
    private readonly Dictionary<int, int> _groups;

    private PortMap(Dictionary<int, int> ports, Dictionary<int, int> bases, Dictionary<int, int> groups)
    {
        _groups = groups;
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

        return new PortMap(ports, bases, ports.Keys.ToDictionary(p => p));
    }

    /// <summary>The map of an instance: its ports, ranges number by number, and other numbers of named ports.</summary>
    /// <param name="aliases">Other numbers that files use for a port, each with the port's name; <see langword="null"/> for none.</param>
    /// <param name="isWanted">Which base ports are translated; <see langword="null"/> for all.</param>
    public static PortMap Of(
        PortPlan ports, IEnumerable<KeyValuePair<int, string>>? aliases = null, Func<PortAssignment, bool>? isWanted = null)
    {
        var all = new Dictionary<int, int>();
        var bases = new Dictionary<int, int>();
        var groups = new Dictionary<int, int>();
        // A number of both protocols means the TCP port; the planner gives them one number anyway.
        var wanted = ports.Assignments.Where(a => isWanted?.Invoke(a) ?? true).OrderBy(a => a.Protocol == "tcp" ? 0 : 1).ToList();
        foreach (var assignment in wanted)
        for (var i = 0; i < assignment.Count; i++)
        {
            // Of two services on one number of two host addresses, the first is the one that the number means.
            if (!all.TryAdd(assignment.BasePort + i, assignment.Port + i))
                continue;
            bases.TryAdd(assignment.Port + i, assignment.BasePort + i);
            groups[assignment.BasePort + i] = assignment.BasePort;
        }

        foreach (var (number, name) in aliases ?? [])
        {
            if (wanted.Find(a => a.Name == name) is { } named && all.TryAdd(number, named.Port))
                groups[number] = named.BasePort;
        }

        return new PortMap(all, bases, groups);
    }

    /// <summary>The numbers that stand for these base ports: each with its whole range and its other numbers.</summary>
    internal IReadOnlySet<int> GroupsOf(IEnumerable<int> basePorts)
    {
        var starts = basePorts.ToHashSet();
        return _groups.Where(g => starts.Contains(g.Value)).Select(g => g.Key).ToHashSet();
    }

    /// <summary>The instance's port for a base port, or null when the stack has no such base port.</summary>
    /// <param name="basePort">Any number.</param>
    public int? Translate(int basePort) => _ports.TryGetValue(basePort, out var port) ? port : null;

    /// <summary>Whether every port is its base port, as in instance 0.</summary>
    public bool IsIdentity => _ports.All(p => p.Key == p.Value);

    /// <summary>The base port of an instance's port, or null when the instance has no such port.</summary>
    /// <param name="port">Any number.</param>
    public int? BaseOf(int port) => _bases.TryGetValue(port, out var basePort) ? basePort : null;
}
