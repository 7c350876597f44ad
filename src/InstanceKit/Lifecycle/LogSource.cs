using System.Runtime.CompilerServices;
using InstanceKit.Drivers;
using InstanceKit.Instances;
using InstanceKit.Planning;

namespace InstanceKit.Lifecycle;

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

    /// <summary>When the wanted last lines begin.</summary>
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
internal sealed record ContainerLogSource(InstanceSpec Spec, ObservedContainer Container, DockerInspector Docker)
    : LogSource(Spec, Container.Service)
{
    /// <inheritdoc />
    public override IEnumerable<IAsyncEnumerable<LogLine>> Open(string key, LogQuery query, CancellationToken cancellation) =>
        [new ContainerLogReader(Docker.Client, Container.Id, key).ReadAsync(query, cancellation)];
}
