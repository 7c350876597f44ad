namespace InstanceKit.Lifecycle;

/// <summary>How much of an instance there is.</summary>
public enum MachineState
{
    /// <summary>Containers or apps run.</summary>
    Running,

    /// <summary>The engine holds something of it, and nothing runs.</summary>
    Stopped,

    /// <summary>There are only its files.</summary>
    FilesOnly,

    /// <summary>Its number is taken, and nothing else is there.</summary>
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

    /// <summary>Its workspace's absolute path; <see langword="null"/> where nothing tells it.</summary>
    public required string? Workspace { get; init; }

    /// <summary>The branch or short hash that the workspace is on; <see langword="null"/> outside of a repository.</summary>
    public string? Branch { get; init; }

    /// <summary>How much of it there is.</summary>
    public required MachineState State { get; init; }

    /// <summary>How many containers run; <see langword="null"/> when the engine does not answer.</summary>
    public int? Running { get; init; }

    /// <summary>How many containers there are; <see langword="null"/> when the engine does not answer.</summary>
    public int? Containers { get; init; }

    /// <summary>How many apps PM2 calls online; <see langword="null"/> when it can't be told.</summary>
    public int? AppsOnline { get; init; }

    /// <summary>Whether an engine may hold something of it: Compose has run it.</summary>
    public bool MayBeInEngine { get; init; }

    /// <summary>How many of them are online; <see langword="null"/> where Compose runs them, or when it can't be told.</summary>
    public int? ServicesOnline { get; init; }

    /// <summary>When it was made, in UTC; <see langword="null"/> when nothing tells it.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Whether <c>--instance auto</c> chose its number.</summary>
    public bool IsAuto { get; init; }

    /// <summary>Whether its workspace no longer exists, and it did not move.</summary>
    public bool IsOrphaned { get; init; }

    /// <summary>What is odd about it, as a phrase; <see langword="null"/> for nothing.</summary>
    public string? Remark { get; init; }
}

/// <summary>All instances of this machine.</summary>
/// <param name="Instances">The instances, by number.</param>
/// <param name="Notes">What could not be found out.</param>
public sealed record MachineSurvey(IReadOnlyList<MachineInstance> Instances, IReadOnlyList<string> Notes);

/// <summary>What became of an orphaned instance.</summary>
/// <param name="Orphan">The instance.</param>
/// <param name="Report">What was done, or would be.</param>
public sealed record OrphanReport(MachineInstance Orphan, OperationReport Report);
