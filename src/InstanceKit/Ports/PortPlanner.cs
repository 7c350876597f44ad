using InstanceKit.Stacks;

namespace InstanceKit.Ports;

/// <summary>Gives every published port of a stack its number in an instance: base + instance × stride.</summary>
public static class PortPlanner
{
    private const int HighestPort = 65535;

    /// <summary>Plans the ports of one instance.</summary>
    /// <param name="stack">The stack, with its named ports.</param>
    /// <param name="published">What the compose files publish; what has no name gets one from its service.</param>
    /// <param name="instance">The instance's number, 0 or more.</param>
    /// <exception cref="InstanceKitException">A port would exceed 65535, or two of the plan would be the same.</exception>
    public static PortPlan Plan(StackDefinition stack, IReadOnlyList<PublishedPort> published, int instance)
    {
        var named = stack.Ports.Select(p => new PortAssignment(p.Name, p.Label, p.BasePort, 0, p.Owner, p.Scheme));
        var known = stack.Ports.Select(p => p.BasePort).ToHashSet();
        var others = published
            .Where(p => p.BasePort is { } port && !(p.Protocol == "tcp" && known.Contains(port)))
            .DistinctBy(p => (p.Service, p.BasePort, p.Protocol))
            .OrderBy(p => p.Service, StringComparer.Ordinal).ThenBy(p => p.BasePort).ThenBy(p => p.Protocol, StringComparer.Ordinal)
            .Select(Unnamed);

        var bases = named.Concat(others).ToList();
        RequireRoom(bases, stack.PortStride, instance);
        var assignments = bases.Select(a => a with { Port = a.BasePort + (instance * stack.PortStride) }).ToList();
        var twice = assignments.GroupBy(a => (a.Port, a.Protocol)).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
        {
            throw InstanceKitException.Usage(
                $"Port {twice.Key.Port} would be published twice in instance {instance}, by "
                + string.Join(" and ", twice.Select(a => $"{a.Name} ({a.Owner})")) + ".",
                "Give one of them another published port in the compose file.");
        }

        return new PortPlan(instance, assignments);
    }

    /// <summary>The highest instance number that keeps every named port of the stack within 65535.</summary>
    public static int HighestInstance(StackDefinition stack) =>
        (HighestPort - stack.Ports.Max(p => p.BasePort)) / stack.PortStride;

    private static void RequireRoom(List<PortAssignment> bases, int stride, int instance)
    {
        var top = bases.MaxBy(a => a.BasePort);
        var port = top is null ? 0 : top.BasePort + ((long)instance * stride);
        if (top is null || port <= HighestPort)
            return;
        throw InstanceKitException.Usage(
            $"Instance {instance} is too high: {top.Name} would be port {port}, above {HighestPort}.",
            $"Choose a number from 0 to {(HighestPort - top.BasePort) / stride}.");
    }

    private static PortAssignment Unnamed(PublishedPort port)
    {
        var service = port.Service.ToUpperInvariant().Replace('-', '_').Replace('.', '_');
        var suffix = port.Protocol == "tcp" ? "" : $"_{port.Protocol.ToUpperInvariant()}";
        return new PortAssignment(
            $"{service}_{port.BasePort}{suffix}", $"{port.Service} {port.BasePort}", port.BasePort!.Value, 0,
            new PortOwner(OwnerKind.Service, port.Service), Protocol: port.Protocol);
    }
}
