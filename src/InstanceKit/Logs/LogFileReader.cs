using System.Runtime.CompilerServices;

namespace InstanceKit.Logs;

/// <summary>Reads a PM2 log file from its end, and follows it as it grows.</summary>
/// <remarks>
/// Following handles a file that appears later, is truncated (<c>pm2 flush</c>), or is renamed and recreated
/// (rotation): the rest of the old file is read first.
/// </remarks>
/// <param name="path">The file; it need not exist.</param>
/// <param name="source">The lines' <see cref="LogLine.Source"/>.</param>
/// <param name="isError">The lines' <see cref="LogLine.IsError"/>.</param>
internal sealed class LogFileReader(string path, string source, bool isError)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    // Dozens of idle files should cost next to nothing.
    private static readonly TimeSpan LookWhenQuiet = TimeSpan.FromMilliseconds(400);
    private const int QuietAfter = 50; // looks

    /// <summary>The selected lines, in the order of the file; none when there is no file.</summary>
    /// <param name="query">Which lines; the last lines are searched from the end, without reading the rest.</param>
    /// <param name="cancellation">Ends the stream, without an error.</param>
    public async IAsyncEnumerable<LogLine> ReadAsync(
        LogQuery query, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var stamp = new LastStamp();
        var file = LogTailReader.TryOpen(path);
        try
        {
            if (file is not null)
            {
                stamp.Value = file.SeekLastLines(query.Tail);
                foreach (var line in file.ReadLines(query.Follow ? Rest.Keep : Rest.Take))
                {
                    if (cancellation.IsCancellationRequested)
                        yield break;
                    if (Wanted(line, stamp, query.Since) is { } wanted)
                        yield return wanted;
                }
            }

            using var timer = new PeriodicTimer(LookEvery);
            var quiet = 0;
            while (query.Follow && await TicksAsync(timer, cancellation))
            {
                var news = ReadNews(ref file);
                quiet = news.Count == 0 ? quiet + 1 : 0;
                timer.Period = quiet > QuietAfter ? LookWhenQuiet : LookEvery;
                foreach (var line in news)
                {
                    stamp.IsLive = true;
                    if (Wanted(line, stamp, query.Since) is { } wanted)
                        yield return wanted;
                }
            }
        }
        finally
        {
            file?.Dispose();
        }
    }

    private List<byte[]> ReadNews(ref LogTailReader? file)
    {
        if (file is null)
        {
            file = LogTailReader.TryOpen(path);
            return file is null ? [] : [.. file.ReadLines(Rest.Keep)];
        }

        var news = file.ReadLines(Rest.Keep).ToList();
        if (news.Count > 0 || !file.IsReplacedBy(path))
            return news;
        news.AddRange(file.ReadLines(Rest.Take)); // what was written until the file was replaced
        file.Dispose();
        file = LogTailReader.TryOpen(path);
        news.AddRange(file?.ReadLines(Rest.Keep) ?? []);
        return news;
    }

    private LogLine? Wanted(byte[] line, LastStamp last, DateTimeOffset? since)
    {
        var (stamp, text) = LogText.ReadPm2(line);
        last.Value = stamp ?? (last.Value is null && last.IsLive ? DateTimeOffset.Now : last.Value);
        var timestamp = last.Value ?? new DateTimeOffset(File.GetLastWriteTimeUtc(path));
        return since is not null && timestamp < since
            ? null
            : new LogLine { Timestamp = timestamp, Source = source, IsError = isError, Text = text };
    }

    private static async ValueTask<bool> TicksAsync(PeriodicTimer timer, CancellationToken cancellation)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private sealed class LastStamp
    {
        public DateTimeOffset? Value { get; set; }

        public bool IsLive { get; set; }
    }
}

/// <summary>Splits a stream of bytes into lines.</summary>
/// <remarks>Bytes, not text: a character may be split, but a line feed is never part of one.</remarks>
/// <param name="longest">The longest line in bytes; a longer one is cut, so that no program can fill the memory.</param>
internal sealed class LineSplitter(int longest = 1 << 20)
{
    private readonly List<byte> _rest = [];

    /// <summary>Appends bytes, and returns the lines that they complete, without line feeds.</summary>
    public IEnumerable<byte[]> Push(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.Span.IndexOf((byte)'\n');
            var taken = Math.Min(end < 0 ? bytes.Length : end, longest - _rest.Count);
            _rest.AddRange(bytes.Span[..taken]);
            var isWhole = taken == end;
            bytes = bytes[(isWhole ? taken + 1 : taken)..];
            if (isWhole || _rest.Count == longest)
                yield return Take();
        }
    }

    /// <summary>The line that has no line feed yet; <see langword="null"/> when there is none.</summary>
    public byte[]? TakeRest() => _rest.Count == 0 ? null : Take();

    private byte[] Take()
    {
        var line = _rest.ToArray();
        _rest.Clear();
        return line;
    }
}
