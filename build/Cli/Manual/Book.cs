using InstanceKit;
using InstanceKit.Logs;
using static Cli.Manual.OptionName;

namespace Cli.Manual;

/// <summary>The manual of this build.</summary>
internal static class Book
{
    /// <summary>Creates the manual on demand, because most runs do not need it.</summary>
    public static Handbook Open() => new()
    {
        Purpose = "Runs several complete, isolated development instances of a Docker Compose and PM2 workspace side by side.",
        Groups = [RunPages.Group, UsePages.Group, LookPages.Group, PlacePages.Group, RepositoryPages.Group],
        Options = OptionPages.All,
        Common = OptionPages.Common,
        Remarks =
        [
            "Data goes to standard output, progress and errors to standard error. Without a terminal, nothing prompts. Several instances are processed in parallel; a failed one does not stop the others. Ctrl-C is the usual end of `Logs --follow` and `--watch`, with exit code 0.",
        ],
        DefaultTarget = nameof(Summary.Status),
        ExitCodes =
        [
            new($"{(int)ExitCode.Ok}", "success, or nothing to do"),
            new($"{(int)ExitCode.Failed}", "failure"),
            new($"{(int)ExitCode.Usage}", "invalid usage, or unreadable input; nothing was changed"),
            new($"{(int)ExitCode.Prerequisite}", "a prerequisite is missing, not running or too old"),
            new($"{(int)ExitCode.PortTaken}", "a port is taken"),
            new($"{(int)ExitCode.NotReady}", "not ready in time, or not running; Audit: something is unknown; Verify: connected to another instance"),
            new($"{(int)ExitCode.Locked}", "another command holds the instance"),
            new($"{(int)ExitCode.CommandNotFound}", "Exec: command not found; Exec passes on any other exit code of its command"),
            new($"{(int)ExitCode.Interrupted}", "interrupted"),
        ],
        Variables =
        [
            new("SHIPSEC_INSTANCE", "the instances to use when --instance is not set"),
            new("NUKE_…", "any option: NUKE_TIMEOUT=5m is --timeout 5m; the command line takes precedence"),
            new("DOCKER_HOST, DOCKER_CONTEXT", "the Docker engine"),
            new("PM2_HOME", "the home of the PM2 daemon that runs the apps"),
            new("NO_COLOR", "disables colours if set to any non-empty value"),
            new("BuildEngine", "Nuke or Bundled: the engine that runs the targets; by default, NUKE if it is available"),
            new("BuildNative", "now compiles the native program first, made uses an existing one only, off uses none; by default, it is compiled in the background from the tenth call on, except in CI"),
        ],
        Files =
        [
            new(".instances/instance-N/", "in the workspace: the generated files and logs of instance N"),
            new(".shipsec-instance", "in the workspace: the instance that UseInstance or --instance auto has saved"),
            new("instancekit.yml", "in the workspace: the optional stack file"),
            new(".nuke/parameters.json", "in this repository: default values of options, by parameter name"),
            new("$XDG_STATE_HOME/instancekit/leases.json", "which workspace has which instance on this machine"),
        ],
    };
}

/// <summary>The targets that build this repository.</summary>
internal static class RepositoryPages
{
    public static TargetGroup Group => new("Work on this repository", [Test, Compile, Restore]);

    private static TargetPage Test => new("Test", Summary.Test)
    {
        Options = [Faults, Configuration, IgnoreFailedSources],
        Examples =
        [
            new("{build} Test", "Builds everything and runs all tests, including the quick fault scenarios."),
            new("{build} Test --faults", "Runs all fault scenarios and prints a table of the results."),
            new("{build} Test --skip", "Runs the tests without compiling first."),
        ],
        ExitCodes = [0, 1, 2],
    };

    private static TargetPage Compile => new("Compile", Summary.Compile)
    {
        Options = [Configuration, IgnoreFailedSources],
        Examples = [new("{build} Compile --configuration Debug", "Compiles the Debug configuration.")],
    };

    private static TargetPage Restore => new("Restore", Summary.Restore)
    {
        Options = [IgnoreFailedSources],
        Examples = [new("{build} Restore", "Restores the packages without compiling.")],
    };
}

/// <summary>The targets that change what runs.</summary>
internal static class RunPages
{
    public static TargetGroup Group => new("Run instances", [Up, Down, Clean, InitInstance]);

    private static TargetPage Up => new("Up", Summary.Up)
    {
        Options = [Instance, Infra, OptionName.Timeout, DryRun, Force, Repair, KeepImages, Workspace, StackName, Json],
        Details =
        [
            "Runs InitInstance first and checks that the ports are free, naming the process that holds a taken one. Then starts the services, and each app as soon as the services that its variables address are ready. Up ends when everything is ready: each container runs and is healthy (a one-shot container has exited with 0), and each app listens on its port from its own process tree. Up of a running instance changes nothing and says so.",
            "When nothing progresses for `--timeout`, Up names what blocks it, with the last log lines. Run Up again to continue from there. Ctrl-C stops the waiting and leaves running what has been started; a second Ctrl-C exits at once.",
        ],
        Examples =
        [
            new("{build} Up --instance 1", "Starts instance 1, waits until it is ready and shows its endpoints."),
            new("{build} Up --instance auto", "Uses the lowest free number on this machine and remembers it for this checkout."),
            new("{build} Up --instance 0-2 --timeout 5m", "Starts three instances in parallel; each may go five minutes without progress."),
            new("{build} Up --instance 1 --dry-run", "Shows each step and its cause without changing anything."),
        ],
        ExitCodes = [0, 1, 2, 3, 4, 5, 6, 130],
    };

