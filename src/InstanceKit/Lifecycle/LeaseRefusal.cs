using InstanceKit.Instances;

namespace InstanceKit.Lifecycle;

/// <summary>The errors for an instance that is somebody else's.</summary>
internal static class LeaseRefusal
{
    /// <summary>Another lease stands in the way.</summary>
    /// <param name="spec">The instance that was asked for.</param>
    /// <param name="conflict">What stands in the way.</param>
    /// <param name="state">Whether the workspace of the other lease is there.</param>
    /// <param name="movedTo">Where that workspace is now, if it was found elsewhere.</param>
    /// <param name="free">The lowest free number; <see langword="null"/> when there is none.</param>
    /// <param name="next">Spells what to do.</param>
    public static InstanceKitException Of(
        InstanceSpec spec, LeaseConflict conflict, FolderState state, string? movedTo, int? free, NextCommand next)
    {
        var holder = conflict.Holder;
        var owner = holder.Workspace == spec.Workspace ? $"instance {holder.Number}" : $"instance {holder.Number} of {holder.Workspace}";
        return InstanceKitException.Usage(
            conflict.Port is null
                ? InUse(spec, Describe(holder, state, movedTo))
                : $"Instance {spec.Number} can't be used beside {owner} (project {holder.Project}): both would have port "
                + $"{conflict.Port.Split('/')[^1]}.{(state == FolderState.Present ? "" : $" {Describe(holder, state, movedTo)}.")}",
            (free is { } number
                ? $"The lowest free number is {number}; --instance auto takes it for this checkout."
                : $"No number is free; remove an instance that is not needed: {next.OfMachine("List")} shows them.")
            + Remedy(holder, state, movedTo, next));
    }

    /// <summary>Something of the project was made from another checkout.</summary>
    /// <param name="spec">The instance that was asked for.</param>
    /// <param name="fact">What says so.</param>
    /// <param name="state">Whether the other checkout is there.</param>
    public static InstanceKitException Foreign(InstanceSpec spec, string fact, FolderState state = FolderState.Present) => InstanceKitException.Usage(
        InUse(spec, fact + (state switch
        {
            FolderState.Gone => ", which no longer exists",
            FolderState.Away => ", which can't be reached now",
            _ => "",
        })),
        "Use another instance number here (--instance auto takes a free one), or another --stack-name."
        + (state == FolderState.Gone ? " If that workspace was moved here, run InitInstance here first: it takes the instance over." : ""));

    /// <summary>A network or volume has the name of the instance's, and nothing says whose it is.</summary>
    public static InstanceKitException Unknown(InstanceSpec spec, EngineResource resource) => InstanceKitException.Usage(
        $"Instance {spec.Number} (project {spec.Project}) would use {resource.Kind} {resource.Name}, which it did not make: "
        + (resource.IsLabelled ? "nothing says from which workspace it was made."
            : resource.Project is { } project ? $"it belongs to another Compose project named {project}." : "it was made without Compose."),
        $"Use another instance number (--instance auto takes a free one), or another --stack-name. If nobody needs it, remove it: "
        + $"docker {resource.Kind} rm {resource.Name}");

    /// <summary>An app that this tool did not start has the name of one of the instance's.</summary>
    /// <param name="spec">The instance.</param>
    /// <param name="app">The app's PM2 name.</param>
    /// <param name="home">The PM2_HOME of its daemon.</param>
    public static InstanceKitException Unmarked(InstanceSpec spec, string app, string home) => InstanceKitException.Usage(
        $"Instance {spec.Number} has an app named {app} in PM2, and an app of that name already exists that this tool did not start.",
        $"Rename or delete that app (PM2_HOME={home} pm2 delete {app}), or use another instance number.");

    /// <summary>The instance is to be taken down or removed from a workspace that it is not of.</summary>
    /// <param name="spec">The instance.</param>
    /// <param name="holder">The lease of the workspace that has it.</param>
    /// <param name="state">Whether that workspace is there.</param>
    /// <param name="movedTo">Where that workspace is now, if it was found elsewhere.</param>
    /// <param name="next">Spells what to do.</param>
    public static InstanceKitException NotOurs(InstanceSpec spec, Lease holder, FolderState state, string? movedTo, NextCommand next) => InstanceKitException.Usage(
        InUse(spec, Describe(holder, state, movedTo)),
        movedTo is not null ? Remedy(holder, state, movedTo, next).Trim()
            : state == FolderState.Gone
                ? $"This folder may be a copy of it. If it is that workspace in a new place, take the instance over first: {next.For("InitInstance", spec.Number)}"
                : $"Run the command there. If the files here are a copy of that checkout's, delete {spec.Paths.Relative(spec.Paths.Directory)} by hand.");

    private static string InUse(InstanceSpec spec, string fact) =>
        $"Instance {spec.Number} (project {spec.Project}) is in use by another checkout: {fact}.";

    private static string Describe(Lease holder, FolderState state, string? movedTo) =>
        movedTo is not null ? $"{holder.Workspace} had it, and was moved to {movedTo}"
        : state == FolderState.Gone ? $"{holder.Workspace} had it, and no longer exists"
        : state == FolderState.Away ? $"{holder.Workspace} has it, and can't be reached now (not mounted, or not readable)"
        : $"{holder.Workspace} has it";

    private static string Remedy(Lease holder, FolderState state, string? movedTo, NextCommand next) =>
        movedTo is not null ? $" Rebind it to its new place: {next.OfMachine($"InitInstance --instance {holder.Number} --workspace {NextCommand.Quote(movedTo)}")}"
        : state == FolderState.Gone ? $" If that workspace was moved, run InitInstance in its new place; if it was deleted, {next.OfMachine("Clean --orphans --dry-run")} lists what it left."
        : state == FolderState.Away ? " If it comes back, it keeps its number and data."
        : "";
}
