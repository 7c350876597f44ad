namespace Nuke.Common.Execution;

/// <summary>What became of a target.</summary>
public enum ExecutionStatus
{
    None,
    Scheduled,
    NotRun,
    Skipped,
    Succeeded,
    Failed,
    Running,
    Aborted,

    /// <summary>It has no actions of its own.</summary>
    Collective,
}
