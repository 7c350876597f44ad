using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace InstanceKit.Logs;

/// <summary>Makes one stream of several logs.</summary>
internal static class LogMerger
{
    private static readonly TimeSpan PastWindow = TimeSpan.FromMilliseconds(300);

    /// <summary>Merges finite logs by time. Lines of one log keep their order; for equal times, the first log comes first.</summary>
    /// <param name="finished">The logs, each in its own order of time.</param>
    /// <param name="cancellation">Ends the stream, without an error.</param>
    public static async IAsyncEnumerable<LogLine> MergeAsync(
        IReadOnlyList<IAsyncEnumerable<LogLine>> finished, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var logs = finished.Select(log => log.GetAsyncEnumerator(cancellation)).ToList();
        try
        {
            var heads = new PriorityQueue<int, (DateTimeOffset, int)>();
            var begun = await Task.WhenAll(logs.Select(log => log.MoveNextAsync().AsTask())); // engines answer side by side
            for (var index = 0; index < logs.Count; index++)
                Enqueue(index, begun[index]);
            while (heads.TryDequeue(out var index, out _))
            {
                yield return logs[index].Current;
                Enqueue(index, !cancellation.IsCancellationRequested && await logs[index].MoveNextAsync());
            }

            void Enqueue(int index, bool hasLine)
            {
                if (hasLine)
                    heads.Enqueue(index, (logs[index].Current.Timestamp, index));
            }
        }
        finally
        {
            foreach (var log in logs)
                await log.DisposeAsync();
        }
    }

    /// <summary>Returns the lines of followed logs as they arrive; those of the first 300 ms, the past, by time.</summary>
    /// <param name="followed">The logs.</param>
    /// <param name="cancellation">Ends the stream, without an error.</param>
    /// <returns>A stream that ends when every log has ended.</returns>
    public static async IAsyncEnumerable<LogLine> FollowAsync(
        IReadOnlyList<IAsyncEnumerable<LogLine>> followed, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var detach = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var channel = Channel.CreateBounded<LogLine>(1024);
        var pumps = Task.WhenAll(followed.Select(log => PumpAsync(log, channel.Writer, detach.Token)));
        var completion = pumps.ContinueWith(
            task => channel.Writer.TryComplete(task.Exception?.InnerException), TaskScheduler.Default);
        try
        {
            foreach (var line in await ReadPastAsync(channel.Reader, detach.Token))
                yield return line;
            while (await WaitAsync(channel.Reader, cancellation))
            {
                while (channel.Reader.TryRead(out var line))
                    yield return line;
            }
        }
        finally
        {
            await detach.CancelAsync();
            await completion;
        }
    }

    private static async Task PumpAsync(IAsyncEnumerable<LogLine> log, ChannelWriter<LogLine> writer, CancellationToken detach)
    {
        try
        {
            await foreach (var line in log.WithCancellation(detach))
                await writer.WriteAsync(line, detach);
        }
        catch (OperationCanceledException) when (detach.IsCancellationRequested)
        {
            return; // detached
        }
    }

    private static async Task<IEnumerable<LogLine>> ReadPastAsync(ChannelReader<LogLine> reader, CancellationToken cancellation)
    {
        var past = new List<LogLine>();
        using var window = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        window.CancelAfter(PastWindow);
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < PastWindow && await WaitAsync(reader, window.Token))
        {
            while (reader.TryRead(out var line))
                past.Add(line);
        }

        return past.OrderBy(line => line.Timestamp);
    }

    // False when there are no more lines, or no reader.
    private static async Task<bool> WaitAsync(ChannelReader<LogLine> reader, CancellationToken cancellation)
    {
        try
        {
            return await reader.WaitToReadAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}

/// <summary>One line that an app or a container wrote.</summary>
internal sealed record LogLine
{
    /// <summary>When it was written; a line without a timestamp has that of the previous line.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Who wrote it: the app or service.</summary>
    public required string Source { get; init; }

    /// <summary>Whether it was written to standard error.</summary>
    public required bool IsError { get; init; }

    /// <summary>The text, without timestamp and line ending.</summary>
    public required string Text { get; init; }
}
