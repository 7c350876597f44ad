using static Manual.Pages.OptionName;

namespace Manual.Pages;

/// <summary>The targets that show what there is.</summary>
internal static class LookPages
{
    public static TargetGroup Group => new("Look at instances", [Status, Stats, Logs, List, Info, Ports, ProjectName]);

    private static TargetPage Status => new("Status", Summary.Status)
    {
        Options = [Instance, Watch, RequireReady, Workspace, StackName, Json],
        Examples =
        [
            new("{build}", "Shows the instance that is meant where none is named."),
            new("{build} Status --instance all", "Shows every instance of the workspace."),
            new("{build} Status --instance all --watch", "Shows them until Ctrl-C, each change at once."),
            new("{build} Status --instance 1 --json", "Writes the same as a JSON document."),
            new("{build} Status --instance 1 --require-ready && npm run e2e", "Goes on only when everything in instance 1 is ready."),
        ],
        ExitCodes = [0, 1, 2, 3, 5],
    };

    private static TargetPage Stats => new("Stats", Summary.Stats)
    {
        Options = [Instance, Watch, Workspace, StackName, Json],
        Examples =
        [
            new("{build} Stats --instance 1", "Measures instance 1 for one second."),
            new("{build} Stats --instance all --watch", "Shows the use of every instance, and its sum, until Ctrl-C."),
        ],
        ExitCodes = [0, 1, 2, 3],
    };

    private static TargetPage Logs => new("Logs", Summary.Logs)
    {
        Options = [Instance, Follow, Tail, Since, Until, Grep, Only, Workspace, StackName, Json],
        Examples =
        [
            new("{build} Logs --instance 1 -f", "Shows the last lines of everything in instance 1 and follows until Ctrl-C."),
            new("{build} Logs --instance 1 -n 20 --only backend,postgres", "Shows the last 20 lines of one app and one service."),
            new("{build} Logs --instance all --since 10m", "Shows what all instances have written in the last ten minutes."),
            new("{build} Logs --instance 0-9 -f --grep 'error|warn'", "Follows ten instances at once, only the lines in which one of the words is found."),
        ],
        ExitCodes = [0, 1, 2, 3],
    };

    private static TargetPage List => new("List", Summary.List)
    {
        Options = [Workspace, Json],
        Examples =
        [
            new("{build} List", "Shows the instances of all workspaces, with their checkouts."),
            new("{build} List --json", "Writes the same as a JSON document."),
        ],
        ExitCodes = [0, 1, 2, 3],
    };

    private static TargetPage Info => new("Info", Summary.Info)
    {
        Options = [Instance, Workspace, StackName, Json],
        Examples =
        [
            new("{build} Info --instance 1", "Shows the names, ports and variables of instance 1."),
            new("{build} Info --instance 0-5", "Shows those of instances 0 to 5, whether they exist or not."),
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

    private static TargetPage ProjectName => new("ProjectName", Summary.ProjectName)
    {
        Options = [Instance, Workspace, StackName, Json],
        Examples =
        [
            new("docker compose -p \"$({build} ProjectName --instance 1)\" ps", "Shows the containers of instance 1 with Compose itself."),
        ],
    };
}
