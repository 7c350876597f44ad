using InstanceKit.Drivers;
using InstanceKit.Instances;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Lifecycle;

/// <summary>Finds the lowest number that a workspace can take without meeting anybody.</summary>
internal sealed class FreeNumber(ManagerContext context)
{
    /// <summary>The number and its ports; <see langword="null"/> when none is free.</summary>
    /// <param name="book">The leases.</param>
    /// <param name="engine">What the engine holds; <see langword="null"/> when it does not answer.</param>
    /// <param name="published">What the compose files publish.</param>
    public PortPlan? Find(LeaseBook book, IReadOnlyList<EngineInstance>? engine, IReadOnlyList<PublishedPort> published)
    {
        var taken = book.Leases.Select(l => l.Project).Concat((engine ?? []).Select(e => e.Project)).ToHashSet(StringComparer.Ordinal);
        var ports = book.Leases.SelectMany(l => l.Footprint.Ports).ToHashSet(StringComparer.Ordinal);
        var own = context.Directory.ListInstances().Concat(book.Leases.Where(l => l.Workspace == context.Workspace).Select(l => l.Number))
            .ToHashSet();
        for (var number = 0; number <= PortPlanner.HighestInstance(context.Stack); number++)
        {
            if (own.Contains(number) || taken.Contains(context.Stack.ProjectOf(number)))
                continue;
            if (TryPlan(published, number) is not { } plan)
                return null;
            if (!MachineLook.Ports(plan).Ports.Any(ports.Contains) && AreFree(plan))
                return plan;
        }

        return null;
    }

    /// <summary>A port that somebody holds who knows nothing of leases is as much in the way.</summary>
    private static bool AreFree(PortPlan plan) => PortProbe.Probe(
        plan.Assignments.Where(a => a.Protocol == "tcp").SelectMany(a => Enumerable.Range(a.Port, a.Count))).Count == 0;

    private PortPlan? TryPlan(IReadOnlyList<PublishedPort> published, int number)
    {
        try
        {
            return PortPlanner.Plan(context.Stack, published, number);
        }
        catch (InstanceKitException)
        {
            return null; // beyond the last port
        }
    }
}
