using InstanceKit.Stacks;

namespace InstanceKit.Instances;

/// <summary>Which workspace is managed, and how.</summary>
public sealed record ManagerOptions
{
    /// <summary>The default time limit for readiness.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(120);

    /// <summary>The workspace's path.</summary>
    public required string Workspace { get; init; }

    /// <summary>Where downloaded tools such as PM2 are stored.</summary>
    public required string ToolsDirectory { get; init; }

    /// <summary>The stack name, which starts project and process names; overrides that of the workspace.</summary>
    public string? StackName { get; init; }

    /// <summary>The instances whose status is requested first; they are observed while the stack is being read.</summary>
    public InstanceSelector? LooksAt { get; init; }

    /// <summary>Whether the workspace's PM2 config, which is a program, may be evaluated to find its apps.</summary>
    public ConfigEvaluation Evaluation { get; init; }

    /// <summary>How long <c>Up</c> waits without progress before it gives up.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>How many instances are processed concurrently, 1 or more; <c>Up</c>, which mostly waits, uses twice as many.</summary>
    public int Parallelism { get; init; } = 4;

    /// <summary>What runs the services.</summary>
    public InfraMode? Infra { get; init; }

    /// <summary>Formats the commands that messages recommend.</summary>
    public NextCommand Next { get; init; } = NextCommand.Default;

    /// <summary>Receives a line when the wait for a machine-wide lock exceeds two seconds.</summary>
    public Action<string>? OnWait { get; init; }

    /// <summary>Whether to plan only, without changing anything.</summary>
    public bool DryRun { get; init; }

    /// <summary>Whether ports and address ranges are planned again, regardless of the recorded ones.</summary>
    public bool Repair { get; init; }

    /// <summary>Whether <c>Up</c> keeps containers whose image was rebuilt under the same tag.</summary>
    public bool KeepImages { get; init; }

    /// <summary>Whether edited files are overwritten, after a backup.</summary>
    public bool Force { get; init; }
}
