using InstanceKit.Status;

namespace Rendering.Json;

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
        Errors = [.. status.Failures.Select(ErrorEntry.Of)],
        Components = [.. status.Components.Select(c => ComponentEntry.Of(c, now))],
    };
}
