using Nuke.Common;

internal sealed partial class Build
{
    [Parameter("Which instances: a number, a list or range such as 0,2,5-7, all, or auto (the checkout's own, else the lowest free).")]
    public string? Instance { get; private set; }

    [Parameter("The workspace whose stack is run. Default is this repository, else samples/studio.")]
    public string? Workspace { get; private set; }

    [Parameter("Overwrites generated files that were edited, after saving them as *.bak.")]
    public bool Force { get; private set; }

    [Parameter("Plans the ports of instances afresh and says what moved; otherwise they never shift.")]
    public bool Repair { get; private set; }

    [Parameter("Keeps containers whose image was rebuilt under the same tag; otherwise Up replaces them.")]
    public bool KeepImages { get; private set; }

    [Parameter("Prints the ports of the whole stack, each with the reason for its number.")]
    public bool Explain { get; private set; }

    [Parameter("Shows what would be done and why, and touches nothing.")]
    public bool DryRun { get; private set; }

    [Parameter("Writes JSON, and nothing else, to standard output.")]
    public bool Json { get; private set; }

    [Parameter("Keeps showing Status or Stats until Ctrl-C: in place on a terminal, elsewhere a block for each change.")]
    public bool Watch { get; private set; }

    [Parameter("Lets Status end with exit code 5 when something it shows is not ready.")]
    public bool RequireReady { get; private set; }

    [Parameter("Confirms the removal of all instances, or of orphaned ones, without a question.")]
    public bool Yes { get; private set; }

    [Parameter("Lets Clean remove what instances left whose workspace is gone, of all workspaces.")]
    public bool Orphans { get; private set; }

    [Parameter("Keeps following the logs until Ctrl-C.")]
    public bool Follow { get; private set; }

    [Parameter("How many of the last log lines of each source: a number or all. Default is 100, or all with --since or --grep.")]
    public string? Tail { get; private set; }

    [Parameter("Shows logs from that time on: 10m ago, 2h30m ago, or a date and time.")]
    public string? Since { get; private set; }

    [Parameter("Shows logs up to that time: 5m ago, or a date and time. Following ends there.")]
    public string? Until { get; private set; }

    [Parameter("Only lines in which this regular expression is found.")]
    public string? Grep { get; private set; }

    [Parameter("Only these services and apps, separated by commas.", Separator = ",")]
    public string[]? Only { get; private set; }

    [Parameter("How long Up and Restart wait without progress, or Wait at all: 120, 90s or 2m. Default is 120, of Wait 60.")]
    public string? Timeout { get; private set; }

    [Parameter("What runs the services: auto, compose (containers) or embedded (processes of this machine). Default is auto.")]
    public string? Infra { get; private set; }

    [Parameter("The first part of project and app names, in place of the workspace's own.")]
    public string? StackName { get; private set; }

    [Parameter("Lets Test inject all faults of the suite, run nothing else, and print a table.")]
    public bool Faults { get; private set; }

    [Parameter("The shell that Env and Completion write for: bash, zsh, fish or powershell. Default of Env is bash, on Windows powershell.")]
    public string? Shell { get; private set; }
}
