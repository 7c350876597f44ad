using InstanceKit.Planning;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Status;

/// <summary>What <c>Status</c> says of one service or app.</summary>
public sealed record ComponentStatus
{
    /// <summary>The state of what has neither container nor process.</summary>
    public const string Absent = "absent";

    /// <summary>The state of what could not be looked at.</summary>
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

    /// <summary>What it takes of the machine; <see langword="null"/> when it does not run or nobody has measured.</summary>
    public ResourceUse? Use { get; init; }

    /// <summary>
    /// How much of one core it uses, in percent: 100 is a whole one. In one look the average since it was started, as
    /// <c>ps</c> says; in a later one, since the one before. <see langword="null"/> when unknown.
    /// </summary>
    public double? CpuPercent { get; init; }
}
