using InstanceKit;
using InstanceKit.Doctor;
using InstanceKit.Infra;
using InstanceKit.Stacks;

namespace Output;

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
            .. facts.Instances.Select(i => new DiagnosisInstanceEntry(i.Number, InfraChoice.Of(facts, i.RecordedInfra).Mode,
                [.. i.Ports.Select(p => new DiagnosisPortEntry(p.Name, p.Port, p.Holder, p.Who))])),
        ],
        Providers = facts.Providers,
        Checks = findings,
    };
}

/// <summary>One chosen instance.</summary>
/// <param name="Instance">Its number.</param>
/// <param name="Infra">What would run its services: <c>compose</c> or <c>embedded</c>.</param>
/// <param name="Ports">Its ports.</param>
internal sealed record DiagnosisInstanceEntry(int Instance, InfraMode Infra, IReadOnlyList<DiagnosisPortEntry> Ports);

/// <summary>One port of a chosen instance.</summary>
/// <param name="Name">Its name, as <c>Ports</c> prints it.</param>
/// <param name="Port">The port.</param>
/// <param name="Holder">Who uses it: <c>nobody</c>, <c>instance</c> or <c>other</c>.</param>
/// <param name="Who">Somebody else's container or process, or null.</param>
internal sealed record DiagnosisPortEntry(string Name, int Port, PortHolder Holder, string? Who);
