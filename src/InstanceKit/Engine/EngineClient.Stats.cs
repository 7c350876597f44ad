using System.Text.Json;
using InstanceKit.Platform;

namespace InstanceKit.Engine;

/// <summary>The resource usage of containers.</summary>
public sealed partial class EngineClient
{
    /// <summary>Adds the resource usage to running containers; one that can't be measured in time is unchanged.</summary>
    /// <param name="containers">The containers.</param>
    /// <param name="patience">How long to wait for the engine where the kernel can't be read.</param>
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
            // Each on its own thread: the engine may take a second for each.
            return await Task.Factory.StartNew(
                () => new EngineHttpClient(_endpoint, cancellation).Get($"/containers/{container}/stats?stream=false&one-shot=true") is { } answer ? StatsReader.Read(answer) : null,
                cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (Exception e) when (EngineFailure.IsOfEngine(e))
        {
            return null; // only the usage is unknown
        }
    }
}

/// <summary>Reads a container's resource usage from the engine's API.</summary>
internal static class StatsReader
{
    private const long NanosecondsPerTick = 100;

    /// <summary>One answer to <c>/containers/ID/stats</c>.</summary>
    /// <param name="json">The answer.</param>
    /// <exception cref="JsonException">It is none.</exception>
    public static ResourceUse Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var memory = Member(root, "memory_stats");
        var use = new ResourceUse
        {
            Cpu = Number(Member(Member(root, "cpu_stats"), "cpu_usage"), "total_usage") is { } time
                ? TimeSpan.FromTicks(time / NanosecondsPerTick) : null,
            Memory = Number(memory, "usage") is { } used ? Math.Max(0, used - Reclaimable(Member(memory, "stats"))) : null,
        };
        if (Member(root, "networks") is { ValueKind: JsonValueKind.Object } networks)
        {
            foreach (var network in networks.EnumerateObject())
                use += new ResourceUse { NetworkReceived = Number(network.Value, "rx_bytes"), NetworkSent = Number(network.Value, "tx_bytes") };
        }

        if (Member(Member(root, "blkio_stats"), "io_service_bytes_recursive") is { ValueKind: JsonValueKind.Array } blocks)
        {
            use += new ResourceUse { BlockRead = 0, BlockWritten = 0 };
            foreach (var block in blocks.EnumerateArray())
                use += Block(block);
        }

        return use;
    }

    // Capitalized with control groups version 1, lower case with version 2.
    private static ResourceUse Block(JsonElement block) => Member(block, "op") is { ValueKind: JsonValueKind.String } op
        ? op.GetString() switch
        {
            "Read" or "read" => new() { BlockRead = Number(block, "value") },
            "Write" or "write" => new() { BlockWritten = Number(block, "value") },
            _ => new(),
        }
        : new ResourceUse();

    // The two versions have a name each.
    private static long Reclaimable(JsonElement stats) =>
        Number(stats, "total_inactive_file") ?? Number(stats, "inactive_file") ?? 0;

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) ? member : default;

    private static long? Number(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : null;
}
