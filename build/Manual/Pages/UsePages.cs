using static Manual.Pages.OptionName;

namespace Manual.Pages;

/// <summary>The targets that work with what runs, down to a single service or app.</summary>
internal static class UsePages
{
    public static TargetGroup Group => new("Use instances", [Wait, Restart, Exec, Open, Env]);

    private static TargetPage Wait => new("Wait", Summary.Wait)
    {
        Options = [Instance, Only, OptionName.Timeout, Workspace, StackName, Json],
        Examples =
        [
            new("{build} Wait --instance 1 --timeout 60s", "Ends with 0 as soon as all of instance 1 is ready, with 5 and the reasons after a minute."),
            new("{build} Wait --instance 1 --only backend,postgres", "Waits for one app and one service alone."),
        ],
        ExitCodes = [0, 1, 2, 3, 5, 130],
    };

    private static TargetPage Restart => new("Restart", Summary.Restart)
    {
        Options = [Instance, Only, OptionName.Timeout, DryRun, Workspace, StackName, Json],
        Examples =
        [
            new("{build} Restart --instance 1 --only backend", "Restarts one app with what its env file says now, and waits until it listens."),
            new("{build} Restart --instance 1", "Restarts every service and app; data stays."),
            new("{build} Restart --instance 1 --only redis --dry-run", "Shows what would be restarted."),
        ],
        ExitCodes = [0, 1, 2, 3, 5, 6, 130],
    };

    private static TargetPage Exec => new("Exec", Summary.Exec)
    {
        Options = [Instance, Only, DryRun, Workspace, StackName],
        Rest = "-- COMMAND [ARGUMENT ...]",
        Examples =
        [
            new("{build} Exec --instance 1 --only postgres -- psql -U shipsec", "Opens psql in the container of postgres."),
            new("{build} Exec --instance 1 --only postgres -- psql -U shipsec <dump.sql", "Gives it what it reads from a file."),
            new("{build} Exec --instance 1 --only backend -- npm run migrate", "Runs it in the folder of backend, with the variables that backend has in instance 1."),
        ],
        ExitCodes = [0, 1, 2, 3, 5, 127],
    };

    private static TargetPage Open => new("Open", Summary.Open)
    {
        Options = [Instance, Only, DryRun, Workspace, StackName, Json],
        Examples =
        [
            new("{build} Open --instance 1", "Prints the web addresses of instance 1 and opens its front end."),
            new("{build} Open --instance 1 --only temporal-ui", "Opens the user interface of a service."),
            new("curl \"$({build} Open --instance 1 --only backend)/health\"", "Only prints it: no terminal reads the output."),
        ],
        ExitCodes = [0, 1, 2, 5],
    };

    private static TargetPage Env => new("Env", Summary.Env)
    {
        Options = [Instance, Only, Shell, Workspace, StackName, Json],
        Examples =
        [
            new("eval \"$({build} Env --instance 1 --only backend)\"", "Gives this shell the variables that backend has in instance 1, secrets included."),
            new("eval \"$({build} Env --instance 1 --only postgres)\"; psql", "Leads the psql of this machine to the database of instance 1."),
            new("{build} Env --instance 1 --shell fish | source", "Sets what is common to the instance, in fish."),
        ],
        ExitCodes = [0, 1, 2, 3, 5],
    };
}
