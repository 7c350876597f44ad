using InstanceKit.Stacks;
using InstanceKit.Status;

namespace Rendering.Json;

/// <summary>The status of one service or app.</summary>
internal sealed record ComponentEntry
{
    /// <summary><c>service</c> or <c>app</c>.</summary>
    public required OwnerKind Kind { get; init; }

    /// <summary>Its short name.</summary>
    public required string Name { get; init; }

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

    /// <summary>How much of one core it uses, in percent: on average since its start, with --watch at present; null when unknown.</summary>
    public required double? CpuPercent { get; init; }

    /// <summary>Its memory in bytes, without file cache that could be given up; null when unknown.</summary>
    public required long? MemoryBytes { get; init; }

    /// <summary>The entry of a service or app.</summary>
    public static ComponentEntry Of(ComponentStatus component, DateTimeOffset now) => new()
    {
        Kind = component.Kind,
        Name = component.Name,
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
