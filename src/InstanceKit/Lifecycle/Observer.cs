using System.Collections.Concurrent;
using System.Net;
using InstanceKit.Drivers;
using InstanceKit.Instances;
using InstanceKit.Planning;

namespace InstanceKit.Lifecycle;

/// <summary>Asks the engine and PM2 at the same time what they know of an instance.</summary>
internal sealed class Observer(ManagerContext context)
{
    private static readonly TimeSpan QuickPatience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FullPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CheckPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan UrgentCheckPause = TimeSpan.FromMilliseconds(150);
    private readonly ConcurrentDictionary<string, (Task<bool> Check, long At)> _checks = new(StringComparer.Ordinal);

    /// <summary>Whether a look waits for the health checks that it runs; otherwise a later one tells what came of them.</summary>
    public bool AwaitsChecks { get; init; } = true;

    /// <summary>Services that others wait for: their health checks are run on the spot more often.</summary>
    public IReadOnlySet<string> Urgent { get; init; } = new HashSet<string>();

    /// <summary>One snapshot of an instance.</summary>
    public Task<ObservedState> ObserveAsync(InstanceSpec spec, CancellationToken cancellation) =>
        ObserveAsync(spec, Measure.Nothing, cancellation);

    /// <summary>One snapshot of an instance, with what it takes of the machine.</summary>
    public async Task<ObservedState> ObserveAsync(InstanceSpec spec, Measure measure, CancellationToken cancellation)
    {
        var containers = ObserveContainersAsync(spec, measure, cancellation);
        var processes = ObserveProcessesAsync(spec, IsApp(spec), measure, cancellation);
        await containers; await processes;
        return new ObservedState(
            await containers, await processes, InstanceDirectory.ReadRecord(spec.Paths)?.AppliedModel);
    }

    /// <summary>
    /// The instance's containers. The engine makes its first health check only after a whole interval, often 30 s: until
    /// then the check is run on the spot.
    /// </summary>
    private async Task<IReadOnlyList<ObservedContainer>> ObserveContainersAsync(
        InstanceSpec spec, Measure measure, CancellationToken cancellation)
    {
        if (await context.Infra.IsEmbeddedAsync(spec, cancellation))
            return await new EmbeddedServices(context).ObserveAsync(spec, measure, cancellation);
        var listed = await context.Docker.ListAsync(spec.Project, cancellation);
        if (measure != Measure.Nothing)
            listed = await context.Docker.MeasureAsync(listed, measure == Measure.All ? FullPatience : QuickPatience, cancellation);
        if (!listed.Any(c => c is { State: ContainerState.Running, Health: ContainerHealth.Starting }))
            return listed;
        return await Task.WhenAll(listed.Select(async container =>
        {
            var isStarting = container is { State: ContainerState.Running, Health: ContainerHealth.Starting };
            return isStarting && await PassesHealthTestAsync(container, cancellation)
                ? container with { PassesHealthTest = true }
                : container;
        }));
    }

    /// <summary>A check that passed is not run again while the same container starts; one that failed, not at once.</summary>
    private async Task<bool> PassesHealthTestAsync(ObservedContainer container, CancellationToken cancellation)
    {
        var key = $"{container.Id} {container.StartedAt:O}";
        var pause = Urgent.Contains(container.Service) ? UrgentCheckPause : CheckPause;
        var wasPassed = false;
        if (_checks.TryGetValue(key, out var last))
        {
            if (!last.Check.IsCompleted)
                return AwaitsChecks && await last.Check;
            wasPassed = await last.Check;
        }

        if (!wasPassed && (last.Check is null || context.Clock.GetElapsedTime(last.At) >= pause))
        {
            var check = context.Docker.PassesHealthTestAsync(container, cancellation);
            _checks[key] = (check, context.Clock.GetTimestamp());
            if (AwaitsChecks || check.IsCompleted)
                return await check;
        }

        return wasPassed;
    }

    /// <summary>
    /// The processes of the instance's apps, with the ports that each one's tree listens on; also those of apps that the
    /// stack had before its stack file or PM2 config was changed.
    /// </summary>
    public Task<IReadOnlyList<ObservedProcess>> ObserveProcessesAsync(InstanceSpec spec, CancellationToken cancellation) =>
        ObserveProcessesAsync(spec, IsApp(spec), Measure.Nothing, cancellation);

    /// <summary>The processes that are wanted.</summary>
    public async Task<IReadOnlyList<ObservedProcess>> ObserveProcessesAsync(
        InstanceSpec spec, Func<Pm2Process, bool> isWanted, Measure measure, CancellationToken cancellation)
    {
        var listed = (await context.Pm2.ListAsync(spec, cancellation)).Where(isWanted).ToList();
        if (listed.Count == 0)
            return [];
        var tree = ProcessTree.Snapshot();
        return [.. listed.Select(p => Describe(p, tree, measure))];
    }

    private static Func<Pm2Process, bool> IsApp(InstanceSpec spec)
    {
        var names = spec.Stack.Apps.Select(spec.ProcessNameOf).ToHashSet(StringComparer.Ordinal);
        var services = EmbeddedServices.ProcessNamesOf(spec);
        return p => names.Contains(p.Name) || (p.Owner == spec.OwnerMarker && !services.Contains(p.Name));
    }

    private static ObservedProcess Describe(Pm2Process process, ProcessTree tree, Measure measure)
    {
        var within = process.Pid is > 0 and { } pid ? tree.Within(pid) : [];
        var ports = new List<int>();
        var openToAll = new Dictionary<int, string>();
        foreach (var socket in within.Count > 0 ? ListeningSockets.OfProcesses(within) : [])
        {
            if (!ports.Contains(socket.Port))
                ports.Add(socket.Port);
            if (socket.Address.Equals(IPAddress.Any) || socket.Address.Equals(IPAddress.IPv6Any))
                openToAll.TryAdd(socket.Port, $"{new IPEndPoint(socket.Address, socket.Port)}");
        }

        ports.Sort();
        return new ObservedProcess
        {
            Name = process.Name,
            Pid = process.Pid ?? 0,
            State = StateOf(process.Status),
            Restarts = process.Restarts,
            StartedAt = process.StartedAt,
            Owner = process.Owner,
            Fingerprint = process.Fingerprint,
            Use = measure == Measure.Nothing ? null : TreeUse.Of(tree, within, isFull: measure == Measure.All || !OperatingSystem.IsLinux()),
            ListensOn = ports,
            OpenToAll = openToAll,
        };
    }

    private static ProcessState StateOf(Pm2Status status) => status switch
    {
        Pm2Status.Online => ProcessState.Online,
        Pm2Status.Launching => ProcessState.Launching,
        Pm2Status.Stopping => ProcessState.Stopping,
        Pm2Status.Stopped => ProcessState.Stopped,
        Pm2Status.Errored => ProcessState.Errored,
        Pm2Status.WaitingRestart => ProcessState.WaitingRestart,
        _ => ProcessState.Unknown,
    };
}
