using System.Runtime.CompilerServices;
using InstanceKit.Drivers;
using InstanceKit.Generation;
using InstanceKit.Instances;

namespace InstanceKit.Lifecycle;

/// <summary>Makes one stream of what the apps and containers of several instances write.</summary>
internal sealed class LogCollector(ManagerContext context)
{
    /// <summary>The lines: merged by time, or as they come when following.</summary>
    public async IAsyncEnumerable<InstanceLogLine> ReadAsync(
        IReadOnlyList<InstanceSpec> specs, LogRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var query = new LogQuery { Tail = request.Tail, Since = request.Since, Follow = request.Follow };
        var logs = new List<IAsyncEnumerable<LogLine>>();
        foreach (var source in await FindAsync(specs, request.Only, cancellation))
            logs.AddRange(source.Open($"{source.Spec.Number}/{source.Name}", query, cancellation));

        var merged = request.Follow ? LogMerger.FollowAsync(logs, cancellation) : LogMerger.MergeAsync(logs, cancellation);
        await foreach (var line in merged)
        {
            var key = line.Source.Split('/', 2);
            yield return new InstanceLogLine(int.Parse(key[0]), key[1], line.Timestamp, line.IsError, line.Text);
        }
    }

    private async Task<IReadOnlyList<LogSource>> FindAsync(
        IReadOnlyList<InstanceSpec> specs, IReadOnlyList<string> only, CancellationToken cancellation)
    {
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
            sources.AddRange(containers.Where(c => IsWanted(c.Service))
                .Select(c => new ContainerLogSource(spec, c, context.Docker)));
        }

        if (only.FirstOrDefault(o => !known.Contains(o)) is { } unknown)
        {
            throw InstanceKitException.Usage(
                $"--only '{unknown}' is no service or app of this stack.", $"Choose from {string.Join(", ", known)}.");
        }

        return sources;

        bool IsWanted(string name) => only.Count == 0 || only.Contains(name);
    }
}
