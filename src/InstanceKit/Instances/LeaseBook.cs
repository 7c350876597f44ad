using InstanceKit.Stacks;

namespace InstanceKit.Instances;

/// <summary>All leases of this machine's user. Nothing here touches a file; every change gives another book.</summary>
/// <param name="Leases">The leases; each instance of a workspace has at most one.</param>
public sealed record LeaseBook(IReadOnlyList<Lease> Leases)
{
    /// <summary>
    /// How old a lease without files must be before it counts as left over: its command may be about to write them.
    /// That of a workspace that is gone is left over at once.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    /// <summary>No leases.</summary>
    public static LeaseBook Empty { get; } = new([]);

    /// <summary>The lease of an instance of a workspace, or <see langword="null"/>.</summary>
    public Lease? Of(string workspace, int number) => Leases.FirstOrDefault(l => l.IsOf(workspace, number));

    /// <summary>The lease by which another workspace has a project, or <see langword="null"/>.</summary>
    public Lease? OfOther(string project, string workspace) =>
        Leases.FirstOrDefault(l => l.Project == project && l.Workspace != workspace);

    /// <summary>What of the leases stands in the way of another one; its own predecessor does not.</summary>
    public LeaseConflict? FindConflict(Lease wanted)
    {
        if (OfOther(wanted.Project, wanted.Workspace) is { } holder)
            return new LeaseConflict(holder, null);
        var ports = wanted.Footprint.Ports.ToHashSet(StringComparer.Ordinal);
        return Leases.Where(l => !l.IsOf(wanted.Workspace, wanted.Number))
            .SelectMany(l => l.Footprint.Ports.Where(ports.Contains).Select(p => new LeaseConflict(l, p)))
            .FirstOrDefault();
    }

    /// <summary>The book with a lease in place of what the same instance of the same workspace had.</summary>
    public LeaseBook With(Lease lease) => new(
    [
        .. Leases.Where(l => !l.IsOf(lease.Workspace, lease.Number)).Append(lease)
            .OrderBy(l => l.Workspace, StringComparer.Ordinal).ThenBy(l => l.Number),
    ]);

    /// <summary>The book without the lease of an instance.</summary>
    public LeaseBook Without(string workspace, int number) =>
        Of(workspace, number) is null ? this : new([.. Leases.Where(l => !l.IsOf(workspace, number))]);

    /// <summary>The book as it is when what is really there is known: what was lost is back, and what is over is gone.</summary>
    public LeaseBook Heal(MachineFacts facts)
    {
        var kept = new LeaseBook([.. Leases.Where(l => !IsOver(l, facts))]);
        foreach (var found in facts.Found)
        {
            // A project has one owner: a container's label may still name where its workspace was before a move.
            var isKnown = kept.Leases.Any(l => l.IsOf(found.Workspace, found.Number) || l.Project == found.Project);
            if (!isKnown && !IsOver(found, facts))
                kept = kept.With(found);
        }

        return kept;
    }

    /// <summary>The lease that a moved workspace takes along: the same project, of a folder that is no longer there.</summary>
    public Lease? FindMoved(Lease wanted, MachineFacts facts) =>
        Leases.FirstOrDefault(l => l.Project == wanted.Project && l.Workspace != wanted.Workspace && facts.IsGone(l.Workspace));

    /// <summary>Whether a lease is left over: neither files nor containers, networks, volumes or processes are there.</summary>
    private static bool IsOver(Lease lease, MachineFacts facts) =>
        !facts.IsAway(lease.Workspace)
        // What Compose never ran has nothing in an engine, whether that answers or not.
        && (facts.Engine is not null || lease.Infra is not InfraMode.Compose)
        && facts.InEngine(lease.Project) is null
        && !facts.WithFiles.Contains((lease.Workspace, lease.Number))
        && !facts.LiveMarkers.Contains(lease.OwnerMarker)
        && (facts.IsGone(lease.Workspace) || facts.Now - lease.Created > Grace);
}
