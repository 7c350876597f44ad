using InstanceKit;
using InstanceKit.Doctor;
using InstanceKit.Infra;
using InstanceKit.Stacks;
using InstanceKit.Verbs;

namespace Output;

/// <summary>What <c>List --json</c> prints.</summary>
/// <param name="SchemaVersion">See <see cref="JsonOutput.SchemaVersion"/>.</param>
/// <param name="Instances">All instances of this machine.</param>
/// <param name="Notes">What could not be found out.</param>
internal sealed record MachineDocument(int SchemaVersion, IReadOnlyList<MachineEntry> Instances, IReadOnlyList<string> Notes)
{
    /// <summary>The document of some instances.</summary>
    public static MachineDocument Of(MachineSurvey survey, DateTimeOffset now) =>
        new(JsonOutput.SchemaVersion, [.. survey.Instances.Select(i => MachineEntry.Of(i, now))], survey.Notes);
}

/// <summary>One instance of this machine.</summary>
internal sealed record MachineEntry
{
    /// <summary>The instance's number.</summary>
    public required int Instance { get; init; }

    /// <summary>Its Compose project.</summary>
    public required string Project { get; init; }

    /// <summary>Whether it is the infrastructure that instances share, which has the ports of that number.</summary>
    public bool Shared => StackDefinition.IsSharedProject(Project);

    /// <summary>Its workspace's absolute path, or null.</summary>
    public required string? Workspace { get; init; }

    /// <summary>The branch or short hash that the workspace is on, or null.</summary>
    public required string? Branch { get; init; }

    /// <summary><c>running</c>, <c>stopped</c>, <c>filesOnly</c>, <c>claimed</c> or <c>unknown</c>.</summary>
    public required MachineState State { get; init; }

    /// <summary>What runs its services: <c>own</c> ones or <c>shared</c> ones; null for the shared infrastructure, and if unknown.</summary>
    public required InfraMode? Infra { get; init; }

    /// <summary>How many containers run, or null.</summary>
    public required int? RunningContainers { get; init; }

    /// <summary>How many containers there are, or null.</summary>
    public required int? Containers { get; init; }

    /// <summary>How many services are online as processes, or null.</summary>
    public required int? ServicesOnline { get; init; }

    /// <summary>How many apps are online, or null.</summary>
    public required int? AppsOnline { get; init; }

    /// <summary>When it was created, in UTC, or null.</summary>
    public required DateTime? CreatedAt { get; init; }

    /// <summary>How long ago that was, in whole seconds, or null.</summary>
    public required long? AgeSeconds { get; init; }

    /// <summary>Whether <c>auto</c> chose its number.</summary>
    public required bool Auto { get; init; }

    /// <summary>Whether its workspace no longer exists.</summary>
    public required bool Orphaned { get; init; }

    /// <summary>What is odd about it, or null.</summary>
    public required string? Remark { get; init; }

    /// <summary>The entry of an instance.</summary>
    public static MachineEntry Of(MachineInstance instance, DateTimeOffset now) => new()
    {
        Instance = instance.Number,
        Project = instance.Project,
        Workspace = instance.Workspace,
        Branch = instance.Branch,
        State = instance.State,
        Infra = instance.Mode,
        RunningContainers = instance.Running,
        Containers = instance.Containers,
        ServicesOnline = instance.ServicesOnline,
        AppsOnline = instance.AppsOnline,
        CreatedAt = instance.Created?.UtcDateTime,
        AgeSeconds = instance.Created is { } created ? Math.Max(0, (long)(now - created).TotalSeconds) : null,
        Auto = instance.IsAuto,
        Orphaned = instance.IsOrphaned,
        Remark = instance.Remark,
    };
}

/// <summary>What <c>Doctor --json</c> prints.</summary>
internal sealed record DiagnosisDocument
{
    /// <summary>See <see cref="JsonOutput.SchemaVersion"/>.</summary>
    public int SchemaVersion { get; } = JsonOutput.SchemaVersion;

    /// <summary>The workspace's absolute path, or null when it can't be used.</summary>
    public required string? Workspace { get; init; }

    /// <summary>The exit code of the command: 0, or 3 when something required is missing.</summary>
    public required int ExitCode { get; init; }

    /// <summary>The chosen instances.</summary>
    public required IReadOnlyList<DiagnosisInstanceEntry> Instances { get; init; }

    /// <summary>What can stand for containers.</summary>
    public required IReadOnlyList<ProviderFact> Providers { get; init; }

    /// <summary>One entry for each check.</summary>
    public required IReadOnlyList<Finding> Checks { get; init; }

    /// <summary>The document of some findings.</summary>
    public static DiagnosisDocument Of(DiagnosisFacts facts, IReadOnlyList<Finding> findings) => new()
    {
        Workspace = facts.Workspace,
        ExitCode = (int)Diagnosis.ExitCodeOf(findings),
        Instances =
        [
            .. facts.Instances.Select(i => new DiagnosisInstanceEntry(i.Number, i.IsShared, InfraChoice.Of(facts, i.RecordedInfra).Mode,
                [.. i.Ports.Select(p => new DiagnosisPortEntry(p.Name, p.Port, p.Holder, p.Who))])),
        ],
        Providers = facts.Providers,
        Checks = findings,
    };
}

/// <summary>One chosen instance.</summary>
/// <param name="Instance">Its number.</param>
/// <param name="Shared">Whether it is the infrastructure that instances share.</param>
/// <param name="Infra">What would run its services: <c>compose</c> or <c>embedded</c>.</param>
/// <param name="Ports">Its ports.</param>
internal sealed record DiagnosisInstanceEntry(int Instance, bool Shared, InfraMode Infra, IReadOnlyList<DiagnosisPortEntry> Ports);

/// <summary>One port of a chosen instance.</summary>
/// <param name="Name">Its name, as <c>Ports</c> prints it.</param>
/// <param name="Port">The port.</param>
/// <param name="Holder">Who uses it: <c>nobody</c>, <c>instance</c>, <c>shared</c> or <c>other</c>.</param>
/// <param name="Who">Somebody else's container or process, or null.</param>
internal sealed record DiagnosisPortEntry(string Name, int Port, PortHolder Holder, string? Who);
