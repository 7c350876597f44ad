using InstanceKit.Observing;
using Nuke.Common;

internal sealed partial class Build
{
    [Parameter("The instances: a number, a list or range such as 0,2,5-7, all, or auto (the checkout's own, otherwise the lowest free number).")]
    public string? Instance { get; private set; }

    [Parameter("The workspace. Default is this repository, otherwise samples/studio.")]
    public string? Workspace { get; private set; }

    [Parameter("Overwrites generated files that were edited, after saving them as *.bak.")]
    public bool Force { get; private set; }

    [Parameter("Plans the ports of instances again and reports which have moved. Otherwise they never change.")]
    public bool Repair { get; private set; }

    [Parameter("Keeps containers whose image was rebuilt under the same tag. Otherwise Up replaces them.")]
    public bool KeepImages { get; private set; }

    [Parameter("Prints all ports of the stack, each with the reason for its number.")]
    public bool Explain { get; private set; }

    [Parameter("Shows what would be done and why, without changing anything.")]
    public bool DryRun { get; private set; }

    [Parameter("Prints JSON, and nothing else, to standard output.")]
    public bool Json { get; private set; }

    [Parameter("Keeps showing Status or Stats until Ctrl-C: in place in a terminal, otherwise as a block for each change.")]
    public bool Watch { get; private set; }

    [Parameter("Makes Status end with exit code 5 if something it shows is not ready.")]
    public bool RequireReady { get; private set; }

    [Parameter("Confirms the removal of all instances, or of orphaned ones, without asking.")]
    public bool Yes { get; private set; }

    [Parameter("Makes Clean remove what is left of instances, of all workspaces, whose workspace no longer exists.")]
    public bool Orphans { get; private set; }

    [Parameter("Keeps following the logs until Ctrl-C.")]
    public bool Follow { get; private set; }

    [Parameter("How many of the last log lines of each source to show: a number or all. Default is 100, or all with --since or --grep.")]
    public string? Tail { get; private set; }

    [Parameter("Shows logs since a time: 10m (ten minutes ago), 2h30m, or a date and time.")]
    public string? Since { get; private set; }

    [Parameter("Shows logs until a time: 5m (five minutes ago), or a date and time. Following ends there.")]
    public string? Until { get; private set; }

    [Parameter("Shows only lines that match a regular expression.")]
    public string? Grep { get; private set; }

    [Parameter("Only these services and apps, separated by commas.", Separator = ",")]
    public string[]? Only { get; private set; }

    [Parameter("How long Up and Restart wait without progress, or Wait waits in total: 120, 90s or 2m. Default is 120, or 60 for Wait.")]
    public string? Timeout { get; private set; }

    [Parameter("What runs the services: auto, compose (containers) or embedded (processes on this machine). Default is auto.")]
    public string? Infra { get; private set; }

    [Parameter("The prefix of project and app names. Default is the workspace's own.")]
    public string? StackName { get; private set; }

    [Parameter("Makes Test run all fault scenarios, and nothing else, and print a table.")]
    public bool Faults { get; private set; }

    [Parameter("The shell for the output of Env and Completion: bash, zsh, fish or powershell. Default of Env is bash, or powershell on Windows.")]
    public string? Shell { get; private set; }
}
