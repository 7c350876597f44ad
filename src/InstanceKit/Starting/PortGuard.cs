using InstanceKit.Engine;
using InstanceKit.Infra;
using InstanceKit.Instances;
using InstanceKit.Platform;
using InstanceKit.Ports;
using InstanceKit.Reconcile;
using InstanceKit.Stacks;

namespace InstanceKit.Starting;

/// <summary>Refuses to start on ports in use, naming the port, who needs it and who uses it.</summary>
internal sealed class PortGuard(Infrastructure infra, Lazy<EngineClient> engine)
{
    /// <summary>Checks the ports of everything that is about to be started.</summary>
    /// <exception cref="InstanceKitException">A port is in use: exit code 4.</exception>
    public async Task RequireFreeAsync(
        InstancePlan plan, OperationPlan operations, ObservedState observed, CancellationToken cancellation)
    {
        var wanted = plan.Ports.Assignments.Where(a => a.Protocol == "tcp" && IsAboutToBePublished(a, plan, operations, observed))
            .ToList();
        var taken = PortProbe.Probe(wanted.Select(a => a.Port));
        var lines = new List<string>();
        foreach (var port in taken)
        {
            var assignment = wanted.First(a => a.Port == port.Port);
            if (await DescribeOwnerAsync(port, plan.Spec, cancellation) is { } owner)
                lines.Add($"port {port.Port} ({assignment.Name}, {assignment.Owner}) is already in use by {owner}");
        }

        if (lines.Count > 0)
            throw Error(plan.Spec, lines);
    }

    /// <summary>The error for ports in use.</summary>
    public static InstanceKitException Error(InstanceSpec spec, IReadOnlyList<string> lines) => new(
        ExitCode.PortTaken,
        $"{spec.Title} can't start: "
        + (lines.Count == 1 ? lines[0] + "." : "\n" + string.Join('\n', lines.Select(l => $"    {l}"))),
        "Stop that process or container, or use another instance number.");

    /// <summary>Who has a port; <see langword="null"/> when it is a container of the instance itself.</summary>
    public async Task<string?> DescribeOwnerAsync(TakenPort port, InstanceSpec spec, CancellationToken cancellation)
    {
        if (!await infra.IsEmbeddedAsync(spec, cancellation) && await engine.Value.FindPublisherAsync(port.Port, cancellation) is var (id, name, project))
            return project == spec.Project ? null : $"container {name} ({id})";
        return port.Holder;
    }

    private static bool IsAboutToBePublished(
        PortAssignment port, InstancePlan plan, OperationPlan operations, ObservedState observed)
    {
        if (port.Owner.Kind == OwnerKind.Service)
        {
            return operations.TargetsOf(OperationKind.StartService).Contains(port.Owner.Name)
                && observed.ContainerOf(port.Owner.Name) is not { State: ContainerState.Running or ContainerState.Paused, Lacks: null };
        }

        var process = plan.Apps.First(a => a.Definition.Name == port.Owner.Name).ProcessName;
        return operations.TargetsOf(OperationKind.StartApp).Contains(process);
    }
}
