using InstanceKit.Drivers;
using InstanceKit.Instances;

namespace InstanceKit.Lifecycle;

/// <summary>Measures what running instances have of the memory.</summary>
internal static class MemoryProbe
{
    /// <summary>How many are measured: their average hardly changes with more.</summary>
    private const int MostMeasured = 3;

    /// <summary>The average of some that run, in bytes; <see langword="null"/> when none runs or nothing of them can be seen.</summary>
    public static Task<long?> MeasureAsync(IEnumerable<MachineInstance> instances, CancellationToken cancellation)
    {
        var running = instances.Where(i => i is { State: MachineState.Running, Workspace: not null }).Take(MostMeasured).ToList();
        return running.Count == 0 ? Task.FromResult<long?>(null) : Probe.AskAsync<long?>(
            async token =>
            {
                using var docker = new DockerInspector();
                var sizes = await Task.WhenAll(running.Select(i => MeasureAsync(i, docker, token)));
                return sizes.Sum() is > 0 and var all ? all / running.Count : null;
            },
            _ => null, cancellation);
    }

    private static async Task<long> MeasureAsync(MachineInstance instance, DockerInspector docker, CancellationToken cancellation)
    {
        var processes = MachineMemory.Of(OwnedProcesses.Find(ProcessMarks.OwnerOf(instance.Project, instance.Workspace!)));
        return processes + (instance.Running is > 0 ? await docker.MeasureMemoryAsync(instance.Project, cancellation) : 0);
    }
}