    private static TargetPage Down => new("Down", Summary.Down)
    {
        Options = [Instance, DryRun, Workspace, StackName, Json],
        Details = ["Stops and removes the apps, containers and networks. Volumes, data folders and generated files stay."],
        Examples =
        [
            new("{build} Down --instance 1", "Stops instance 1."),
            new("{build} Down --instance all", "Stops every instance of the workspace."),
        ],
        ExitCodes = [0, 1, 2, 3, 6, 130],
    };

    private static TargetPage Clean => new("Clean", Summary.Clean)
    {
        Options = [Instance, Yes, Orphans, DryRun, Workspace, StackName, Json],
        Details =
        [
            "Does what Down does, and also removes the volumes and generated files, of the named instances only. `--instance all` requires `--yes`.",
            "`--orphans` lists what is left of instances, of all workspaces, whose workspace no longer exists, and asks before removing it. Without a terminal, it requires `--yes`.",
        ],
        Examples =
        [
            new("{build} Clean --instance 1", "Removes instance 1 with its volumes and generated files."),
            new("{build} Clean --instance all -y", "Removes every instance of the workspace."),
            new("{build} Clean --orphans --dry-run", "Shows what is left of instances whose workspace no longer exists."),
        ],
        ExitCodes = [0, 1, 2, 3, 6, 130],
    };

    private static TargetPage InitInstance => new("InitInstance", Summary.InitInstance)
    {
        Options = [Instance, Force, Repair, Infra, DryRun, Workspace, StackName, Json],
        Details =
        [
            "Reads the merged Compose model back and verifies that nothing ties the instance to another one. Needs no Docker engine.",
            "When a compose file, an env source, the stack file or this tool has changed, regenerates the files that you have not edited, and says which and why. Edited files are kept and shown as a diff against what would be written; `--force` regenerates them and saves the edited ones as `*.bak`.",
        ],
        Examples =
        [
            new("{build} InitInstance --instance 1", "Generates the files of instance 1. Up does this automatically."),
            new("{build} InitInstance --instance 1 --force", "Regenerates edited files and saves the edited ones as *.bak."),
            new("{build} InitInstance --instance 1 --repair", "Plans the ports again and reports which have moved."),
        ],
        ExitCodes = [0, 1, 2, 3, 6, 130],
    };
}

/// <summary>The targets that set up the machine and the workspace.</summary>
internal static class PlacePages
{
    public static TargetGroup Group => new("Set up machine and workspace", [Doctor, UseInstance, InitStack, LocalImages, Completion]);

    private static TargetPage Doctor => new("Doctor", Summary.Doctor)
    {
        Options = [Instance, Infra, Workspace, StackName, Json],
        Details =
        [
            "Checks the .NET SDK, Node.js, npm, PM2, git, the Docker engine, Compose, the workspace's packages and their package manager, what would run the services and why, the ports of `--instance` (1 by default) and who holds them, memory for the existing instances, and file watches. For what is missing, shows the command to install it on this operating system. Installs nothing, and also works outside of a workspace. Ends with 3 when something required is missing.",
        ],
        Examples =
        [
            new("{build} Doctor", "Shows what is required, what was found, and how to install what is missing."),
            new("{build} Doctor --instance 3", "Also checks the ports of instance 3."),
        ],
        ExitCodes = [0, 1, 2, 3],
    };

    private static TargetPage UseInstance => new("UseInstance", Summary.UseInstance)
    {
        Options = [Instance, Workspace, StackName, Json],
        Examples =
        [
            new("{build} UseInstance --instance 2", "Makes 2 the instance of all later commands in this workspace."),
        ],
    };

    private static TargetPage InitStack => new("InitStack", Summary.InitStack)
    {
        Options = [Workspace, StackName, DryRun, Force, Json],
        Examples =
        [
            new("{build} InitStack --workspace ~/code/shop --dry-run", "Prints what would be written."),
            new("{build} InitStack --workspace ~/code/shop", "Writes ~/code/shop/instancekit.yml."),
        ],
    };

    private static TargetPage LocalImages => new("LocalImages", Summary.LocalImages)
    {
        Options = [Workspace, StackName, Json],
        Examples =
        [
            new("{build} LocalImages", "Builds the missing images and points the sample at them."),
        ],
        ExitCodes = [0, 1, 2, 3],
    };

