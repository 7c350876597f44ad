using static Manual.Pages.OptionName;

namespace Manual.Pages;

/// <summary>The targets that change what runs.</summary>
internal static class RunPages
{
    public static TargetGroup Group => new("Run instances", [Up, Down, Clean, InitInstance]);

    private static TargetPage Up => new("Up", Summary.Up)
    {
        Options = [Instance, Infra, OptionName.Timeout, DryRun, Force, Repair, KeepImages, Workspace, StackName, Json],
        Examples =
        [
            new("{build} Up --instance 1", "Starts instance 1, waits until it is ready and shows its endpoints."),
            new("{build} Up --instance auto", "Takes the lowest number that is free on this machine and remembers it for this checkout."),
            new("{build} Up --instance 0-2 --timeout 5m", "Starts three instances side by side, each with five minutes of patience."),
            new("{build} Up --instance 1 --dry-run", "Shows each step with its cause and touches nothing."),
        ],
        ExitCodes = [0, 1, 2, 3, 4, 5, 6, 130],
    };

    private static TargetPage Down => new("Down", Summary.Down)
    {
        Options = [Instance, DryRun, Workspace, StackName, Json],
        Examples =
        [
            new("{build} Down --instance 1", "Stops and removes the apps, containers and network of instance 1; its data stays."),
            new("{build} Down --instance all", "Does so with every instance of the workspace."),
        ],
        ExitCodes = [0, 1, 2, 3, 6, 130],
    };

    private static TargetPage Clean => new("Clean", Summary.Clean)
    {
        Options = [Instance, Yes, Orphans, DryRun, Workspace, StackName, Json],
        Examples =
        [
            new("{build} Clean --instance 1", "Removes instance 1 with its volumes and generated files."),
            new("{build} Clean --instance all -y", "Removes every instance of the workspace."),
            new("{build} Clean --orphans --dry-run", "Shows what instances have left whose workspace is gone."),
        ],
        ExitCodes = [0, 1, 2, 3, 6, 130],
    };

    private static TargetPage InitInstance => new("InitInstance", Summary.InitInstance)
    {
        Options = [Instance, Force, Repair, Infra, DryRun, Workspace, StackName, Json],
        Examples =
        [
            new("{build} InitInstance --instance 1", "Writes the files of instance 1; Up does it by itself."),
            new("{build} InitInstance --instance 1 --force", "Writes edited files anew and keeps the edited ones as *.bak."),
            new("{build} InitInstance --instance 1 --repair", "Plans the ports afresh and says what moved."),
        ],
        ExitCodes = [0, 1, 2, 3, 6, 130],
    };
}
