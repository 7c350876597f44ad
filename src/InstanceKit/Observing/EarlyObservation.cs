using InstanceKit.Apps;
using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Platform;
using InstanceKit.Stacks;

namespace InstanceKit.Observing;

/// <summary>
/// A first observation of instances that starts while their stack is being read, which takes about as long.
/// What to observe is known from their records; if the stack turns out to differ, the observation is discarded.
/// </summary>
internal sealed class EarlyObservation
{
    private readonly string _workspace;
    private readonly Lazy<EngineClient> _docker;
    private readonly Measure _measure;
    private readonly Task<IReadOnlyList<InstanceRecord?>> _records;
    private readonly Task<IReadOnlyDictionary<string, IReadOnlyList<ObservedContainer>>> _containers;
    private readonly Task<IReadOnlyDictionary<string, ProcessSnapshot>> _processes;

    /// <summary>Starts the observation.</summary>
    /// <param name="workspace">The workspace's real path.</param>
    /// <param name="selector">The instances.</param>
    /// <param name="measure">Whether their resource usage is measured too.</param>
    public EarlyObservation(string workspace, InstanceSelector selector, Measure measure, Lazy<EngineClient> docker)
    {
        (_workspace, _measure, _docker) = (workspace, measure, docker);
        _records = Task.Run(() => ReadRecords(selector));
        _containers = Task.Run(ListAsync);
        _processes = Task.Run(SnapshotProcessesAsync);
    }

    /// <summary>The containers of projects, measured; <see langword="null"/> when not all were observed.</summary>
    /// <exception cref="InstanceKitException">The engine does not answer.</exception>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<ObservedContainer>>?> ContainersOfAsync(
        IReadOnlyCollection<string> projects, Measure measure) =>
        measure == _measure && await _containers is var containers && projects.All(containers.ContainsKey) ? containers : null;

    /// <summary>The processes of a PM2 daemon; <see langword="null"/> when it was not observed.</summary>
    /// <param name="home">The daemon's PM2_HOME.</param>
    public async Task<ProcessSnapshot?> ProcessesOfAsync(string home) => (await _processes).GetValueOrDefault(home);

    private IReadOnlyList<InstanceRecord?> ReadRecords(InstanceSelector selector)
    {
        var numbers = selector.IsAll ? new InstanceStore(_workspace).ListInstances() : selector.Numbers;
        return [.. numbers.Select(number => InstanceStore.ReadRecord(new InstancePaths(_workspace, number)))];
    }

    private async Task<IReadOnlyDictionary<string, IReadOnlyList<ObservedContainer>>> ListAsync()
    {
        var projects = new List<string>();
        foreach (var record in await _records)
        {
            if (record is not null && InstanceRecord.InfraOf(record) is InfraMode.Compose)
                projects.Add(record.Project);
        }

        return projects.Count == 0
            ? new Dictionary<string, IReadOnlyList<ObservedContainer>>()
            : await Observer.ListAsync(_docker.Value, projects, _measure, CancellationToken.None);
    }

    private async Task<IReadOnlyDictionary<string, ProcessSnapshot>> SnapshotProcessesAsync()
    {
        var looks = new Dictionary<string, ProcessSnapshot>(StringComparer.Ordinal);
        foreach (var record in await _records)
        {
            var home = Pm2Access.HomeOf(record);
            if (looks.ContainsKey(home.Path) || Pm2Access.TryListNow(home, CancellationToken.None) is not { } listed)
                continue;
            looks[home.Path] = new ProcessSnapshot(listed);
            looks[home.Path].Prepare();
        }

        return looks;
    }
}
