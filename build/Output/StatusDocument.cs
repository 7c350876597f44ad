using InstanceKit.Observing;
using InstanceKit.Stacks;

namespace Output;

/// <summary>What <c>Status --json</c> prints.</summary>
/// <param name="SchemaVersion">See <see cref="JsonOutput.SchemaVersion"/>.</param>
/// <param name="Workspace">The workspace's absolute path.</param>
/// <param name="Instances">The instances.</param>
internal sealed record StatusDocument(int SchemaVersion, string Workspace, IReadOnlyList<StatusEntry> Instances)
{
    /// <summary>The document of some instances.</summary>
    public static StatusDocument Of(string workspace, IEnumerable<InstanceStatus> statuses, DateTimeOffset now) =>
        new(JsonOutput.SchemaVersion, workspace, [.. statuses.Select(s => StatusEntry.Of(s, now))]);
}

/// <summary>The status of one instance.</summary>
internal sealed record StatusEntry
{
    /// <summary>The instance's number.</summary>
    public required int Instance { get; init; }

    /// <summary>Its Compose project.</summary>
    public required string Project { get; init; }

    /// <summary>Whether it is the infrastructure that instances share, which has the ports of that number.</summary>
    public bool Shared => StackDefinition.IsSharedProject(Project);

    /// <summary>The branch that its workspace is on, or a short hash; null outside of a repository.</summary>
    public required string? Branch { get; init; }

    /// <summary>Whether its files exist.</summary>
    public required bool Initialized { get; init; }

    /// <summary>Whether everything in it is ready.</summary>
    public required bool Ready { get; init; }

    /// <summary><c>ready</c>, <c>waiting</c>, <c>failed</c> or <c>stopped</c>.</summary>
    public required ReadyState Readiness { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>How much of one core all of it uses, in percent; null when unknown.</summary>
    public required double? CpuPercent { get; init; }

    /// <summary>The memory that all of it has, in bytes; null when unknown.</summary>
    public required long? MemoryBytes { get; init; }

    /// <summary>Its connections with other instances; null where they were not looked for, or can't be read.</summary>
    public required IReadOnlyList<ConnectionEntry>? CrossTalk { get; init; }

    /// <summary>How many places of the workspace address the stack although no rule covers them; see <c>Audit</c>.</summary>
    public required int Untranslated { get; init; }

    /// <summary>Why something is unknown: the errors of the engine or PM2 that does not answer. Empty as a rule.</summary>
    public required IReadOnlyList<ErrorEntry> Errors { get; init; }

    /// <summary>Its services and apps.</summary>
    public required IReadOnlyList<ComponentEntry> Components { get; init; }

    /// <summary>The entry of an instance.</summary>
    public static StatusEntry Of(InstanceStatus status, DateTimeOffset now) => new()
    {
        Instance = status.Instance,
        Project = status.Project,
        Branch = status.Branch,
        Initialized = status.IsInitialized,
        Ready = status.Readiness.IsReady,
        Readiness = status.Readiness.State,
        Reason = status.Readiness.Reason,
        CpuPercent = status.CpuPercent is { } percent ? Math.Round(percent, 2) : null,
        MemoryBytes = status.Use?.Memory,
        CrossTalk = status.CrossTalk?.Select(ConnectionEntry.Of).ToList(),
        Untranslated = status.Untranslated,
        Errors = [.. status.Failures.Select(ErrorEntry.Of)],
        Components = [.. status.Components.Select(c => ComponentEntry.Of(c, now))],
    };
}

/// <summary>The status of one service or app.</summary>
internal sealed record ComponentEntry
{
    /// <summary><c>service</c> or <c>app</c>.</summary>
    public required OwnerKind Kind { get; init; }

    /// <summary>Its short name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether all instances share it.</summary>
    public required bool Shared { get; init; }

    /// <summary>The name of its container or PM2 process; null when there is none.</summary>
    public required string? RuntimeName { get; init; }

    /// <summary>The engine's or PM2's word; <c>absent</c> when there is nothing.</summary>
    public required string State { get; init; }

    /// <summary>The engine's word for its health; null without a health check.</summary>
    public required string? Health { get; init; }

    /// <summary>The process id of an app that runs, else null.</summary>
    public required int? Pid { get; init; }

    /// <summary>Whether it can be used.</summary>
    public required bool Ready { get; init; }

    /// <summary><c>ready</c>, <c>waiting</c>, <c>failed</c>, <c>stopped</c> or <c>skipped</c>.</summary>
    public required ReadyState Readiness { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Its ports.</summary>
    public required IReadOnlyList<PortEntry> Ports { get; init; }

    /// <summary>Since when it has run, in UTC; null when it does not.</summary>
    public required DateTime? StartedAt { get; init; }

    /// <summary>How long it has run, in whole seconds; null when it does not.</summary>
    public required long? UptimeSeconds { get; init; }

    /// <summary>How often it was started again.</summary>
    public required long Restarts { get; init; }

    /// <summary>CPU usage in percent of one core: the average since its start, or the current one with --watch; null if unknown.</summary>
    public required double? CpuPercent { get; init; }

    /// <summary>Its memory in bytes, without reclaimable file cache; null if unknown.</summary>
    public required long? MemoryBytes { get; init; }

    /// <summary>The entry of a service or app.</summary>
    public static ComponentEntry Of(ComponentStatus component, DateTimeOffset now) => new()
    {
        Kind = component.Kind,
        Name = component.Name,
        Shared = component.IsShared,
        RuntimeName = component.RuntimeName,
        State = component.State,
        Health = component.Health,
        Pid = component.Pid,
        Ready = component.Readiness.IsReady,
        Readiness = component.Readiness.State,
        Reason = component.Readiness.Reason,
        Ports = [.. component.Ports.Select(PortEntry.Of)],
        StartedAt = component.StartedAt?.UtcDateTime,
        UptimeSeconds = component.StartedAt is { } start ? Math.Max(0, (long)(now - start).TotalSeconds) : null,
        Restarts = component.Restarts,
        CpuPercent = component.CpuPercent is { } percent ? Math.Round(percent, 2) : null,
        MemoryBytes = component.Use?.Memory,
    };
}
