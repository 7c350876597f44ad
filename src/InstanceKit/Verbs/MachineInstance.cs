namespace InstanceKit.Verbs;

/// <summary>The state of an instance on this machine.</summary>
public enum MachineState
{
    /// <summary>Containers or apps run.</summary>
    Running,

    /// <summary>It has resources in the engine, but nothing is running.</summary>
    Stopped,

    /// <summary>There are only its files.</summary>
    FilesOnly,

    /// <summary>Only its number is claimed.</summary>
    Claimed,

    /// <summary>The engine does not answer.</summary>
    Unknown,
}

/// <summary>One instance of this machine, of whatever workspace.</summary>
public sealed record MachineInstance
{
    /// <summary>Its number.</summary>
    public required int Number { get; init; }

    /// <summary>Its Compose project.</summary>
    public required string Project { get; init; }

    /// <summary>Its workspace's absolute path; <see langword="null"/> if it is unknown.</summary>
    public required string? Workspace { get; init; }

    /// <summary>The branch or short hash that the workspace is on; <see langword="null"/> outside of a repository.</summary>
    public string? Branch { get; init; }

    /// <summary>How much of it there is.</summary>
    public required MachineState State { get; init; }

    /// <summary>How many containers run; <see langword="null"/> when the engine does not answer.</summary>
    public int? Running { get; init; }

    /// <summary>How many containers there are; <see langword="null"/> when the engine does not answer.</summary>
    public int? Containers { get; init; }

    /// <summary>How many apps are online in PM2; <see langword="null"/> if unknown.</summary>
    public int? AppsOnline { get; init; }

    /// <summary>Whether it may have resources in an engine: Compose has run it.</summary>
    public bool MayBeInEngine { get; init; }

    /// <summary>How many services are online; <see langword="null"/> where Compose runs them, or if unknown.</summary>
    public int? ServicesOnline { get; init; }

    /// <summary>When it was created, in UTC; <see langword="null"/> if unknown.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Whether <c>--instance auto</c> chose its number.</summary>
    public bool IsAuto { get; init; }

    /// <summary>Whether its workspace no longer exists, and it did not move.</summary>
    public bool IsOrphaned { get; init; }

    /// <summary>A remark on its state, as a phrase; <see langword="null"/> for none.</summary>
    public string? Remark { get; init; }
}

/// <summary>All instances of this machine.</summary>
/// <param name="Instances">The instances, by number.</param>
/// <param name="Notes">What could not be found out.</param>
public sealed record MachineSurvey(IReadOnlyList<MachineInstance> Instances, IReadOnlyList<string> Notes);

/// <summary>The result for an orphaned instance.</summary>
/// <param name="Orphan">The instance.</param>
/// <param name="Report">What was done, or would be.</param>
public sealed record OrphanReport(MachineInstance Orphan, OperationReport Report);
