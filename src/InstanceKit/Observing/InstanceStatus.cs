using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Platform;
using InstanceKit.Ports;
using InstanceKit.Reconcile;
using InstanceKit.Stacks;

namespace InstanceKit.Observing;

/// <summary>The status of one instance.</summary>
public sealed record InstanceStatus
{
    /// <summary>The instance's number.</summary>
    public required int Instance { get; init; }

    /// <summary>Its Compose project.</summary>
    public required string Project { get; init; }

    /// <summary>The branch that its workspace is on, or a short hash; <see langword="null"/> outside of a repository.</summary>
    public string? Branch { get; init; }

    /// <summary>Whether its files exist.</summary>
    public required bool IsInitialized { get; init; }

    /// <summary>One entry for each service and app.</summary>
    public required IReadOnlyList<ComponentStatus> Components { get; init; }

    /// <summary>Whether everything is ready, or the first reason why not.</summary>
    public required Readiness Readiness { get; init; }

    /// <summary>Why some of it is unknown: what does not answer. Empty when everything was observed.</summary>
    public IReadOnlyList<InstanceKitException> Failures { get; init; } = [];

    /// <summary>Its connections with other instances; <see langword="null"/> when nobody looked, or they can't be read.</summary>
    public IReadOnlyList<InstanceConnection>? CrossTalk { get; init; }

    /// <summary>How many places of the workspace address the stack although no rule covers them; see <c>Audit</c>.</summary>
    public int Untranslated { get; init; }

    /// <summary>Its total resource usage; <see langword="null"/> when not measured.</summary>
    public ResourceUse? Use
    {
        get
        {
            ResourceUse? sum = null;
            foreach (var component in Components)
                sum = sum is null ? component.Use : component.Use is { } use ? sum + use : sum;
            return sum;
        }
    }

    /// <summary>How much of one core all of it uses, in percent; <see langword="null"/> when unknown.</summary>
    public double? CpuPercent
    {
        get
        {
            double? sum = null;
            foreach (var component in Components)
                sum = component.CpuPercent is { } percent ? (sum ?? 0) + percent : sum;
            return sum;
        }
    }

