using InstanceKit;
using static Manual.Pages.OptionName;

namespace Manual.Pages;

/// <summary>The manual of this build.</summary>
internal static class Book
{
    /// <summary>It is made when it is asked for: most runs do without it.</summary>
    public static Handbook Open() => new()
    {
        Purpose = "Runs several complete, isolated development instances of a Docker Compose and PM2 workspace side by side.",
        Groups = [RunPages.Group, UsePages.Group, LookPages.Group, PlacePages.Group, RepositoryPages.Group],
        Options = OptionPages.All,
        Common = OptionPages.Common,
        DefaultTarget = nameof(Summary.Status),
        ExitCodes =
        [
            new($"{(int)ExitCode.Ok}", "done, or already so"),
            new($"{(int)ExitCode.Failed}", "failed"),
            new($"{(int)ExitCode.Usage}", "usage, or an input that could not be read; nothing was changed"),
            new($"{(int)ExitCode.Prerequisite}", "a prerequisite is missing, not running or too old"),
            new($"{(int)ExitCode.PortTaken}", "a port is taken"),
            new($"{(int)ExitCode.NotReady}", "not ready in time"),
            new($"{(int)ExitCode.Locked}", "another command holds the instance"),
            new($"{(int)ExitCode.CommandNotFound}", "Exec: no such program; whatever else the command of Exec ends with is its own"),
            new($"{(int)ExitCode.Interrupted}", "interrupted"),
        ],
        Variables =
        [
            new("SHIPSEC_INSTANCE", "the instances where --instance is not given"),
            new("NUKE_…", "any option: NUKE_TIMEOUT=5m is --timeout 5m; the command line wins"),
            new("DOCKER_HOST, DOCKER_CONTEXT", "the Docker engine"),
            new("PM2_HOME", "the home of the PM2 daemon that runs the apps"),
            new("NO_COLOR", "no colours, whatever its value, unless empty"),
            new("BuildEngine", "Nuke or Bundled: the engine that runs the targets; without it, NUKE where it can be had"),
            new("BuildNative", "now makes a native program first, made only uses one that is there, off uses none; without it, one is made in the background from the tenth call on, except in CI"),
        ],
        Files =
        [
            new(".instances/instance-N/", "in the workspace: all that is generated for instance N, and its logs"),
            new(".shipsec-instance", "in the workspace: the instance that UseInstance or --instance auto has remembered"),
            new("instancekit.yml", "in the workspace: the optional stack file"),
            new(".nuke/parameters.json", "in this repository: defaults of options, by the names of the parameters"),
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
            new("{build} Test", "Builds everything and runs all tests, with the quick ones among the fault scenarios."),
            new("{build} Test --faults", "Injects every fault of the suite and prints a table of the results."),
            new("{build} Test --skip", "Runs the tests of what is compiled already."),
        ],
        ExitCodes = [0, 1, 2],
    };

    private static TargetPage Compile => new("Compile", Summary.Compile)
    {
        Options = [Configuration, IgnoreFailedSources],
        Examples = [new("{build} Compile --configuration Debug", "Compiles for the debugger.")],
    };

    private static TargetPage Restore => new("Restore", Summary.Restore)
    {
        Options = [IgnoreFailedSources],
        Examples = [new("{build} Restore", "Restores the packages and compiles nothing.")],
    };
}

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

/// <summary>The targets that set up the machine and the workspace.</summary>
internal static class PlacePages
{
    public static TargetGroup Group => new("Set up machine and workspace", [Doctor, UseInstance, InitStack, LocalImages, Completion]);

    private static TargetPage Doctor => new("Doctor", Summary.Doctor)
    {
        Options = [Instance, Infra, Workspace, StackName, Json],
        Examples =
        [
            new("{build} Doctor", "Shows what is needed, what was found, and the command that gets what is missing."),
            new("{build} Doctor --instance 3", "Looks at the ports of instance 3 as well."),
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
            new("{build} LocalImages", "Makes the images that are missing and points the sample at them."),
        ],
        ExitCodes = [0, 1, 2, 3],
    };

    private static TargetPage Completion => new("Completion", Summary.Completion)
    {
        Options = [Shell],
        Examples =
        [
            new("eval \"$({build} Completion --shell bash)\"", "Completes in this bash; in ~/.bashrc, in every one."),
            new("eval \"$({build} Completion --shell zsh)\"", "Completes in this zsh; in ~/.zshrc, in every one."),
            new("{build} Completion --shell fish > ~/.config/fish/completions/build.sh.fish", "Completes in every fish."),
            new("{build} Completion --shell powershell | Out-String | Invoke-Expression", "Completes in this PowerShell; in $PROFILE, in every one."),
        ],
    };
}

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
