using InstanceKit.Planning;

namespace InstanceKit.Drivers;

/// <summary>What containers take of the machine.</summary>
public sealed partial class DockerInspector
{
    /// <summary>Adds to running containers what they take; one that can't be measured in time stays as it is.</summary>
    /// <param name="containers">The containers.</param>
    /// <param name="patience">How long the engine is waited for, where the kernel does not tell.</param>
    /// <param name="cancellation">Ends the question.</param>
    public async Task<IReadOnlyList<ObservedContainer>> MeasureAsync(
        IReadOnlyList<ObservedContainer> containers, TimeSpan patience, CancellationToken cancellation)
    {
        var group = OperatingSystem.IsLinux() ? new ControlGroup() : null;
        var measured = containers.ToArray();
        var asked = new List<(int Index, Task<ResourceUse?> Answer)>();
        for (var i = 0; i < measured.Length; i++)
        {
            var container = measured[i];
            if (container.State is not (ContainerState.Running or ContainerState.Paused))
                continue;
            if (group?.Read(container.Id, container.Pid) is { } use)
                measured[i] = container with { Use = use };
            else
                asked.Add((i, AskStatsAsync(container.Id, cancellation)));
        }

        if (asked.Count == 0)
            return measured;
        var all = Task.WhenAll(asked.Select(a => a.Answer));
        await Task.WhenAny(all, Task.Delay(patience, cancellation));
        cancellation.ThrowIfCancellationRequested();
        foreach (var (index, answer) in asked)
        {
            if (answer.IsCompletedSuccessfully)
                measured[index] = measured[index] with { Use = await answer };
        }

        return measured;
    }

    private async Task<ResourceUse?> AskStatsAsync(string container, CancellationToken cancellation)
    {
        try
        {
            // Each on a thread of its own: the engine may keep every one of them waiting for a second.
            return await Task.Factory.StartNew(
                () => new EngineClient(_endpoint, cancellation).Get($"/containers/{container}/stats?stream=false&one-shot=true") is { } answer ? StatsReader.Read(answer) : null,
                cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (Exception e) when (EngineFailure.IsOfEngine(e))
        {
            return null; // what runs is known; only the figure is not
        }
    }
}
