namespace InstanceKit.Status;

/// <summary>Judges what was found on a machine: one finding for each thing that instances need.</summary>
public static class Diagnosis
{
    /// <summary>The findings, in the order in which people should read them.</summary>
    public static IReadOnlyList<Finding> Of(DiagnosisFacts facts) =>
    [
        .. ProgramRules.Of(facts),
        .. EngineRules.Of(facts),
        .. WorkspaceRules.Of(facts),
        .. MemoryRules.Of(facts),
    ];

    /// <summary>What the command ends with: <see cref="ExitCode.Prerequisite"/> when something required is missing.</summary>
    public static ExitCode ExitCodeOf(IEnumerable<Finding> findings) =>
        findings.Any(f => f.State is FindingState.Missing) ? ExitCode.Prerequisite : ExitCode.Ok;
}
