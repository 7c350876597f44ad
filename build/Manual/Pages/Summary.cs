namespace Manual.Pages;

/// <summary>What each target does, as one sentence without its full stop: for the engine and for the manual.</summary>
internal static class Summary
{
    public const string InitInstance = "Writes the files of instances into .instances/; --force regenerates edited ones, --repair plans ports afresh";

    public const string Up = "Starts instances, infrastructure first, waits until they are ready and shows where they answer";

    public const string Down = "Stops instances and keeps their data";

    public const string Logs = "Shows the logs of services and apps as one stream; --follow, --tail, --since, --until, --grep, --only";

    public const string Status = "Shows what runs in instances, and whether it is ready (the default target)";

    public const string Stats = "Shows what instances take of the machine at present: processors, memory, networks, disks";

    public const string Wait = "Waits until instances are ready, and starts nothing; --timeout, --only";

    public const string Restart = "Restarts running instances, or the services and apps of --only, and waits until they are ready again";

    public const string Exec = "Runs the command behind -- in the container of a service or with the variables of an app, and ends as it does";

    public const string Open = "Prints where an instance answers, and opens its front end in the browser when called in a terminal";

    public const string Env = "Prints the variables of an instance, or of one service or app, as lines for a shell to evaluate";

    public const string Clean = "Removes instances with their data and files; all of them only with --yes; --orphans those without a workspace";

    public const string List = "Shows the instances of all workspaces on this machine, and which are orphaned";

    public const string Doctor = "Looks for all that instances need of this machine, and says how to get what is missing";

    public const string Info = "Shows names, ports and variables of instances";

    public const string Ports = "Prints the ports of an instance as NAME=number lines, fit for eval; --explain says why";

    public const string ProjectName = "Prints the Compose project names of instances";

    public const string UseInstance = "Remembers which instance is meant where none is named";

    public const string InitStack = "Writes instancekit.yml for a workspace from what is found in it; --dry-run prints it";

    public const string LocalImages = "Makes stand-ins for the sample's images from Debian packages, and points the sample at them";

    public const string Completion = "Prints a script by which a shell completes targets, options, instances and services";

    public const string Restore = "Restores the NuGet packages of this repository";

    public const string Compile = "Compiles this repository, after Restore";

    public const string Test = "Runs all tests of this repository, after Compile";
}
