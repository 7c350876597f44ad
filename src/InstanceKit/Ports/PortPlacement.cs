namespace InstanceKit.Ports;

/// <summary>
/// Assigns ports in all instances of the horizon at once, so that no two instances ever conflict: an extra
/// service's base may equal another port in a higher instance.
/// </summary>
internal sealed class PortPlacement
{
    private const int LowestPort = 1024;
    private const int HighestPort = 65535;

    /// <summary>The start for ports whose base leaves no room above it; below the ephemeral port range.</summary>
    private const int FreeArea = 20000;

    /// <summary>What is added to a base below 1024, as people do: 8080 for 80, 8443 for 443.</summary>
    private const int AboveReserved = 8000;

    private readonly int _horizon;
    private readonly int _instance;
    private readonly List<TakenPorts> _taken = [];
    private readonly List<TakenPorts> _held;

    /// <summary>Starts with nothing taken but what other instances have.</summary>
    public PortPlacement(int horizon, int instance, IReadOnlyList<PortPlan> others)
    {
        (_horizon, _instance) = (horizon, instance);
        _held =
        [
            .. others.Where(o => o.Instance != instance).SelectMany(o => o.Assignments.Select(a =>
                new TakenPorts(a.Protocol, a.Port, a.Port + a.Count - 1, a.Name, o.Instance))),
        ];
    }

    /// <summary>Reserves the numbers of a port in one instance.</summary>
    public void Reserve(PortRun run, int port, int instance) =>
        _taken.Add(new TakenPorts(run.Protocol, port, port + run.Count - 1, run.Name, instance));

    /// <summary>Reserves a family for a port in instances 1 and more.</summary>
    public void Take(PortRun run, PortFamily family)
    {
        for (var number = 1; number <= _horizon; number++)
        {
            if (family.At(number) is var port && port + run.Count - 1 <= HighestPort)
                Reserve(run, (int)port, number);
        }
    }

    /// <summary>Which other instance already has one of these numbers, or <see langword="null"/>.</summary>
    public PortConflict? HolderOf(PortRun run, int port) => Meet(_held, run, port, _instance);

    /// <summary>Who has one of a family's numbers already, or <see langword="null"/>.</summary>
    public PortConflict? FindConflict(PortRun run, PortFamily family, int from) =>
        Enumerable.Range(from, _horizon - from + 1).Select(n => Meet(_taken, run, family.At(n), n)).FirstOrDefault(c => c is not null);

    /// <summary>Who has one of the numbers that a group would have with a shift, or <see langword="null"/>.</summary>
    public PortConflict? FindConflict(PortGroup group, int shift) => FindConflict(group, shift, _horizon);

    /// <summary>The numbers of instance 0 in a family.</summary>
    public IEnumerable<PortConflict> BasesIn(PortRun run, PortFamily family) =>
        Enumerable.Range(1, _horizon).Select(n => Meet(_taken.FindAll(t => t.Instance == 0), run, family.At(n), n)).OfType<PortConflict>();

    /// <summary>The first number from one on that nobody has.</summary>
    public int NextFree(PortRun run, int port, int instance)
    {
        while ((Meet(_taken, run, port, instance) ?? (instance == _instance ? HolderOf(run, port) : null)) is not null)
            port++;
        return port;
    }

    /// <summary>Whether a group can have a shift in every instance.</summary>
    public bool IsFree(PortGroup group, int shift) => Fits(group, shift, _horizon) && FindConflict(group, shift) is null;

    /// <summary>The first shift, nearest to the base, at which the group is free in as many instances as possible.</summary>
    /// <exception cref="InstanceKitException">There is none in the planned instance.</exception>
    public int Find(PortGroup group)
    {
        for (var horizon = _horizon; horizon > 0; horizon--)
        {
            foreach (var start in group.First < LowestPort ? [AboveReserved + group.First, LowestPort] : new[] { group.First, FreeArea, LowestPort })
            {
                if (Find(group, start - group.First, horizon) is not { } shift)
                    continue;
                return horizon == _horizon || _instance <= horizon ? shift : throw NoRoom(group, horizon);
            }
        }

        throw NoRoom(group, 0);
    }

    private int? Find(PortGroup group, int shift, int horizon)
    {
        while (Fits(group, shift, horizon))
        {
            if (FindConflict(group, shift, horizon) is not { } conflict)
                return shift;
            shift += conflict.Beyond;
        }

        return null;
    }

    private InstanceKitException NoRoom(PortGroup group, int highest) => InstanceKitException.Usage(
        $"No free ports were found for {group.Members[0].Name} ({group.Members[0].Owner}, base {group.First}) in instance {_instance}: "
        + $"it has {group.End - group.First} ports, which fit beside the stack's other ports in instances 0 to {highest}.",
        "Publish a shorter range in the compose file, or choose a lower instance number.");

    private PortConflict? FindConflict(PortGroup group, int shift, int horizon)
    {
        foreach (var run in group.Runs)
        {
            var family = new PortFamily(run.First + shift, group.Stride);
            for (var number = 1; number <= horizon; number++)
            {
                if (Meet(_taken, run, family.At(number), number) is { } conflict)
                    return conflict;
            }

            if (HolderOf(run, (int)Math.Min(family.At(_instance), HighestPort + 1)) is { } holder)
                return holder;
        }

        return null;
    }

    private static bool Fits(PortGroup group, int shift, int horizon) =>
        group.First + shift >= LowestPort && group.End - 1 + shift + ((long)horizon * group.Stride) <= HighestPort;

    private static PortConflict? Meet(List<TakenPorts> taken, PortRun run, long port, int instance)
    {
        foreach (var other in taken)
        {
            if (other.Protocol == run.Protocol && other.First < port + run.Count && port <= other.Last)
                return new PortConflict((int)Math.Max(port, other.First), instance, other.Name, other.Instance) { Beyond = (int)(other.Last + 1 - port) };
        }

        return null;
    }

    private sealed record TakenPorts(string Protocol, int First, int Last, string Name, int Instance);
}

/// <summary>A number that two ports would have.</summary>
/// <param name="Port">The number.</param>
/// <param name="Instance">The instance of the first port.</param>
/// <param name="Name">The other port.</param>
/// <param name="OtherInstance">The instance of the other port.</param>
internal sealed record PortConflict(int Port, int Instance, string Name, int OtherInstance)
{
    /// <summary>By how much the first port must move at least.</summary>
    public int Beyond { get; init; }

    /// <summary>Reads as "9200 is MINIO_API of instance 2".</summary>
    public override string ToString() => $"{Port} is {Name} of instance {OtherInstance}";
}

/// <summary>The numbers of one port in the instances above 0.</summary>
/// <param name="Start">What instance N adds N strides to.</param>
/// <param name="Stride">The distance between neighbouring instances.</param>
internal sealed record PortFamily(int Start, int Stride)
{
    private readonly Dictionary<int, int> _exceptions = [];

    /// <summary>The same with another number in one instance.</summary>
    public PortFamily With(int instance, int port)
    {
        var changed = new PortFamily(Start, Stride);
        foreach (var (number, other) in _exceptions)
            changed._exceptions[number] = other;
        changed._exceptions[instance] = port;
        return changed;
    }

    /// <summary>The number in an instance; it may exceed 65535.</summary>
    public long At(int instance) => _exceptions.TryGetValue(instance, out var port) ? port : Start + ((long)instance * Stride);
}
