namespace InstanceKit.Ports;

/// <summary>
/// Gives ports their numbers in all instances of the horizon at once, so that no two instances ever meet: an extra
/// service's base may be what another port becomes in a higher instance.
/// </summary>
internal sealed class PortPlacement(int stride, int horizon)
{
    private const int LowestPort = 1024;
    private const int HighestPort = 65535;

    /// <summary>Where ports go whose base leaves no room above it; below what systems hand out to clients.</summary>
    private const int FreeArea = 20000;

    /// <summary>What is added to a base below 1024, as people do: 8080 for 80, 8443 for 443.</summary>
    private const int AboveReserved = 8000;

    private readonly Dictionary<string, Dictionary<int, (string Name, int Instance)>> _taken = [];

    /// <summary>Takes a family for a port; numbers that are taken already stay the other's.</summary>
    public void Take(PortDemand demand, PortFamily family)
    {
        if (!_taken.TryGetValue(demand.Protocol, out var taken))
            _taken[demand.Protocol] = taken = [];
        for (var instance = 0; instance <= horizon; instance++)
        for (var i = 0; i < demand.Count; i++)
        {
            if (family.At(instance) + i is var port and <= HighestPort)
                taken.TryAdd((int)port, (demand.Name, instance));
        }
    }

    /// <summary>Who has one of a family's numbers already, or <see langword="null"/>.</summary>
    public PortConflict? FindConflict(PortDemand demand, PortFamily family)
    {
        if (!_taken.TryGetValue(demand.Protocol, out var taken))
            return null;
        for (var instance = 0; instance <= horizon; instance++)
        for (var i = 0; i < demand.Count; i++)
        {
            var port = family.At(instance) + i;
            if (port <= HighestPort && taken.TryGetValue((int)port, out var other))
                return new PortConflict((int)port, instance, other.Name, other.Instance);
        }

        return null;
    }

    /// <summary>Whether a port can have its base plus strides in every instance.</summary>
    public bool FitsUnmoved(PortDemand demand) => IsFree(demand, PortFamily.Regular(demand.BasePort, stride), LowestPort);

    /// <summary>The first family that is free, nearest to the base.</summary>
    /// <exception cref="InstanceKitException">There is no room at all.</exception>
    public PortFamily Place(PortDemand demand)
    {
        if (demand.BasePort >= LowestPort)
        {
            for (var start = demand.BasePort; Fits(demand, start); start++)
            {
                if (IsFree(demand, PortFamily.Regular(start, stride), LowestPort))
                    return PortFamily.Regular(start, stride);
            }
        }

        var first = demand.BasePort < LowestPort ? AboveReserved + demand.BasePort : FreeArea;
        foreach (var from in new[] { first, LowestPort })
        {
            for (var start = from; Fits(demand, start); start++)
            {
                var family = new PortFamily(demand.BasePort, start, stride);
                if (IsFree(demand, family, 1))
                    return family;
                if (IsFree(demand, family with { Zero = start }, LowestPort))
                    return family with { Zero = start };
            }
        }

        if (MeetsItself(demand))
        {
            throw InstanceKitException.Usage(
                $"{demand.Name} ({demand.Owner}) is a range of {demand.Count} ports, longer than the stride of {stride} between instances.",
                "Give the stack a larger stride in instancekit.yml.");
        }

        throw InstanceKitException.Usage(
            $"There is no room for {demand.Name} ({demand.Owner}, base {demand.BasePort}) beside the stack's other ports.",
            "Give the stack a smaller stride in instancekit.yml.");
    }

    private bool Fits(PortDemand demand, int start) => start + ((long)horizon * stride) + demand.Count - 1 <= HighestPort;

    private bool IsFree(PortDemand demand, PortFamily family, int lowest) =>
        family.Zero >= lowest && family.Zero + demand.Count - 1 <= HighestPort
        && family.At(horizon) + demand.Count - 1 <= HighestPort
        && FindConflict(demand, family) is null && !MeetsItself(demand);

    /// <summary>A range as long as the stride would run into the next instance's.</summary>
    private bool MeetsItself(PortDemand demand) => horizon > 0 && demand.Count > stride;
}

/// <summary>A number that two ports would have.</summary>
/// <param name="Port">The number.</param>
/// <param name="Instance">The instance in which the one would have it.</param>
/// <param name="Name">The other port.</param>
/// <param name="OtherInstance">The instance in which the other one has it.</param>
internal sealed record PortConflict(int Port, int Instance, string Name, int OtherInstance)
{
    /// <summary>Reads as "9200 is MINIO_API of instance 2".</summary>
    public override string ToString() => $"{Port} is {Name} of instance {OtherInstance}";
}
