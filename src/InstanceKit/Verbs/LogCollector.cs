using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using InstanceKit.Apps;
using InstanceKit.Engine;
using InstanceKit.Infra;
using InstanceKit.Instances;
using InstanceKit.Logs;
using InstanceKit.Models;

namespace InstanceKit.Verbs;

/// <summary>Merges the output of the apps and containers of several instances into one stream.</summary>
internal sealed class LogCollector(Lazy<EngineClient> engine, Infrastructure infra, TimeProvider clock)
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    private readonly List<InstanceSpec> _followed = [];

    /// <summary>The lines: merged by time, or as they arrive when following.</summary>
    public async IAsyncEnumerable<InstanceLogLine> ReadAsync(
        IReadOnlyList<InstanceSpec> specs, LogRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // The last lines before a time are known only after all lines are read.
        var isCut = request is { Until: not null, Tail: not null, Follow: false };
        var query = new LogQuery { Tail = isCut ? null : request.Tail, Since = request.Since, Follow = request.Follow };
        var filter = new LogFilter(request.Until, request.Grep);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (request is { Follow: true, Until: { } until })
            end.CancelAfter(Clamp(until - clock.GetUtcNow()));
        var logs = new List<IAsyncEnumerable<LogLine>>();
        foreach (var source in await FindAsync(specs, request, cancellation))
        {
            foreach (var log in source.Open($"{(source.Spec.Stack.IsShared ? $"{specs[0].Number}/shared" : source.Spec.Number)}/{source.Name}", query, end.Token))
                logs.Add(filter.ApplyAsync(isCut ? filter.LastAsync(log, request.Tail!.Value, end.Token) : log, end.Token));
        }

        if (request.Follow && _followed.Count > 0)
            logs.Add(filter.ApplyAsync(new ContainerFollow(engine.Value, _followed, n => IsWanted(n, request)).ReadAsync(query, end.Token), end.Token));
        var merged = request.Follow ? LogMerger.FollowAsync(logs, end.Token) : LogMerger.MergeAsync(logs, end.Token);
        await foreach (var line in merged)
        {
            var key = line.Source.Split('/', 2);
            yield return new InstanceLogLine(int.Parse(key[0]), key[1], line.Timestamp, line.IsError, line.Text);
        }
    }

    private async Task<IReadOnlyList<LogSource>> FindAsync(
        IReadOnlyList<InstanceSpec> specs, LogRequest request, CancellationToken cancellation)
    {
        var only = request.Only;
        var sources = new List<LogSource>();
        var known = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var spec in specs)
        {
            var services = InstanceStore.ReadRecord(spec.Paths)?.Services ?? [];
            var appNames = spec.Stack.Apps.Select(a => a.Name).ToList();
            known.UnionWith(services.Concat(appNames));
            sources.AddRange(spec.Stack.Apps.Where(a => IsWanted(a.Name)).Select(a => new AppLogSource(spec, a.Name, a.Name)));
            if (only.Count > 0 && only.All(appNames.Contains))
                continue;
            if (await infra.IsEmbeddedAsync(spec, cancellation))
            {
                sources.AddRange(services.Where(IsWanted).Select(s => new AppLogSource(spec, s, EmbeddedEntry.LogStemOf(s))));
                continue;
            }

            var containers = await engine.Value.ListAsync(spec.Project, cancellation);
            known.UnionWith(containers.Select(c => c.Service));
            if (request.Follow)
            {
                _followed.Add(spec);
                continue;
            }

            sources.AddRange(containers.Where(c => IsWanted(c.Service))
                .Select(c => new ContainerLogSource(spec, c, engine.Value)));
        }

        if (only.FirstOrDefault(o => !known.Contains(o)) is { } unknown)
        {
            throw InstanceKitException.Usage(
                $"--only '{unknown}' is not a service or app of this stack.", $"Choose from {string.Join(", ", known)}.");
        }

        return sources;

        bool IsWanted(string name) => LogCollector.IsWanted(name, request);
    }

    private static bool IsWanted(string name, LogRequest request) => request.Only.Count == 0 || request.Only.Contains(name);

    /// <summary>The limit of a timer is about 49 days, which is long enough.</summary>
    private static TimeSpan Clamp(TimeSpan time) => TimeSpan.FromSeconds(Math.Clamp(time.TotalSeconds, 1, LongestTimer.TotalSeconds));
}

