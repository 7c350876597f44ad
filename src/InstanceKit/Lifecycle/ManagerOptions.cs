using InstanceKit.Instances;

using InstanceKit.Stacks;

namespace InstanceKit.Lifecycle;

/// <summary>Which workspace is managed, and how.</summary>
public sealed record ManagerOptions
{
    /// <summary>The longest wait for readiness where none is given.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(120);

    /// <summary>The workspace's path.</summary>
    public required string Workspace { get; init; }

    /// <summary>Where tools that are fetched once are kept, such as PM2.</summary>
    public required string ToolsDirectory { get; init; }

    /// <summary>The stack's name in place of the workspace's own; project and process names begin with it.</summary>
    public string? StackName { get; init; }

    /// <summary>The instances whose status is asked for first: it is looked at while the stack is still being read.</summary>
    public InstanceSelector? LooksAt { get; init; }

    /// <summary>Whether the workspace's PM2 config, which is a program, may be evaluated to find its apps.</summary>
    public ConfigEvaluation Evaluation { get; init; }

    /// <summary>How long <c>Up</c> waits without progress before it gives up.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>How many instances are worked on at the same time, 1 or more; <c>Up</c>, which mostly waits, takes twice as many.</summary>
    public int Parallelism { get; init; } = 4;

    /// <summary>What runs the services.</summary>
    public InfraMode? Infra { get; init; }

    /// <summary>Spells the commands that messages tell a person to give next.</summary>
    public NextCommand Next { get; init; } = NextCommand.Default;

    /// <summary>Called with a line for people when a lock of the machine is awaited for more than two seconds.</summary>
    public Action<string>? OnWait { get; init; }

    /// <summary>Whether nothing is touched and only the plan is made.</summary>
    public bool DryRun { get; init; }

    /// <summary>Whether ports and address ranges are planned afresh, whatever they were before.</summary>
    public bool Repair { get; init; }

    /// <summary>Whether <c>Up</c> keeps containers whose image was rebuilt under the same tag.</summary>
    public bool KeepImages { get; init; }

    /// <summary>Whether edited files are overwritten, after a backup.</summary>
    public bool Force { get; init; }
}
