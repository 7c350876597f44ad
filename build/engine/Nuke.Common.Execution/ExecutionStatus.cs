namespace Nuke.Common.Execution;

/// <summary>What became of a target; a collective one has no actions of its own.</summary>
public enum ExecutionStatus { None, Scheduled, NotRun, Skipped, Succeeded, Failed, Running, Aborted, Collective }
