using InstanceKit;

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
