using InstanceKit.Engine;
using InstanceKit.Stacks;

namespace InstanceKit.Instances;

/// <summary>All leases of a user on this machine. Immutable, without file access; every change returns a new book.</summary>
/// <param name="Leases">The leases; each instance of a workspace has at most one.</param>
internal sealed record LeaseBook(IReadOnlyList<Lease> Leases)
{
    /// <summary>
    /// How old a lease without files must be before it counts as abandoned: its command may be about to write them.
    /// A lease of a deleted workspace counts as abandoned immediately.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    /// <summary>No leases.</summary>
    public static LeaseBook Empty { get; } = new([]);

    /// <summary>The lease of an instance of a workspace, or <see langword="null"/>.</summary>
    public Lease? Of(string workspace, int number) => Leases.FirstOrDefault(l => l.IsOf(workspace, number));

    /// <summary>The lease of another workspace for a project, or <see langword="null"/>.</summary>
    public Lease? OfOther(string project, string workspace) =>
        Leases.FirstOrDefault(l => l.Project == project && l.Workspace != workspace);

    /// <summary>The leases that conflict with another one, except its own predecessor.</summary>
    public LeaseConflict? FindConflict(Lease wanted)
    {
        if (OfOther(wanted.Project, wanted.Workspace) is { } holder)
            return new LeaseConflict(holder, null);
        var ports = wanted.Footprint.Ports.ToHashSet(StringComparer.Ordinal);
        return Leases.Where(l => !l.IsOf(wanted.Workspace, wanted.Number))
            .SelectMany(l => l.Footprint.Ports.Where(ports.Contains).Select(p => new LeaseConflict(l, p)))
            .FirstOrDefault();
    }

    /// <summary>The book with a lease that replaces the one of the same instance and workspace.</summary>
    public LeaseBook With(Lease lease) => new(
    [
        .. Leases.Where(l => !l.IsOf(lease.Workspace, lease.Number)).Append(lease)
            .OrderBy(l => l.Workspace, StringComparer.Ordinal).ThenBy(l => l.Number),
    ]);

    /// <summary>The book without the lease of an instance.</summary>
    public LeaseBook Without(string workspace, int number) =>
        Of(workspace, number) is null ? this : new([.. Leases.Where(l => !l.IsOf(workspace, number))]);

    /// <summary>The book corrected by facts: lost leases are restored, abandoned ones removed.</summary>
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

    /// <summary>The lease of a moved workspace: the same project, with a directory that no longer exists.</summary>
    public Lease? FindMoved(Lease wanted, MachineFacts facts) =>
        Leases.FirstOrDefault(l => l.Project == wanted.Project && l.Workspace != wanted.Workspace && facts.IsGone(l.Workspace));

    /// <summary>Whether a lease is abandoned: no files, containers, networks, volumes or processes exist.</summary>
    private static bool IsOver(Lease lease, MachineFacts facts) =>
        !facts.IsAway(lease.Workspace)
        // What Compose never ran has nothing in an engine, whether that answers or not.
        && (facts.Engine is not null || lease.Infra is not InfraMode.Compose)
        && facts.InEngine(lease.Project) is null
        && !facts.WithFiles.Contains((lease.Workspace, lease.Number))
        && !facts.LiveMarkers.Contains(lease.OwnerMarker)
        && (facts.IsGone(lease.Workspace) || facts.Now - lease.Created > Grace);
}

/// <summary>A conflict with a lease.</summary>
/// <param name="Holder">The lease that was there first.</param>
/// <param name="Port">The port that both want, as <c>tcp/5533</c>; <see langword="null"/> when it is the project.</param>
internal sealed record LeaseConflict(Lease Holder, string? Port);

/// <summary>What is really there of the instances of this machine, at one moment.</summary>
internal sealed record MachineFacts
{
    /// <summary>The engine's resources; <see langword="null"/> when it does not answer.</summary>
    public IReadOnlyList<EngineInstance>? Engine { get; init; }

    /// <summary>Leases from the records of workspaces and the labels of containers; at most one of each instance.</summary>
    public IReadOnlyList<Lease> Found { get; init; } = [];

    /// <summary>The workspaces that were deleted or renamed.</summary>
    public IReadOnlySet<string> GoneWorkspaces { get; init; } = new HashSet<string>();

    /// <summary>The workspaces that are unreachable and may come back.</summary>
    public IReadOnlySet<string> AwayWorkspaces { get; init; } = new HashSet<string>();

    /// <summary>The instances whose directory with files exists, as workspace and number.</summary>
    public IReadOnlySet<(string Workspace, int Number)> WithFiles { get; init; } = new HashSet<(string, int)>();

    /// <summary>The owner's markers of running processes; only searched where nothing else is left.</summary>
    public IReadOnlySet<string> LiveMarkers { get; init; } = new HashSet<string>();

    /// <summary>The present moment, in UTC.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether a workspace no longer exists.</summary>
    public bool IsGone(string workspace) => GoneWorkspaces.Contains(workspace);

    /// <summary>Whether a workspace is unreachable and may come back.</summary>
    public bool IsAway(string workspace) => AwayWorkspaces.Contains(workspace);

    /// <summary>The resources of a project in the engine, or <see langword="null"/>.</summary>
    public EngineInstance? InEngine(string project) => Engine?.FirstOrDefault(e => e.Project == project);
}
