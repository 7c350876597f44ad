using InstanceKit.Lifecycle;

namespace Rendering.Json;

/// <summary>What <c>Clean --orphans --json</c> prints.</summary>
internal sealed record OrphansDocument
{
    /// <summary>See <see cref="JsonOutput.SchemaVersion"/>.</summary>
    public int SchemaVersion { get; init; } = JsonOutput.SchemaVersion;

    /// <summary>Always <c>result</c>: it comes behind the events of the work.</summary>
    public string Event { get; init; } = "result";

    /// <summary>The command.</summary>
    public string Command { get; init; } = CommandWords.Clean.Name;

    /// <summary>Whether nothing was touched.</summary>
    public required bool DryRun { get; init; }

    /// <summary>The process's exit code.</summary>
    public required int ExitCode { get; init; }

    /// <summary>The orphaned instances, and what was done, or would be, to each.</summary>
    public required IReadOnlyList<OrphanEntry> Orphans { get; init; }
}

/// <summary>An orphaned instance, and what was done to it.</summary>
/// <param name="Workspace">The workspace that is gone.</param>
/// <param name="Remark">Why it is an orphan.</param>
/// <param name="Report">What was done, or would be.</param>
internal sealed record OrphanEntry(string? Workspace, string? Remark, OperationEntry Report)
{
    /// <summary>The entry of an orphan.</summary>
    public static OrphanEntry Of(OrphanReport orphan, DateTimeOffset now) =>
        new(orphan.Orphan.Workspace, orphan.Orphan.Remark, OperationEntry.Of(orphan.Report, now));
}