/// <summary>Filters the lines.</summary>
/// <param name="until">The time after which lines are dropped; <see langword="null"/> for none.</param>
/// <param name="grep">What a line must match; <see langword="null"/> for anything.</param>
internal sealed class LogFilter(DateTimeOffset? until, Regex? grep)
{
    /// <summary>Filters lines in order of time; ends with the first line after the last time.</summary>
    public async IAsyncEnumerable<LogLine> ApplyAsync(
        IAsyncEnumerable<LogLine> lines, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var line in lines.WithCancellation(cancellation))
        {
            if (IsInTime(line) && (grep is null || grep.IsMatch(line.Text)))
                yield return line;
        }
    }

    /// <summary>The last lines of one source up to the last time, before the pattern is applied.</summary>
    public async IAsyncEnumerable<LogLine> LastAsync(
        IAsyncEnumerable<LogLine> lines, int count, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var last = new Queue<LogLine>();
        await foreach (var line in lines.WithCancellation(cancellation))
        {
            if (!IsInTime(line))
                continue;
            last.Enqueue(line);
            if (last.Count > count)
                last.Dequeue();
        }

        foreach (var line in last)
            yield return line;
    }

    private bool IsInTime(LogLine line) => until is not { } end || line.Timestamp <= end;
}

/// <summary>A service or app of one instance, whose log can be read.</summary>
internal abstract record LogSource(InstanceSpec Spec, string Name)
{
    /// <summary>The streams of its lines, each with the key as its source: "1/postgres".</summary>
    public abstract IEnumerable<IAsyncEnumerable<LogLine>> Open(string key, LogQuery query, CancellationToken cancellation);
}

/// <summary>An app, or a service that is a process: the two files that PM2 writes, which count as one source.</summary>
internal sealed record AppLogSource(InstanceSpec Spec, string Name, string Stem) : LogSource(Spec, Name)
{
    /// <inheritdoc />
    public override IEnumerable<IAsyncEnumerable<LogLine>> Open(string key, LogQuery query, CancellationToken cancellation)
    {
        if (!query.Follow)
            return [LastAsync(key, query, cancellation)];
        var from = new Lazy<Task<DateTimeOffset?>>(() => BeginningAsync(key, query, cancellation));
        return Readers(key).Select(r => FollowAsync(r, from, query, cancellation));
    }

    private LogFileReader[] Readers(string key) =>
        [new(AppLogs.Out(Spec, Stem), key, isError: false), new(AppLogs.Error(Spec, Stem), key, isError: true)];

    /// <summary>The last lines of both files together, by time.</summary>
    private async IAsyncEnumerable<LogLine> LastAsync(
        string key, LogQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var logs = Readers(key).Select(r => r.ReadAsync(query with { Follow = false }, cancellation)).ToList();
        var merged = LogMerger.MergeAsync(logs, cancellation);
        if (query.Tail is not { } count)
        {
            await foreach (var line in merged)
                yield return line;
            yield break;
        }

        var last = new Queue<LogLine>();
        await foreach (var line in merged)
        {
            last.Enqueue(line);
            if (last.Count > count)
                last.Dequeue();
        }

        foreach (var line in last)
            yield return line;
    }

    /// <summary>The time of the first of the last lines.</summary>
    private async Task<DateTimeOffset?> BeginningAsync(string key, LogQuery query, CancellationToken cancellation)
    {
        if (query.Tail is null or 0)
            return query.Since;
        await foreach (var line in LastAsync(key, query, cancellation))
            return line.Timestamp;
        return query.Since;
    }

    private static async IAsyncEnumerable<LogLine> FollowAsync(
        LogFileReader reader, Lazy<Task<DateTimeOffset?>> from, LogQuery query,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var line in reader.ReadAsync(query with { Since = await from.Value }, cancellation))
            yield return line;
    }
}

/// <summary>A service: its container's log.</summary>
internal sealed record ContainerLogSource(InstanceSpec Spec, ObservedContainer Container, EngineClient Docker)
    : LogSource(Spec, Container.Service)
{
    /// <inheritdoc />
    public override IEnumerable<IAsyncEnumerable<LogLine>> Open(string key, LogQuery query, CancellationToken cancellation) =>
        [new ContainerLogReader(Docker.Client, Container.Id, key).ReadAsync(query, cancellation)];
}

/// <summary>Which log lines are wanted.</summary>
public sealed record LogRequest
{
    /// <summary>How many of the last lines of each source; <see langword="null"/> for all.</summary>
    public int? Tail { get; init; }

    /// <summary>Only lines from this moment on; <see langword="null"/> for all.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only lines up to this time; <see langword="null"/> for all. Following ends at this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only lines that match, of those that <see cref="Tail"/> selects; <see langword="null"/> for all.</summary>
    public Regex? Grep { get; init; }

    /// <summary>Whether to follow new lines until cancelled.</summary>
    public bool Follow { get; init; }

    /// <summary>Only these services and apps; empty for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];
}

/// <summary>A line that a service or app of an instance wrote.</summary>
/// <param name="Instance">The instance's number.</param>
/// <param name="Source">The service or app.</param>
/// <param name="Timestamp">When it was written.</param>
/// <param name="IsError">Whether it went to standard error.</param>
/// <param name="Text">The line, without its end.</param>
public sealed record InstanceLogLine(int Instance, string Source, DateTimeOffset Timestamp, bool IsError, string Text);

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
