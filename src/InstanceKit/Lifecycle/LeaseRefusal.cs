using InstanceKit.Instances;

namespace InstanceKit.Lifecycle;

/// <summary>The errors for an instance that is somebody else's.</summary>
internal static class LeaseRefusal
{
    /// <summary>Another lease stands in the way.</summary>
    /// <param name="spec">The instance that was asked for.</param>
    /// <param name="conflict">What stands in the way.</param>
    /// <param name="isGone">Whether the workspace of the other lease is no longer there.</param>
    /// <param name="free">The lowest free number; <see langword="null"/> when there is none.</param>
    /// <param name="next">Spells what to do.</param>
    public static InstanceKitException Of(InstanceSpec spec, LeaseConflict conflict, bool isGone, int? free, NextCommand next)
    {
        var holder = conflict.Holder;
        if (conflict.Port is null)
            return InstanceKitException.Usage(
                InUse(spec, isGone ? $"{holder.Workspace} had it, and is gone" : $"{holder.Workspace} has it"), Remedy(isGone, free, next));
        var owner = holder.Workspace == spec.Workspace ? $"instance {holder.Number}" : $"instance {holder.Number} of {holder.Workspace}";
        return InstanceKitException.Usage(
            $"Instance {spec.Number} can't be used beside {owner} (project {holder.Project}): both would have port "
            + $"{conflict.Port.Split('/')[^1]}.",
            Remedy(isGone, free, next));
    }

    /// <summary>Something of the project was made from another checkout.</summary>
    /// <param name="spec">The instance that was asked for.</param>
    /// <param name="fact">What says so.</param>
    public static InstanceKitException Foreign(InstanceSpec spec, string fact) => InstanceKitException.Usage(
        InUse(spec, fact), "Use another instance number here (--instance auto takes a free one), or another --stack-name.");

    /// <summary>The instance is to be taken down or removed from a workspace that it is not of.</summary>
    public static InstanceKitException NotOurs(InstanceSpec spec, Lease holder) => InstanceKitException.Usage(
        InUse(spec, $"{holder.Workspace} has it"),
        $"Give the command there. If the files here are a copy of that checkout's, delete {spec.Paths.Relative(spec.Paths.Directory)} by hand.");

    private static string InUse(InstanceSpec spec, string fact) =>
        $"Instance {spec.Number} (project {spec.Project}) is in use by another checkout: {fact}.";

    private static string Remedy(bool isGone, int? free, NextCommand next) =>
        (isGone ? $"Remove what it left: {next.OfMachine("Clean --orphans")}. " : "")
        + (free is { } number
            ? $"The lowest free number is {number}; --instance auto takes it for this checkout."
            : $"No number is free; remove an instance that is not needed: {next.OfMachine("List")} shows them.");
}
