using System.Diagnostics;

namespace Nuke.Common.Execution;

/// <summary>A target of a build together with its place in the graph and what became of it.</summary>
public sealed class ExecutableTarget
{
    internal TargetDefinition Definition { get; init; } = null!;
    internal Target Factory { get; init; } = null!;
    internal Stopwatch Stopwatch { get; } = new();

    public string Name { get; internal init; } = "";
    public string? Description => Definition.Summary;
    public bool Listed => Definition.IsListed;
    public bool IsDefault { get; internal set; }
    public bool Invoked { get; internal set; }
    public ExecutionStatus Status { get; internal set; }
    public TimeSpan Duration => Stopwatch.Elapsed;

    /// <summary>Notes for the summary table.</summary>
    public Dictionary<string, string> SummaryInformation { get; internal set; } = [];

    public List<ExecutableTarget> ExecutionDependencies { get; } = [];
    public List<ExecutableTarget> OrderDependencies { get; } = [];
    public List<ExecutableTarget> TriggerDependencies { get; } = [];
    public List<ExecutableTarget> Triggers { get; } = [];

    /// <summary>Everything that comes before this target when both run.</summary>
    public IReadOnlyCollection<ExecutableTarget> AllDependencies =>
        [.. ExecutionDependencies, .. OrderDependencies, .. TriggerDependencies];
}

/// <summary>What became of a target; a collective one has no actions of its own.</summary>
public enum ExecutionStatus { None, Scheduled, NotRun, Skipped, Succeeded, Failed, Running, Aborted, Collective }
