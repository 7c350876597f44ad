using InstanceKit;
using InstanceKit.Reconcile;
using InstanceKit.Stacks;
using InstanceKit.Verbs;

namespace Output;

/// <summary>What <c>InitInstance</c>, <c>Up</c>, <c>Wait</c>, <c>Restart</c>, <c>Down</c> and <c>Clean</c> print with <c>--json</c>.</summary>
internal sealed record OperationDocument
{
    /// <summary>See <see cref="JsonOutput.SchemaVersion"/>.</summary>
    public int SchemaVersion { get; init; } = JsonOutput.SchemaVersion;

    /// <summary>Always <c>result</c>: it follows the events.</summary>
    public string Event { get; init; } = "result";

    /// <summary>The command: <c>Up</c>.</summary>
    public required string Command { get; init; }

    /// <summary>The workspace's absolute path.</summary>
    public required string Workspace { get; init; }

    /// <summary>Whether nothing was touched.</summary>
    public required bool DryRun { get; init; }

    /// <summary>The process's exit code.</summary>
    public required int ExitCode { get; init; }

    /// <summary>What was done, or would be, to each instance.</summary>
    public required IReadOnlyList<OperationEntry> Instances { get; init; }
}

/// <summary>What a command did to one instance, or would do.</summary>
internal sealed record OperationEntry
{
    /// <summary>The instance's number.</summary>
    public required int Instance { get; init; }

    /// <summary>Its Compose project.</summary>
    public required string Project { get; init; }

    /// <summary>Whether it is the infrastructure that instances share, which has the ports of that number.</summary>
    public bool Shared => StackDefinition.IsSharedProject(Project);

    /// <summary><c>done</c>, <c>unchanged</c>, <c>planned</c>, <c>failed</c> or <c>interrupted</c>.</summary>
    public required Outcome Outcome { get; init; }

    /// <summary>How long it took, in seconds.</summary>
    public required double ElapsedSeconds { get; init; }

    /// <summary>The changes in order, each with its cause.</summary>
    public required IReadOnlyList<ChangeEntry> Operations { get; init; }

    /// <summary>Notes for the user.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>How edited files differ from what would be written.</summary>
    public required IReadOnlyList<DiffEntry> Diffs { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public required ErrorEntry? Error { get; init; }

    /// <summary>The instance at the end of <c>Up</c>, <c>Wait</c> and <c>Restart</c>; null for the other commands, and if unknown.</summary>
    public required StatusEntry? Status { get; init; }

    /// <summary>The entry of a report.</summary>
    public static OperationEntry Of(OperationReport report, DateTimeOffset now) => new()
    {
        Instance = report.Instance,
        Project = report.Project,
        Outcome = report.Outcome,
        ElapsedSeconds = Math.Round(report.Elapsed.TotalSeconds, 3),
        Operations = [.. report.Plan.Operations.Select(o => new ChangeEntry(o.Kind, o.Target, o.Cause))],
        Notes = report.Notes,
        Diffs = [.. report.Diffs.Select(d => new DiffEntry(d.File, d.IsNews, d.Lines, d.MoreLines))],
        Error = report.Error is { } error ? ErrorEntry.Of(error) : null,
        Status = report.Status is { } status ? StatusEntry.Of(status, now) : null,
    };
}

/// <summary>How an edited file differs from what would be written.</summary>
/// <param name="File">The file's path, relative to the workspace.</param>
/// <param name="IsNews">Whether it was not shown like this before.</param>
/// <param name="Lines">The first lines of the unified difference, secrets masked.</param>
/// <param name="MoreLines">How many follow.</param>
internal sealed record DiffEntry(string File, bool IsNews, IReadOnlyList<string> Lines, int MoreLines);

/// <summary>One change.</summary>
/// <param name="Kind">What is done: <c>startService</c>.</param>
/// <param name="Target">The target: a service, a process, a file.</param>
/// <param name="Cause">Why.</param>
internal sealed record ChangeEntry(OperationKind Kind, string Target, string Cause);

/// <summary>What <c>--json</c> prints, as the last line, for a command that failed early.</summary>
/// <param name="SchemaVersion">See <see cref="JsonOutput.SchemaVersion"/>.</param>
/// <param name="Event">Always <c>error</c>.</param>
/// <param name="Error">What went wrong.</param>
internal sealed record ErrorDocument(int SchemaVersion, string Event, ErrorEntry Error)
{
    /// <summary>The document of an error.</summary>
    public static ErrorDocument Of(InstanceKitException error) => new(JsonOutput.SchemaVersion, "error", ErrorEntry.Of(error));
}

/// <summary>What went wrong.</summary>
/// <param name="ExitCode">The exit code of the process, or the one for this error alone.</param>
/// <param name="Kind">The exit code's name: <c>portTaken</c>.</param>
/// <param name="Message">What could not be done and why.</param>
/// <param name="Remedy">What can be done about it, or null.</param>
internal sealed record ErrorEntry(int ExitCode, ExitCode Kind, string Message, string? Remedy)
{
    /// <summary>The entry of an error.</summary>
    public static ErrorEntry Of(InstanceKitException error) =>
        new((int)error.ExitCode, error.ExitCode, error.Message, error.Remedy);
}

/// <summary>What <c>Clean --orphans --json</c> prints.</summary>
internal sealed record OrphansDocument
{
    /// <summary>See <see cref="JsonOutput.SchemaVersion"/>.</summary>
    public int SchemaVersion { get; init; } = JsonOutput.SchemaVersion;

    /// <summary>Always <c>result</c>: it follows the events.</summary>
    public string Event { get; init; } = "result";

    /// <summary>The command.</summary>
    public string Command { get; init; } = CommandWords.Clean.Name;

    /// <summary>Whether nothing was touched.</summary>
    public required bool DryRun { get; init; }

    /// <summary>The process's exit code.</summary>
    public required int ExitCode { get; init; }

    /// <summary>The orphaned instances, and what was done, or would be done, to each.</summary>
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
