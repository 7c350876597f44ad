using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Stacks;

namespace InstanceKit.Leases;

/// <summary>The errors for an instance that belongs to someone else.</summary>
internal static class LeaseRefusal
{
    /// <summary>Another lease conflicts.</summary>
    /// <param name="conflict">The conflict.</param>
    /// <param name="state">Whether the workspace of the other lease is there.</param>
    /// <param name="movedTo">Where that workspace is now, if it was found elsewhere.</param>
    /// <param name="free">The lowest free number; <see langword="null"/> when there is none.</param>
    /// <param name="next">Spells what to do.</param>
    public static InstanceKitException Of(
        InstanceSpec spec, LeaseConflict conflict, FolderState state, string? movedTo, int? free, NextCommand next)
    {
        var holder = conflict.Holder;
        var name = StackDefinition.NameOf(holder.Number, holder.Project);
        var owner = holder.Workspace == spec.Workspace || StackDefinition.IsSharedProject(holder.Project) ? name : $"{name} of {holder.Workspace}";
        return InstanceKitException.Usage(
            conflict.Port is null
                ? InUse(spec, Describe(holder, state, movedTo))
                : $"{spec.Title} conflicts with {owner} (project {holder.Project}): both would use port "
                + $"{conflict.Port.Split('/')[^1]}.{(state == FolderState.Present ? "" : $" {Describe(holder, state, movedTo)}.")}",
            (StackDefinition.IsSharedProject(holder.Project) && holder.Stack == spec.Stack.Name ? "Use its services: --infra shared. " : "")
            + (free is { } number
                ? $"The lowest free number is {number}; --instance auto assigns it to this checkout."
                : $"No number is free; remove an instance that you no longer need: {next.OfMachine("List")} lists them.")
            + Remedy(holder, state, movedTo, next));
    }

    /// <summary>A resource of the project was created from another checkout.</summary>
    /// <param name="fact">The evidence.</param>
    /// <param name="state">Whether the other checkout is there.</param>
    public static InstanceKitException Foreign(InstanceSpec spec, string fact, FolderState state = FolderState.Present) => InstanceKitException.Usage(
        InUse(spec, fact + (state switch
        {
            FolderState.Gone => ", which no longer exists",
            FolderState.Away => ", which can't be reached",
            _ => "",
        })),
        "Use another instance number here (--instance auto picks a free one), or another --stack-name."
        + (state == FolderState.Gone ? " If that workspace was moved here, run InitInstance here first: it takes the instance over." : ""));

    /// <summary>A network or volume has a name of the instance, and its owner is unknown.</summary>
    public static InstanceKitException Unknown(InstanceSpec spec, EngineResource resource) => InstanceKitException.Usage(
        $"{spec.Title} (project {spec.Project}) would use {resource.Kind} {resource.Name}, which it did not create: "
        + (resource.IsLabelled ? "no label names the workspace that created it."
            : resource.Project is { } project ? $"it belongs to another Compose project, {project}." : "it was not created by Compose."),
        $"Use another instance number (--instance auto picks a free one), or another --stack-name. If it is no longer needed, remove it: "
        + $"docker {resource.Kind} rm {resource.Name}");

    /// <summary>An app that this tool did not start has the name of one of the instance's.</summary>
    /// <param name="app">The app's PM2 name.</param>
    /// <param name="home">The PM2_HOME of its daemon.</param>
    public static InstanceKitException Unmarked(InstanceSpec spec, string app, string home) => InstanceKitException.Usage(
        $"{spec.Title} needs the PM2 app name {app}, which is already in use by an app that this tool did not start.",
        $"Rename or delete that app (PM2_HOME={home} pm2 delete {app}), or use another instance number.");

    /// <summary>The instance can't be taken down or removed from a workspace that does not own it.</summary>
    /// <param name="holder">The lease of the workspace that owns it.</param>
    /// <param name="state">Whether that workspace is there.</param>
    /// <param name="movedTo">Where that workspace is now, if it was found elsewhere.</param>
    /// <param name="next">Spells what to do.</param>
    public static InstanceKitException NotOurs(InstanceSpec spec, Lease holder, FolderState state, string? movedTo, NextCommand next) => InstanceKitException.Usage(
        InUse(spec, Describe(holder, state, movedTo)),
        movedTo is not null ? Remedy(holder, state, movedTo, next).Trim()
            : state == FolderState.Gone
                ? $"This folder may be a copy of it. If that workspace was moved here, take the instance over first: {next.For("InitInstance", spec.Number)}"
                : $"Run the command there. If the files here are a copy of that checkout's, delete {spec.Paths.Relative(spec.Paths.Directory)} by hand.");

    private static string InUse(InstanceSpec spec, string fact) =>
        $"{spec.Title} (project {spec.Project}) is in use by another checkout: {fact}.";

    private static string Describe(Lease holder, FolderState state, string? movedTo) =>
        movedTo is not null ? $"it belonged to {holder.Workspace}, which was moved to {movedTo}"
        : state == FolderState.Gone ? $"it belonged to {holder.Workspace}, which no longer exists"
        : state == FolderState.Away ? $"it belongs to {holder.Workspace}, which can't be reached (not mounted, or not readable)"
        : $"it belongs to {holder.Workspace}";

    private static string Remedy(Lease holder, FolderState state, string? movedTo, NextCommand next) =>
        movedTo is not null ? $" Bind it to its new location: {next.OfMachine($"InitInstance --instance {holder.Number} --workspace {NextCommand.Quote(movedTo)}")}"
        : state == FolderState.Gone ? $" If that workspace was moved, run InitInstance in its new location; if it was deleted, {next.OfMachine("Clean --orphans --dry-run")} lists what it left behind."
        : state == FolderState.Away ? " The instance keeps its number and data until the workspace is available again."
        : "";
}
