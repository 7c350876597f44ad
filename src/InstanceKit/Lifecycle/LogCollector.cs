using System.Runtime.CompilerServices;
using InstanceKit.Drivers;
using InstanceKit.Generation;
using InstanceKit.Instances;

namespace InstanceKit.Lifecycle;

/// <summary>Makes one stream of what the apps and containers of several instances write.</summary>
internal sealed class LogCollector(ManagerContext context)
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    private readonly List<InstanceSpec> _followed = [];

    /// <summary>The lines: merged by time, or as they come when following.</summary>
    public async IAsyncEnumerable<InstanceLogLine> ReadAsync(
        IReadOnlyList<InstanceSpec> specs, LogRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // The last lines before a moment can only be told once all are known.
        var isCut = request is { Until: not null, Tail: not null, Follow: false };
        var query = new LogQuery { Tail = isCut ? null : request.Tail, Since = request.Since, Follow = request.Follow };
        var filter = new LogFilter(request.Until, request.Grep);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (request is { Follow: true, Until: { } until })
            end.CancelAfter(Clamp(until - context.Clock.GetUtcNow()));
        var logs = new List<IAsyncEnumerable<LogLine>>();
        foreach (var source in await FindAsync(specs, request, cancellation))
        {
            foreach (var log in source.Open($"{source.Spec.Number}/{source.Name}", query, end.Token))
                logs.Add(filter.ApplyAsync(isCut ? filter.LastAsync(log, request.Tail!.Value, end.Token) : log, end.Token));
        }

        if (request.Follow && _followed.Count > 0)
            logs.Add(filter.ApplyAsync(new ContainerFollow(context.Docker, _followed, n => IsWanted(n, request)).ReadAsync(query, end.Token), end.Token));
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
            var services = InstanceDirectory.ReadRecord(spec.Paths)?.Services ?? [];
            var appNames = spec.Stack.Apps.Select(a => a.Name).ToList();
            known.UnionWith(services.Concat(appNames));
            sources.AddRange(spec.Stack.Apps.Where(a => IsWanted(a.Name)).Select(a => new AppLogSource(spec, a.Name, a.Name)));
            if (only.Count > 0 && only.All(appNames.Contains))
                continue;
            if (await context.Infra.IsEmbeddedAsync(spec, cancellation))
            {
                sources.AddRange(services.Where(IsWanted).Select(s => new AppLogSource(spec, s, EmbeddedEntry.LogStemOf(s))));
                continue;
            }

            var containers = await context.Docker.ListAsync(spec.Project, cancellation);
            known.UnionWith(containers.Select(c => c.Service));
            if (request.Follow)
            {
                _followed.Add(spec);
                continue;
            }

            sources.AddRange(containers.Where(c => IsWanted(c.Service))
                .Select(c => new ContainerLogSource(spec, c, context.Docker)));
        }

        if (only.FirstOrDefault(o => !known.Contains(o)) is { } unknown)
        {
            throw InstanceKitException.Usage(
                $"--only '{unknown}' is no service or app of this stack.", $"Choose from {string.Join(", ", known)}.");
        }

        return sources;

        bool IsWanted(string name) => LogCollector.IsWanted(name, request);
    }

    private static bool IsWanted(string name, LogRequest request) => request.Only.Count == 0 || request.Only.Contains(name);

    /// <summary>A timer can't be set to more than some 49 days; nobody follows logs that long.</summary>
    private static TimeSpan Clamp(TimeSpan time) => TimeSpan.FromSeconds(Math.Clamp(time.TotalSeconds, 1, LongestTimer.TotalSeconds));
}
