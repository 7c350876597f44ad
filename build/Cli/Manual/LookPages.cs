using InstanceKit.Observing;
using static Cli.Manual.OptionName;

namespace Cli.Manual;

/// <summary>The targets that show instances.</summary>
internal static class LookPages
{
    public static TargetGroup Group => new("Look at instances", [Status, Stats, Verify, Logs, List, Info, Ports, Audit, ProjectName]);

    private static TargetPage Status => new("Status", Summary.Status)
    {
        Options = [Instance, OptionName.Watch, RequireReady, Workspace, StackName, Json],
        Details =
        [
            "Shows the state, health, endpoints, CPU, memory, uptime and restarts of services and apps, and why something is not ready. Narrow terminals omit the least important columns. CPU is the average since the start, in percent of one core; memory is that of all processes, without file cache. Status never waits for another command.",
            "In a terminal, `--watch` uses a screen of its own until Ctrl-C, shows each change at once with the current CPU use, and leaves the last state on the terminal. Otherwise, it prints a block for each change.",
        ],
        Examples =
        [
            new("{build}", "Shows the current instance."),
            new("{build} Status --instance all", "Shows every instance of the workspace."),
            new("{build} Status --instance all --watch", "Keeps showing them until Ctrl-C, each change at once."),
            new("{build} Status --instance 1 --json", "Prints the same as JSON."),
            new("{build} Status --instance 1 --require-ready && npm run e2e", "Continues only if everything in instance 1 is ready."),
        ],
        ExitCodes = [0, 1, 2, 3, 5],
    };

    private static TargetPage Stats => new("Stats", Summary.Stats)
    {
        Options = [Instance, OptionName.Watch, Workspace, StackName, Json],
        Details = ["Measures for one second; with `--watch`, continuously."],
        Examples =
        [
            new("{build} Stats --instance 1", "Measures instance 1 for one second."),
            new("{build} Stats --instance all --watch", "Keeps showing the use of every instance, with totals, until Ctrl-C."),
        ],
        ExitCodes = [0, 1, 2, 3],
    };

    private static TargetPage Verify => new("Verify", Summary.Verify)
    {
        Options = [Instance, OptionName.Watch, Workspace, StackName, Json],
        Details =
        [
            "Reads the established TCP connections of the processes of every app and of every container from the kernel's tables, and says whose the other ends are: the instance's own, another instance's, another program's of this machine, or another machine's. A connection with another instance is named with the process, both addresses and, if it can be told, the variable that names the address; the exit code is then 5.",
            "Shows one moment: use `--watch` for connections that are opened now and then. It then looks each second until Ctrl-C, and the exit code is 5 if any look has found cross-talk. Connections of containers that run in a virtual machine, as with Docker Desktop, can't be read; those of apps can.",
        ],
        Examples =
        [
            new("{build} Verify --instance all", "Shows the connections of every instance of the workspace."),
            new("{build} Verify --instance 1,2 --watch", "Keeps looking until Ctrl-C, and prints each change."),
            new("{build} Verify --instance 1 --json", "Prints the same as JSON."),
        ],
        ExitCodes = [0, 1, 2, 3, 5],
    };

    private static TargetPage Logs => new("Logs", Summary.Logs)
    {
        Options = [Instance, Follow, Tail, Since, Until, Grep, Only, Workspace, StackName, Json],
        Details =
        [
            "Merges the logs of apps, containers and instances by time. `--grep` searches the lines that `--tail` selects, which are all lines when `--tail` is not set. `--follow` continues through restarts of containers and apps, and includes those that start later. Logs never waits for another command.",
        ],
        Examples =
        [
            new("{build} Logs --instance 1 -f", "Shows the last log lines of instance 1 and follows until Ctrl-C."),
            new("{build} Logs --instance 1 -n 20 --only backend,postgres", "Shows the last 20 lines of one app and one service."),
            new("{build} Logs --instance all --since 10m", "Shows the logs of all instances from the last ten minutes."),
            new("{build} Logs --instance 0-9 -f --grep 'error|warn'", "Follows ten instances, showing only lines that contain one of the words."),
        ],
        ExitCodes = [0, 1, 2, 3],
    };

    private static TargetPage List => new("List", Summary.List)
    {
        Options = [Workspace, Json],
        Details = ["Shows which instances are orphaned because their workspace no longer exists. `Clean --orphans` removes those."],
        Examples =
        [
            new("{build} List", "Lists the instances of all workspaces, with their checkouts."),
            new("{build} List --json", "Prints the same as JSON."),
        ],
        ExitCodes = [0, 1, 2, 3],
    };

    private static TargetPage Info => new("Info", Summary.Info)
    {
        Options = [Instance, Workspace, StackName, Json],
        Examples =
        [
            new("{build} Info --instance 1", "Shows the names, ports and variables of instance 1."),
            new("{build} Info --instance 0-5", "Shows those of instances 0 to 5, whether or not they exist."),
        ],
    };

    private static TargetPage Ports => new("Ports", Summary.Ports)
    {
        Options = [Instance, Explain, Workspace, StackName, Json],
        Examples =
        [
            new("eval \"$({build} Ports --instance 1)\"", "Sets a shell variable for each port of instance 1."),
            new("{build} Ports --instance 1 --explain", "Shows every port with the reason for its number."),
        ],
    };

    private static TargetPage Audit => new("Audit", Summary.Audit)
    {
        Options = [Instance, Workspace, StackName, Json],
        Details =
        [
            "Lists env files, the PM2 config, compose files, mounted configuration and the sources that git tracks. Each place is *translated*; *set*, if it is the default of a variable that nothing sets and the instance sets the variable; *kept*, for the stated reason; or *unknown*, if no rule covers it. An unknown place may use instance 0: the exit code is 5. Use a variable there, or answer it under `literals` in the stack file. The instance need not exist; nothing is written.",
        ],
        Examples =
        [
            new("{build} Audit --instance 1", "Lists what addresses the stack, and what is unknown."),
            new("{build} Audit --instance 1,2 --json", "Prints the same of two instances as JSON."),
        ],
        ExitCodes = [0, 1, 2, 3, 5],
    };

    private static TargetPage ProjectName => new("ProjectName", Summary.ProjectName)
    {
        Options = [Instance, Workspace, StackName, Json],
        Examples =
        [
            new("docker compose -p \"$({build} ProjectName --instance 1)\" ps", "Lists the containers of instance 1 through Compose."),
        ],
    };
}
