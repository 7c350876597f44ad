using System.Collections.Concurrent;
using InstanceKit.Compose;
using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Ports;
using InstanceKit.Reconcile;
using InstanceKit.Stacks;

namespace InstanceKit.Leases;

/// <summary>Claims instances for the workspace in the machine's registry, and releases them.</summary>
internal sealed class LeaseKeeper(
    ManagerOptions options, string workspace, StackDefinition stack, InstanceStore store, LeaseStore registry, ComposeModels models,
    Lazy<EngineClient> client, TimeProvider clock)
{
    private readonly FreeNumber _free = new(workspace, stack, store);

    /// <summary>What this command has claimed, also in a dry run, which writes nothing.</summary>
    private readonly ConcurrentDictionary<int, Lease> _claimed = [];

    /// <summary>Claims an instance for the workspace; if it already owns it, only one file is read.</summary>
    /// <param name="isEmbedded">Whether the services would run as processes; only asked where the lease is new.</param>
    /// <exception cref="InstanceKitException">It, or a port of it, is another one's.</exception>
    public async Task ClaimAsync(
        InstancePlan plan, Func<Task<bool>> isEmbedded, InstanceProgress progress, CancellationToken cancellation)
    {
        var wanted = Wanted(plan.Spec, MachineObserver.Ports(plan.Ports));
        if (registry.Read(out _)?.Of(wanted.Workspace, wanted.Number) is { } own && own.Covers(wanted))
        {
            _claimed[wanted.Number] = own;
            return;
        }

        var engine = await MachineObserver.AskEngineAsync(() => client.Value, cancellation);
        using var turn = await TakeTurnAsync(cancellation);
        var (before, after, facts) = Heal(engine, progress);
        if (after.FindMoved(wanted, facts) is { } moved
            && (WorkspaceFinder.IsSame(wanted.Workspace, moved)
                || (MachineObserver.FromRecord(plan.Spec.Paths)?.Project == wanted.Project && WorkspaceFinder.Find(moved, []) is var place && (place is null || place == wanted.Workspace))))
        {
            after = after.Without(moved.Workspace, moved.Number);
            wanted = wanted with { Created = moved.Created, IsAuto = moved.IsAuto, Pm2Home = moved.Pm2Home, MovedFrom = moved.Workspace };
            progress.Note("lease", $"This workspace was moved from {moved.Workspace}; instance {wanted.Number} moves with it.");
        }

        var conflict = after.FindConflict(wanted);
        if (conflict is null)
        {
            var held = after.Of(wanted.Workspace, wanted.Number);
            wanted = held is null ? wanted : held with
            {
                Project = wanted.Project, Stack = wanted.Stack, MovedFrom = wanted.MovedFrom ?? held.MovedFrom,
                Disk = wanted.Disk, Identity = wanted.Identity,
                IsShared = wanted.IsShared,
                Footprint = held.Footprint with { Ports = wanted.Footprint.Ports },
            };
            after = after.With(wanted);
        }

        Write(before, after);
        if (conflict is not null)
        {
            var free = _free.Find(after, engine, [.. plan.Model.Ports])?.Instance;
            var state = StateOf(conflict.Holder);
            throw LeaseRefusal.Of(
                plan.Spec, conflict, state, state == FolderState.Gone ? WorkspaceFinder.Find(conflict.Holder, []) : null, free, options.Next);
        }

        _claimed[wanted.Number] = wanted;
        if (engine is not null && !await isEmbedded())
            await RequireOursAsync(plan, before, after, cancellation);
    }

    /// <summary>Releases what was just claimed if its names belong to someone else in the engine.</summary>
    private async Task RequireOursAsync(InstancePlan plan, LeaseBook? before, LeaseBook after, CancellationToken cancellation)
    {
        var containers = client.Value.ListAsync(plan.Spec.Project, cancellation);
        var resources = plan.ResourcesIn(await client.Value.ResourcesAsync(cancellation));
        try
        {
            Ownership.Require(plan.Spec, await containers, resources, this);
        }
        catch (InstanceKitException)
        {
            _claimed.TryRemove(plan.Spec.Number, out _);
            Write(after, before ?? LeaseBook.Empty);
            throw;
        }
    }

    /// <summary>Updates the lease with the resources in the instance's record.</summary>
    public Task CompleteAsync(InstanceSpec spec, CancellationToken cancellation) =>
        InstanceStore.ReadRecord(spec.Paths)?.Footprint is { } footprint
            ? UpdateAsync(spec, l => IsSame(l.Footprint, footprint) ? l : l with { Footprint = footprint }, cancellation)
            : Task.CompletedTask;

    /// <summary>Updates the lease with the daemon that runs the apps, and what runs the services.</summary>
    /// <remarks>An instance that Compose ever ran may have volumes: it stays marked so.</remarks>
    public Task RememberRuntimeAsync(InstanceSpec spec, string home, InfraMode infra, CancellationToken cancellation) => UpdateAsync(
        spec, l => l with { Pm2Home = home, Infra = l.Infra is InfraMode.Compose ? l.Infra : infra }, cancellation);

    /// <summary>Forgets that Compose was to run an instance of which nothing is in the engine.</summary>
    public Task ForgetInfraAsync(InstanceSpec spec, CancellationToken cancellation) =>
        UpdateAsync(spec, l => l with { Infra = null }, cancellation);

    /// <summary>Refuses to take down what belongs to another checkout, even one that no longer exists: it may have been renamed.</summary>
    /// <exception cref="InstanceKitException">The project is that of another workspace.</exception>
    public void RequireNotOthers(InstanceSpec spec)
    {
        if (registry.Read(out _)?.OfOther(spec.Project, spec.Workspace) is not { } other)
            return;
        var state = StateOf(other);
        if (state != FolderState.Gone || !WorkspaceFinder.IsSame(spec.Workspace, other))
            throw LeaseRefusal.NotOurs(spec, other, state, state == FolderState.Gone ? WorkspaceFinder.Find(other, []) : null, options.Next);
    }

    /// <summary>The lease of an instance of this workspace; <see langword="null"/> when it has none.</summary>
    public Lease? FindOwn(InstanceSpec spec) =>
        (registry.Read(out _)?.Of(spec.Workspace, spec.Number) ?? _claimed.GetValueOrDefault(spec.Number)) is { } own && own.Project == spec.Project
            ? own
            : null;

    /// <summary>The numbers of this workspace's instances: those that have a folder or a lease.</summary>
    public IReadOnlyList<int> ListNumbers() =>
        [.. store.ListInstances().Concat(NumbersIn(registry.Read(out _) ?? LeaseBook.Empty)).Distinct().Order()];

    /// <summary>Whether a workspace is present, unreachable or gone, according to its leases.</summary>
    public FolderState StateOf(string workspace) =>
        registry.Read(out _)?.Leases.FirstOrDefault(l => l.Workspace == workspace) is { } lease ? StateOf(lease) : WorkspaceFolder.StateOf(workspace);

    /// <summary>Releases an instance that no longer exists, with what a move has left of it.</summary>
    public async Task ReleaseAsync(InstanceSpec spec, CancellationToken cancellation)
    {
        if (registry.Read(out _) is not { } book || ReferenceEquals(Released(book, spec), book))
            return;
        using var turn = await TakeTurnAsync(cancellation);
        if (registry.Read(out _) is { } now)
            Write(now, Released(now, spec));
    }

    /// <summary>The marks of processes that are the instance's own: as it is, and as it was before the workspace was moved.</summary>
    public IReadOnlySet<string> OwnerMarkers(InstanceSpec spec)
    {
        var leases = registry.Read(out _)?.Leases.Where(l => l.Project == spec.Project) ?? [];
        return leases.SelectMany(l => l.Workspace == spec.Workspace ? [l.MovedFrom] : StateOf(l) == FolderState.Gone ? new[] { l.Workspace, l.MovedFrom } : [])
            .OfType<string>().Append(spec.Workspace).Select(w => ProcessMarks.OwnerOf(spec.Project, w)).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The number that <c>auto</c> means: that of the checkout, else the lowest free one, which is then claimed.</summary>
    /// <returns>The number, and a note on the choice.</returns>
    /// <exception cref="InstanceKitException">No number is free, or the compose files can't be read.</exception>
    public async Task<(int Number, string? Note)> TakeNumberAsync(CancellationToken cancellation)
    {
        if (FindOwn(registry.Read(out _) ?? LeaseBook.Empty) is ({ } known, true))
            return (known, null);
        var model = (await models.ReadAsync(new InstanceSpec(stack, workspace, 0), withOverride: false, cancellation)).Model;
        var engine = await MachineObserver.AskEngineAsync(() => client.Value, cancellation);
        using var turn = await TakeTurnAsync(cancellation);
        var (before, after, _) = Heal(engine, null);
        var (own, isRemembered) = FindOwn(after);
        if (own is { } mine)
        {
            if (!isRemembered)
                Remember(mine);
            return (mine, isRemembered ? null : $"Instance {mine} is now the active instance of this checkout.");
        }

        var plan = _free.Find(after, engine, [.. model.Ports]) ?? throw InstanceKitException.Usage(
            "No instance number is free.", $"Remove an instance that you no longer need; {options.Next.OfMachine("List")} lists all on this machine.");
        Write(before, after.With(Wanted(new InstanceSpec(stack, workspace, plan.Instance), MachineObserver.Ports(plan)) with { IsAuto = true }));
        Remember(plan.Instance);
        return (plan.Instance, options.DryRun
            ? $"Instance {plan.Instance} would be assigned to this checkout."
            : $"Instance {plan.Instance} is assigned to this checkout.");
    }

    /// <summary>The number that <c>auto</c> means if none may be claimed; <see langword="null"/> when the checkout has none.</summary>
    public int? FindOwnNumber() => FindOwn(registry.Read(out _) ?? LeaseBook.Empty).Number;

    /// <summary>The remembered number, or else the lowest that the checkout has; never one of another checkout.</summary>
    private (int? Number, bool IsRemembered) FindOwn(LeaseBook book)
    {
        if (store.ReadActiveInstance() is { Length: > 0 } text
            && InstanceSelector.Parse(text, InstancePaths.ActiveInstanceName).Numbers is [var remembered] && IsOurs(remembered))
            return (remembered, true);
        var own = store.ListInstances().Concat(NumbersIn(book)).Order().Where(IsOurs).ToList();
        return own is [var lowest, ..] ? (lowest, false) : (null, false);

        bool IsOurs(int number) =>
            book.OfOther(stack.ProjectOf(number), workspace) is not { } other || StateOf(other) == FolderState.Gone;
    }

    private IEnumerable<int> NumbersIn(LeaseBook book) =>
        book.Leases.Where(l => l.Workspace == workspace && l.Project == stack.ProjectOf(l.Number)).Select(l => l.Number);

    private static FolderState StateOf(Lease lease) => WorkspaceFolder.StateOf(lease);

    private void Remember(int number)
    {
        if (options.DryRun)
            return;
        store.WriteActiveInstance(number);
        GitExcludeStore.Ensure(workspace);
    }

    private Lease Wanted(InstanceSpec spec, InstanceFootprint footprint) => new()
    {
        Workspace = spec.Workspace,
        Project = spec.Project,
        Stack = spec.Stack.Name,
        Number = spec.Number,
        Footprint = footprint,
        Created = clock.GetUtcNow(),
        IsShared = spec.Shared is not null,
        Disk = WorkspaceFolder.DiskOf(spec.Workspace),
        Identity = WorkspaceFolder.IdentityOf(spec.Workspace),
    };

    private (LeaseBook? Before, LeaseBook After, MachineFacts Facts) Heal(IReadOnlyList<EngineInstance>? engine, InstanceProgress? progress)
    {
        var before = registry.Read(out var isDamaged);
        if (isDamaged && !options.DryRun)
        {
            var aside = registry.SetDamagedAside();
            progress?.Note("lease", $"The registry of instances was damaged; it was rebuilt from what exists, and the damaged file was saved as {aside}.");
        }

        var facts = MachineObserver.Gather(before ?? LeaseBook.Empty, engine, null, clock.GetUtcNow());
        return (isDamaged ? null : before, (before ?? LeaseBook.Empty).Heal(facts), facts);
    }

    private async Task UpdateAsync(InstanceSpec spec, Func<Lease, Lease> change, CancellationToken cancellation)
    {
        if (registry.Read(out _)?.Of(spec.Workspace, spec.Number) is not { } lease || change(lease) == lease)
            return;
        using var turn = await TakeTurnAsync(cancellation);
        if (registry.Read(out _) is { } book && book.Of(spec.Workspace, spec.Number) is { } now)
            Write(book, book.With(change(now)));
    }

    private static LeaseBook Released(LeaseBook book, InstanceSpec spec)
    {
        var over = book.Leases.Where(l => l.IsOf(spec.Workspace, spec.Number)
            || (l.Project == spec.Project && StateOf(l) == FolderState.Gone)).ToList();
        return over.Aggregate(book, (b, l) => b.Without(l.Workspace, l.Number));
    }

    private static bool IsSame(InstanceFootprint one, InstanceFootprint other) =>
        one.Ports.SequenceEqual(other.Ports) && one.Names.SequenceEqual(other.Names) && one.Subnets.SequenceEqual(other.Subnets);

    private async Task<FileLock?> TakeTurnAsync(CancellationToken cancellation) =>
        options.DryRun ? null : await registry.TakeTurnAsync(cancellation);

    private void Write(LeaseBook? before, LeaseBook after)
    {
        if (!options.DryRun && (before is null || !before.Leases.SequenceEqual(after.Leases)))
            registry.Write(after);
    }
}

/// <summary>Finds the lowest number that does not conflict with other instances.</summary>
internal sealed class FreeNumber(string workspace, StackDefinition stack, InstanceStore store)
{
    /// <summary>The number and its ports; <see langword="null"/> when none is free.</summary>
    /// <param name="book">The leases.</param>
    /// <param name="engine">The engine's resources; <see langword="null"/> when it does not answer.</param>
    /// <param name="published">What the compose files publish.</param>
    public PortPlan? Find(LeaseBook book, IReadOnlyList<EngineInstance>? engine, IReadOnlyList<PublishedPort> published)
    {
        var taken = book.Leases.Select(l => l.Project).Concat((engine ?? []).Select(e => e.Project)).ToHashSet(StringComparer.Ordinal);
        var ports = book.Leases.SelectMany(l => l.Footprint.Ports).ToHashSet(StringComparer.Ordinal);
        var own = store.ListInstances().Concat(book.Leases.Where(l => l.Workspace == workspace).Select(l => l.Number))
            .ToHashSet();
        // The shared infrastructure leaves the low numbers to instances.
        var numbers = Enumerable.Range(0, PortPlanner.HighestInstance(stack) + 1);
        foreach (var number in stack.IsShared ? numbers.Take(PortPlanner.Horizon + 1).OrderBy(n => n == 0 ? 0 : 1).ThenByDescending(n => n) : numbers)
        {
            if (own.Contains(number) || taken.Contains(stack.ProjectOf(number)))
                continue;
            if (TryPlan(published, number) is not { } plan)
                return null;
            if (!MachineObserver.Ports(plan).Ports.Any(ports.Contains) && AreFree(plan))
                return plan;
        }

        return null;
    }

    /// <summary>A port in use by a program without a lease conflicts as well.</summary>
    private static bool AreFree(PortPlan plan) => PortProbe.Probe(
        plan.Assignments.Where(a => a.Protocol == "tcp").SelectMany(a => Enumerable.Range(a.Port, a.Count))).Count == 0;

    private PortPlan? TryPlan(IReadOnlyList<PublishedPort> published, int number)
    {
        try
        {
            return PortPlanner.Plan(stack, published, number);
        }
        catch (InstanceKitException)
        {
            return null; // beyond the last port
        }
    }
}