    private static TargetPage Completion => new("Completion", Summary.Completion)
    {
        Options = [Shell],
        Details =
        [
            "Completes targets, the options of the typed target, existing instances, services and apps for `--only`, and all fixed values. Completion never calls the engine or PM2. docs/guide.md shows the line for each shell's startup file.",
        ],
        Examples =
        [
            new("eval \"$({build} Completion --shell bash)\"", "Enables completion in this bash; in ~/.bashrc, in every new one."),
            new("eval \"$({build} Completion --shell zsh)\"", "Enables completion in this zsh; in ~/.zshrc, in every new one."),
            new("{build} Completion --shell fish > ~/.config/fish/completions/build.sh.fish", "Enables completion in every new fish."),
            new("{build} Completion --shell powershell | Out-String | Invoke-Expression", "Enables completion in this PowerShell; in $PROFILE, in every new one."),
        ],
    };
}

/// <summary>The targets that use running instances, or single services and apps of them.</summary>
internal static class UsePages
{
    public static TargetGroup Group => new("Use instances", [Wait, Restart, Exec, Open, Env]);

    private static TargetPage Wait => new("Wait", Summary.Wait)
    {
        Options = [Instance, Only, OptionName.Timeout, Workspace, StackName, Json],
        Details =
        [
            "Ends with 0 as soon as everything, or what `--only` names, is ready. After `--timeout`, says what is not ready and why. Ends at once when an instance is not running or something in it has failed permanently. While Up or Restart works on the instance, Wait continues to wait.",
        ],
        Examples =
        [
            new("{build} Wait --instance 1 --timeout 60s", "Ends with 0 as soon as all of instance 1 is ready, or with 5 and the reasons after a minute."),
            new("{build} Wait --instance 1 --only backend,postgres", "Waits for one app and one service only."),
        ],
        ExitCodes = [0, 1, 2, 3, 5, 130],
    };

    private static TargetPage Restart => new("Restart", Summary.Restart)
    {
        Options = [Instance, Only, OptionName.Timeout, DryRun, Workspace, StackName, Json],
        Details =
        [
            "Stops apps first and starts services first; each app waits for the services that it needs. Apps get the current values of their env files. Data stays.",
        ],
        Examples =
        [
            new("{build} Restart --instance 1 --only backend", "Restarts one app with the current values of its env file and waits until it listens."),
            new("{build} Restart --instance 1", "Restarts every service and app."),
            new("{build} Restart --instance 1 --only redis --dry-run", "Shows what would be restarted."),
        ],
        ExitCodes = [0, 1, 2, 3, 5, 6, 130],
    };

    private static TargetPage Exec => new("Exec", Summary.Exec)
    {
        Options = [Instance, Only, DryRun, Workspace, StackName],
        Details =
        [
            "A service's command runs in its container, with a terminal when called from one. An app's command runs on this machine, in the app's folder and with its variables. For a service without a container, the command runs on this machine with `PGHOST` and similar variables set.",
            "The exit code is that of the command. In PowerShell, quote the two dashes: `'--'`.",
        ],
        Rest = "-- COMMAND [ARGUMENT ...]",
        Examples =
        [
            new("{build} Exec --instance 1 --only postgres -- psql -U shipsec", "Runs psql in the container of postgres."),
            new("{build} Exec --instance 1 --only postgres -- psql -U shipsec <dump.sql", "Passes a file to its standard input."),
            new("{build} Exec --instance 1 --only backend -- npm run migrate", "Runs in the folder of backend, with the variables of backend in instance 1."),
        ],
        ExitCodes = [0, 1, 2, 3, 5, 127],
    };

    private static TargetPage Open => new("Open", Summary.Open)
    {
        Options = [Instance, Only, DryRun, Workspace, StackName, Json],
        Details =
        [
            "Opens the front end, or the first address of each name in `--only`, if standard output is a terminal, neither `CI` nor an SSH session is detected, and `xdg-open` (macOS: `open`) is installed. An address that does not answer is not opened, and the exit code is 5.",
        ],
        Examples =
        [
            new("{build} Open --instance 1", "Prints the web addresses of instance 1 and opens its front end."),
            new("{build} Open --instance 1 --only temporal-ui", "Opens the web interface of a service."),
            new("curl \"$({build} Open --instance 1 --only backend)/health\"", "Prints the address only, because the output is not a terminal."),
        ],
        ExitCodes = [0, 1, 2, 5],
    };

    private static TargetPage Env => new("Env", Summary.Env)
    {
        Options = [Instance, Only, Shell, Workspace, StackName, Json],
        Details =
        [
            "Prints `export NAME='value'` lines, or those of the shell that `--shell` names. Without `--only`: the instance number, the Compose project, the ports and the variables that all apps have in common. For an app: its whole environment, secrets included. For a service: the variables that point its usual client on this machine to it (`PGHOST`, `REDIS_URL`, `AWS_ENDPOINT_URL`, …).",
        ],
        Examples =
        [
            new("eval \"$({build} Env --instance 1 --only backend)\"", "Sets the variables of backend in this shell, secrets included."),
            new("eval \"$({build} Env --instance 1 --only postgres)\"; psql", "Connects this machine's psql to the database of instance 1."),
            new("{build} Env --instance 1 --shell fish | source", "Sets the variables of the instance in fish."),
        ],
        ExitCodes = [0, 1, 2, 3, 5],
    };
}
