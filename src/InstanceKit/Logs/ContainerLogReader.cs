using System.Runtime.CompilerServices;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace InstanceKit.Logs;

/// <summary>Reads the log of a container, with or without a terminal, through the engine.</summary>
/// <param name="client">The connection to the engine.</param>
/// <param name="containerId">The container's id or name.</param>
/// <param name="source">The lines' <see cref="LogLine.Source"/>.</param>
internal sealed class ContainerLogReader(DockerClient client, string containerId, string source)
{
    // A multiple of Docker's chunks, each with its timestamp of 31 bytes, so that a split line continues with a timestamp.
    private const int LongestLine = 64 * (LogText.DockerPiece + 31);

    /// <summary>The selected lines; none if the container does not exist. Following ends when the container exits.</summary>
    /// <remarks>If the engine can't return this log, one line reports it, so that others can still be read.</remarks>
    /// <param name="cancellation">Ends the stream, without an error.</param>
    public async IAsyncEnumerable<LogLine> ReadAsync(
        LogQuery query, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var (stream, refusal) = await OpenAsync(query, cancellation);
        using var output = stream;
        if (refusal is not null)
            yield return Line(DateTimeOffset.Now, true, refusal);
        if (stream is null)
            yield break;

        var channels = new[] { new Channel(this, false), new Channel(this, true) };
        var buffer = new byte[64 * 1024];
        while (await ReadAsync(stream, buffer, cancellation) is { EOF: false } read)
        {
            var channel = channels[read.Target == MultiplexedStream.TargetStream.StandardError ? 1 : 0];
            foreach (var line in channel.Push(buffer.AsMemory(0, read.Count)))
                yield return line;
        }

        foreach (var line in channels.Select(c => c.TakeRest()).OfType<LogLine>())
            yield return line;
    }

    private async Task<(MultiplexedStream? Stream, string? Refusal)> OpenAsync(LogQuery query, CancellationToken cancellation)
    {
        var parameters = new ContainerLogsParameters
        {
            ShowStdout = true,
            ShowStderr = true,
            Timestamps = true,
            Follow = query.Follow,
            Tail = query.Tail?.ToString() ?? "all",
            Since = query.Since is { } since ? Seconds(since) : null,
        };
        try
        {
            return (await client.Containers.GetContainerLogsAsync(containerId, parameters, cancellation), null);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return (null, null);
        }
        catch (DockerContainerNotFoundException)
        {
            return (null, null);
        }
        catch (Exception e) when (e is DockerApiException or HttpRequestException or IOException or TimeoutException)
        {
            return (null, $"Could not read the log of {source}: {e.Message}");
        }
    }

    // The engine ends or aborts the stream when the container exits or is removed.
    private static async Task<MultiplexedStream.ReadResult?> ReadAsync(
        MultiplexedStream stream, byte[] buffer, CancellationToken cancellation)
    {
        try
        {
            return await stream.ReadOutputAsync(buffer, 0, buffer.Length, cancellation).WaitAsync(cancellation);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException or ObjectDisposedException)
        {
            return null;
        }
    }

    private static string Seconds(DateTimeOffset moment)
    {
        if (moment < DateTimeOffset.UnixEpoch)
            moment = DateTimeOffset.UnixEpoch; // the engine refuses an earlier time
        var seconds = moment.ToUnixTimeSeconds();
        var ticks = (moment - DateTimeOffset.FromUnixTimeSeconds(seconds)).Ticks;
        return $"{seconds}.{ticks * 100:000000000}";
    }

    private LogLine Line(DateTimeOffset timestamp, bool isError, string text) =>
        new() { Timestamp = timestamp, Source = source, IsError = isError, Text = text };

    /// <summary>Standard output or standard error: their lines grow apart.</summary>
    private sealed class Channel(ContainerLogReader reader, bool isError)
    {
        private readonly LineSplitter _splitter = new(LongestLine);
        private DateTimeOffset? _last;

        public IEnumerable<LogLine> Push(ReadOnlyMemory<byte> bytes) => _splitter.Push(bytes).Select(Read);

        public LogLine? TakeRest() => _splitter.TakeRest() is { } rest ? Read(rest) : null;

        private LogLine Read(byte[] bytes)
        {
            var (stamp, text) = LogText.ReadDocker(bytes);
            _last = stamp ?? _last;
            return reader.Line(_last ?? DateTimeOffset.Now, isError, text);
        }
    }
}

/// <summary>Which lines of a log are wanted.</summary>
internal sealed record LogQuery
{
    /// <summary>How many of the last lines, 0 or more; <see langword="null"/> for all.</summary>
    public int? Tail { get; init; }

    /// <summary>From which moment on; <see langword="null"/> for the beginning.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Whether to follow new lines.</summary>
    public bool Follow { get; init; }
}
