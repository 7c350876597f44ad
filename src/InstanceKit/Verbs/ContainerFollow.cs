using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Logs;
using InstanceKit.Models;

namespace InstanceKit.Verbs;

/// <summary>
/// Follows the logs of the containers of instances across restarts, and picks up those that are created or started
/// later. The engine ends the log of a container that exits; this continues with its next run.
/// </summary>
/// <param name="specs">The instances whose services are containers.</param>
/// <param name="isWanted">Whether the log of a service is wanted.</param>
internal sealed class ContainerFollow(EngineClient docker, IReadOnlyList<InstanceSpec> specs, Func<string, bool> isWanted)
{
    // The engine reports what happens; this is a fallback.
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, Task> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _last = new(StringComparer.Ordinal);

    /// <summary>The lines, as they arrive, until cancelled.</summary>
    /// <param name="query">Which of the existing lines come first.</param>
    /// <param name="cancellation">Ends the stream, without an error.</param>
    public async IAsyncEnumerable<LogLine> ReadAsync(LogQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var detach = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var lines = Channel.CreateBounded<LogLine>(1024);
        var watching = WatchAsync(query, lines.Writer, detach.Token);
        try
        {
            while (await WaitAsync(lines.Reader, cancellation))
            {
                while (lines.Reader.TryRead(out var line))
                    yield return line;
            }
        }
        finally
        {
            await detach.CancelAsync();
            await Task.WhenAny(watching);
        }

        await watching; // rethrows its failure
    }

    private static async Task<bool> WaitAsync(ChannelReader<LogLine> reader, CancellationToken cancellation)
    {
        try
        {
            return await reader.WaitToReadAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task WatchAsync(LogQuery query, ChannelWriter<LogLine> lines, CancellationToken cancellation)
    {
        try
        {
            using var events = docker.ListenToInstances();
            for (var isFirst = true; ; isFirst = false)
            {
                foreach (var spec in specs)
                {
                    foreach (var container in await docker.ListAsync(spec.Project, cancellation))
                        Open(spec, container, isFirst ? query : null, lines, cancellation);
                }

                using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                var ends = _open.Values.Where(t => !t.IsCompleted).ToList();
                var something = events.WaitAsync(LookAnyway, over.Token);
                await Task.WhenAny(ends.Append(something));
                await over.CancelAsync();
                cancellation.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Nobody listens any longer.
        }
        finally
        {
            await Task.WhenAll(_open.Values);
            lines.TryComplete();
        }
    }

    /// <summary>Opens the log of a new run; the log of an earlier run was read with that run.</summary>
    private void Open(
        InstanceSpec spec, ObservedContainer container, LogQuery? first, ChannelWriter<LogLine> lines, CancellationToken cancellation)
    {
        if (!isWanted(container.Service) || (_open.TryGetValue(container.Id, out var open) && !open.IsCompleted)
            || (first is null && container.State is not (ContainerState.Running or ContainerState.Exited or ContainerState.Restarting))
            || !_seen.Add($"{container.Id} {container.StartedAt:O}"))
            return;
        var after = _last.TryGetValue(container.Id, out var last) ? last.AddTicks(1) : (DateTimeOffset?)null;
        var query = first ?? new LogQuery { Follow = true, Since = after };
        _open[container.Id] = PumpAsync(
            new ContainerLogReader(docker.Client, container.Id, $"{spec.Number}/{container.Service}"), container.Id, query, lines, cancellation);
    }

    private async Task PumpAsync(
        ContainerLogReader reader, string id, LogQuery query, ChannelWriter<LogLine> lines, CancellationToken cancellation)
    {
        try
        {
            await foreach (var line in reader.ReadAsync(query, cancellation))
            {
                _last[id] = line.Timestamp;
                await lines.WriteAsync(line, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Nobody listens any longer.
        }
    }
}
