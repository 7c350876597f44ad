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

/// <summary>What stands in the way of a lease.</summary>
/// <param name="Holder">The lease that was there first.</param>
/// <param name="Port">The port that both want, as <c>tcp/5533</c>; <see langword="null"/> when it is the project.</param>
public sealed record LeaseConflict(Lease Holder, string? Port);

/// <summary>What is really there of the instances of this machine, at one moment.</summary>
public sealed record MachineFacts
{
    /// <summary>What the engine holds; <see langword="null"/> when it does not answer.</summary>
    public IReadOnlyList<EngineInstance>? Engine { get; init; }

    /// <summary>What the records of workspaces and the labels of containers say; at most one of each instance.</summary>
    public IReadOnlyList<Lease> Found { get; init; } = [];

    /// <summary>The workspaces that were deleted or renamed.</summary>
    public IReadOnlySet<string> GoneWorkspaces { get; init; } = new HashSet<string>();

    /// <summary>The workspaces that can't be reached now and may come back.</summary>
    public IReadOnlySet<string> AwayWorkspaces { get; init; } = new HashSet<string>();

    /// <summary>The instances of which a folder with files is there, as workspace and number.</summary>
    public IReadOnlySet<(string Workspace, int Number)> WithFiles { get; init; } = new HashSet<(string, int)>();

    /// <summary>The owner's markers of which processes run; looked for only where nothing else is left.</summary>
    public IReadOnlySet<string> LiveMarkers { get; init; } = new HashSet<string>();

    /// <summary>The present moment, in UTC.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether a workspace is no longer there.</summary>
    public bool IsGone(string workspace) => GoneWorkspaces.Contains(workspace);

    /// <summary>Whether a workspace can't be reached now and may come back.</summary>
    public bool IsAway(string workspace) => AwayWorkspaces.Contains(workspace);

    /// <summary>What the engine holds of a project, or <see langword="null"/>.</summary>
    public EngineInstance? InEngine(string project) => Engine?.FirstOrDefault(e => e.Project == project);
}

/// <summary>What the engine holds of one instance, found by this tool's labels.</summary>
public sealed record EngineInstance
{
    /// <summary>The Compose project.</summary>
    public required string Project { get; init; }

    /// <summary>The stack's name.</summary>
    public required string Stack { get; init; }

    /// <summary>The instance's number.</summary>
    public required int Number { get; init; }

    /// <summary>The workspace that made it, by the label of its newest container, or else of a volume or network; <see langword="null"/> where none says so.</summary>
    public string? Workspace { get; init; }

    /// <summary>Its containers, running or not.</summary>
    public IReadOnlyList<EngineThing> Containers { get; init; } = [];

    /// <summary>How many of them run.</summary>
    public int Running { get; init; }

    /// <summary>Its networks.</summary>
    public IReadOnlyList<EngineThing> Networks { get; init; } = [];

    /// <summary>Its volumes.</summary>
    public IReadOnlyList<EngineThing> Volumes { get; init; } = [];

    /// <summary>The host ports that its running containers publish, as <c>tcp/5533</c>.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>When its oldest container was made; <see langword="null"/> without one.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>What of it some workspaces made; what names no workspace counts where none of the rest is another's.</summary>
    public EngineInstance Of(IReadOnlyCollection<string> workspaces)
    {
        var isShared = Containers.Concat(Networks).Concat(Volumes).Any(t => t.Workspace is { } other && !workspaces.Contains(other));
        return this with { Containers = Own(Containers), Networks = Own(Networks), Volumes = Own(Volumes) };

        IReadOnlyList<EngineThing> Own(IReadOnlyList<EngineThing> things) =>
            [.. things.Where(t => t.Workspace is { } workspace ? workspaces.Contains(workspace) : !isShared)];
    }
}

/// <summary>A container, network or volume.</summary>
/// <param name="Id">What the engine calls it.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Workspace">The workspace that its label names; <see langword="null"/> for none.</param>
public sealed record EngineThing(string Id, string Name, string? Workspace = null);