    /// <summary>The same status with the current CPU usage: since an earlier status of the same run.</summary>
    /// <param name="earlier">An earlier status of the same instance.</param>
    /// <param name="between">The time between the two.</param>
    public InstanceStatus Since(InstanceStatus earlier, TimeSpan between)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return between <= TimeSpan.Zero ? this : this with
        {
            Components = [.. Components.Select(c => c with { CpuPercent = Present(c, earlier.Components.FirstOrDefault(e => e.Kind == c.Kind && e.Name == c.Name), between) })],
        };
    }

    /// <summary>The same status with services that the instance shares.</summary>
    /// <param name="infrastructure">The status of the shared infrastructure.</param>
    /// <param name="services">The names of the shared services.</param>
    internal InstanceStatus WithShared(InstanceStatus infrastructure, IReadOnlyCollection<string> services)
    {
        var shared = services.Select(s => infrastructure.Components.FirstOrDefault(c => c.Name == s)).OfType<ComponentStatus>().Select(c => c with { IsShared = true }).ToList();
        var blocking = shared.FirstOrDefault(c => !c.Readiness.IsReady && c.Readiness.State != ReadyState.Skipped);
        return this with
        {
            Components = [.. shared, .. Components],
            Failures = [.. Failures.Concat(infrastructure.Failures).Distinct()],
            Readiness = Readiness.IsReady && blocking is not null ? new Readiness(blocking.Readiness.State, $"{blocking.Name}: {blocking.Readiness.Reason}") : Readiness,
        };
    }

    /// <summary>Derives the status from the desired and the observed state.</summary>
    /// <param name="isInitialized">Whether its files exist.</param>
    /// <param name="services">The services of its compose files.</param>
    /// <param name="observed">What was observed.</param>
    public static InstanceStatus Create(
        InstanceSpec spec,
        bool isInitialized,
        IReadOnlyList<string> services,
        PortPlan ports,
        ObservedState observed,
        DateTimeOffset now)
    {
        var components = services.Union(observed.Containers.Select(c => c.Service), StringComparer.Ordinal)
            .Select(s => OfService(s, observed.ContainerOf(s), ports, now))
            .Concat(spec.Stack.Apps.Select(a => OfApp(spec, a, observed, ports, now)))
            .Select(c => FailureOf(observed, c.Kind) is { } failure ? Unknown(c, failure) : c)
            .ToList();
        IReadOnlyList<InstanceKitException> failures =
            [.. new[] { observed.ServicesFailure, observed.AppsFailure }.OfType<InstanceKitException>().Distinct()];
        return new InstanceStatus
        {
            Instance = spec.Number,
            Project = spec.Project,
            IsInitialized = isInitialized,
            Components = components,
            Readiness = failures.Count > 0 ? UnknownBy(failures[0])
                : Summarize(components) is { IsReady: true } && spec.Stack.HasUnknownApps ? new Readiness(ReadyState.Waiting, "its apps are unknown")
                : Summarize(components),
            Failures = failures,
        };
    }

    private static InstanceKitException? FailureOf(ObservedState observed, OwnerKind kind) =>
        kind == OwnerKind.Service ? observed.ServicesFailure : observed.AppsFailure;

    private static ComponentStatus Unknown(ComponentStatus component, InstanceKitException failure) =>
        component with { State = ComponentStatus.Unknown, Readiness = UnknownBy(failure) };

    private static Readiness UnknownBy(InstanceKitException failure) =>
        new(ReadyState.Failed, "unknown: " + (failure.Message switch
        {
            var m when m.Contains("is not running, but", StringComparison.Ordinal) => "PM2's daemon is not running",
            var m when m.Contains("PM2", StringComparison.Ordinal) => "PM2 does not answer",
            _ => "the Docker engine does not answer",
        }));

    private static ComponentStatus OfService(string name, ObservedContainer? container, PortPlan ports, DateTimeOffset now) => new()
    {
        Kind = OwnerKind.Service,
        Name = name,
        RuntimeName = container is { Skipped: null } ? container.Name : null,
        State = container is { Skipped: not null } ? "skipped" : container is null ? ComponentStatus.Absent : StateWord.Of(container.State),
        Health = container is null or { Health: ContainerHealth.None } ? null : StateWord.Of(container.Health),
        Readiness = Readiness.OfService(container, now),
        Ports =
        [
            .. PortsOf(ports, OwnerKind.Service, name)
                .Where(p => container is null || (container.Skipped is null && container.Serves?.Contains(p.Port) != false)),
        ],
        StartedAt = container?.State == ContainerState.Running ? container.StartedAt : null,
        Restarts = container?.RestartCount ?? 0,
        Use = container?.Use,
        CpuPercent = container?.State == ContainerState.Running ? Average(container.Use, container.StartedAt, now) : null,
    };

    private static ComponentStatus OfApp(
        InstanceSpec spec, AppDefinition app, ObservedState observed, PortPlan ports, DateTimeOffset now)
    {
        var process = observed.ProcessOf(spec.ProcessNameOf(app));
        return new ComponentStatus
        {
            Kind = OwnerKind.App,
            Name = app.Name,
            RuntimeName = process?.Name,
            State = process is null ? ComponentStatus.Absent : StateWord.Of(process.State),
            Pid = process is { Pid: > 0 } ? process.Pid : null,
            Readiness = Readiness.OfApp(process, app.PortName is { } port ? ports.PortOf(port) : null, now),
            Ports = PortsOf(ports, OwnerKind.App, app.Name),
            StartedAt = process is { IsOnline: true } ? process.StartedAt : null,
            Restarts = process?.Restarts ?? 0,
            Use = process?.Use,
            CpuPercent = process is { IsOnline: true } ? Average(process.Use, process.StartedAt, now) : null,
        };
    }

    private static double? Average(ResourceUse? use, DateTimeOffset? start, DateTimeOffset now) =>
        use?.Cpu is { } cpu && start is { } began && now > began ? cpu / (now - began) * 100 : null;

    // The CPU time of an exited child is lost, so the sum of a tree can decrease: do not go below 0.
    private static double? Present(ComponentStatus component, ComponentStatus? earlier, TimeSpan between) =>
        component.Use?.Cpu is { } cpu && earlier?.Use?.Cpu is { } before && component.StartedAt == earlier.StartedAt
            ? Math.Max(0, (cpu - before) / between * 100)
            : component.CpuPercent;

    private static List<PortAssignment> PortsOf(PortPlan ports, OwnerKind kind, string name) =>
        [.. ports.Assignments.Where(a => a.Owner.Kind == kind && a.Owner.Name == name)];

    private static Readiness Summarize(List<ComponentStatus> components)
    {
        if (components.All(c => c.State == ComponentStatus.Absent))
            return new Readiness(ReadyState.Stopped, "not running");
        foreach (var state in new[] { ReadyState.Failed, ReadyState.Stopped, ReadyState.Waiting })
        {
            if (components.FirstOrDefault(c => c.Readiness.State == state) is { } blocking)
                return new Readiness(state, $"{blocking.Name}: {blocking.Readiness.Reason}");
        }

        var skipped = components.Where(c => c.Readiness.State == ReadyState.Skipped).Select(c => c.Name).ToList();
        return new Readiness(ReadyState.Ready, skipped.Count == 0 ? "everything is ready" : $"ready without {string.Join(", ", skipped)}");
    }
}

/// <summary>The status of one service or app.</summary>
public sealed record ComponentStatus
{
    /// <summary>The state of a component without a container or process.</summary>
    public const string Absent = "absent";

    /// <summary>The state of a component that could not be observed.</summary>
    public const string Unknown = "unknown";

    /// <summary>Service or app.</summary>
    public required OwnerKind Kind { get; init; }

    /// <summary>Its short name.</summary>
    public required string Name { get; init; }

    /// <summary>The name of its container or process; <see langword="null"/> when there is none.</summary>
    public required string? RuntimeName { get; init; }

    /// <summary>The engine's or PM2's word for its state; "absent" when there is nothing, "unknown" without an answer.</summary>
    public required string State { get; init; }

    /// <summary>The engine's word for its health; <see langword="null"/> without a health check.</summary>
    public string? Health { get; init; }

    /// <summary>The process id of an app that runs.</summary>
    public int? Pid { get; init; }

    /// <summary>Whether it can be used, with the reason.</summary>
    public required Readiness Readiness { get; init; }

    /// <summary>Its ports in this instance.</summary>
    public required IReadOnlyList<PortAssignment> Ports { get; init; }

    /// <summary>Since when it has run; <see langword="null"/> when it does not.</summary>
    public required DateTimeOffset? StartedAt { get; init; }

    /// <summary>How often it was started again.</summary>
    public required long Restarts { get; init; }

    /// <summary>Whether all instances share it.</summary>
    public bool IsShared { get; init; }

    /// <summary>Its resource usage; <see langword="null"/> when it is not running or was not measured.</summary>
    public ResourceUse? Use { get; init; }

    /// <summary>
    /// CPU usage in percent of one core. In a single status, the average since it was started, as
    /// in <c>ps</c>; in a later one, since the previous one. <see langword="null"/> when unknown.
    /// </summary>
    public double? CpuPercent { get; init; }
}
