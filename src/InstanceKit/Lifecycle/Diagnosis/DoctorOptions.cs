using InstanceKit.Instances;
using InstanceKit.Stacks;

namespace InstanceKit.Lifecycle;

/// <summary>What <see cref="MachineDoctor"/> looks at.</summary>
public sealed record DoctorOptions
{
    /// <summary>The folder of this repository, with <c>global.json</c>.</summary>
    public required string RepositoryRoot { get; init; }

    /// <summary>The folder of tools that are fetched once.</summary>
    public required string ToolsDirectory { get; init; }

    /// <summary>The workspace's path; <see langword="null"/> when there is none.</summary>
    public string? Workspace { get; init; }

    /// <summary>Why there is no workspace.</summary>
    public InstanceKitException? WorkspaceProblem { get; init; }

    /// <summary>The stack's name in place of the workspace's own.</summary>
    public string? StackName { get; init; }

    /// <summary>What is to run the services; <see langword="null"/> leaves it to the stack.</summary>
    public InfraMode? Infra { get; init; }

    /// <summary>Spells the commands that findings tell a person to give next.</summary>
    public NextCommand Next { get; init; } = NextCommand.Default;

    /// <summary>The instances; <see langword="null"/> where none was chosen: then 1.</summary>
    public InstanceSelector? Selector { get; init; }
}
