using InstanceKit.Drivers;
using InstanceKit.Instances;
using InstanceKit.Ports;
using InstanceKit.Status;

namespace InstanceKit.Lifecycle;

/// <summary>Finds out who has the ports of an instance.</summary>
internal sealed class PortHolders(ManagerContext context)
{
    /// <summary>The TCP ports of the plan, each with its holder.</summary>
    public async Task<IReadOnlyList<PortFact>> FindAsync(InstanceSpec spec, PortPlan plan, CancellationToken cancellation)
    {
        var ports = plan.Assignments.Where(a => a.Protocol == "tcp")
            .SelectMany(a => Enumerable.Range(a.Port, a.Count).Select(port => (Port: port, a.Name))).DistinctBy(p => p.Port).ToList();
        var taken = PortProbe.Probe(ports.Select(p => p.Port)).ToDictionary(t => t.Port);
        var own = taken.Count == 0 ? [] : OwnedProcesses.Find(spec.OwnerMarker).Select(p => p.Pid).ToHashSet();
        return await Task.WhenAll(ports.Select(async p => taken.TryGetValue(p.Port, out var holder)
            ? await DescribeAsync(new PortFact(p.Port, p.Name, PortHolder.Other), holder, spec, own, cancellation)
            : new PortFact(p.Port, p.Name, PortHolder.Nobody)));
    }

    private async Task<PortFact> DescribeAsync(
        PortFact fact, TakenPort taken, InstanceSpec spec, HashSet<int> own, CancellationToken cancellation)
    {
        if (taken.Pid is { } pid && own.Contains(pid))
            return fact with { Holder = PortHolder.Instance };
        if (await FindPublisherAsync(taken.Port, cancellation) is var (id, name, project))
            return project == spec.Project ? fact with { Holder = PortHolder.Instance } : fact with { Who = $"container {name} ({id})" };
        return fact with { Who = PortGuard.DescribeProcess(taken) };
    }

    private async Task<(string Id, string Name, string? Project)?> FindPublisherAsync(int port, CancellationToken cancellation)
    {
        try
        {
            return await context.Docker.FindPublisherAsync(port, cancellation);
        }
        catch (InstanceKitException)
        {
            return null; // without an engine no container has it
        }
    }
}
