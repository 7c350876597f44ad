namespace Cli.Manual;

/// <summary>One sentence per target, without a full stop, for the engine and the manual.</summary>
internal static class Summary
{
    public const string InitInstance = "Generates the files of instances in .instances/";

    public const string Up = "Starts instances, waits until they are ready and shows their endpoints";

    public const string Down = "Stops instances and keeps their data";

    public const string Logs = "Shows the logs of services and apps as one stream";

    public const string Status = "Shows the services and apps of instances and whether they are ready (the default target)";

    public const string Stats = "Shows the current CPU, memory, network and disk use of instances";

    public const string Wait = "Waits until instances are ready, without starting anything";

    public const string Restart = "Restarts running instances, or the services and apps of --only, and waits until they are ready";

    public const string Exec = "Runs the command after -- in the container of a service or in the environment of an app";

    public const string Open = "Prints the web addresses of instances; in a terminal, opens the front end in the browser";

    public const string Env = "Prints the variables of an instance, or of one service or app, for a shell to evaluate";

    public const string Clean = "Removes instances with their data and files";

    public const string List = "Lists the instances of all workspaces on this machine";

    public const string Doctor = "Checks the prerequisites of this machine and shows how to install what is missing";

    public const string Info = "Shows the names, ports and variables of instances";

    public const string Ports = "Prints the ports of instances as NAME=number lines for eval";

    public const string ProjectName = "Prints the Compose project names of instances";

    public const string UseInstance = "Sets the instance that later commands in this workspace use";

    public const string InitStack = "Writes a stack file, instancekit.yml, from what is found in a workspace";

    public const string LocalImages = "Builds stand-ins for the sample's images from Debian packages and points the sample at them";

    public const string Completion = "Prints a shell script that completes targets, options, instances and services";

    public const string Restore = "Restores the NuGet packages of this repository";

    public const string Compile = "Compiles this repository, after Restore";

    public const string Test = "Runs all tests of this repository, after Compile";
}
