using System.Collections.Concurrent;
using InstanceKit.Compose;
using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Leases;
using InstanceKit.Reconcile;
using InstanceKit.Stacks;

namespace InstanceKit.Infra;

/// <summary>Knows of each instance whether its services are containers or processes.</summary>
internal sealed class Infrastructure(
    ManagerOptions options, StackDefinition stack, Lazy<EngineClient> engine, ComposeModels models, LeaseKeeper leases, ServiceProcesses processes, TimeProvider clock)
{
    // An engine that does not answer at once must not delay an instance that runs without it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Choice> _chosen = new();

    /// <summary>The requested mode: of the command, else of the stack.</summary>
    public InfraMode Wanted => (options.Infra ?? stack.Infra.Mode) switch { InfraMode.Own or InfraMode.Shared => InfraMode.Auto, var mode => mode };

    /// <summary>Whether the services are processes: as chosen by this command, or else as recorded.</summary>
    /// <remarks>Of an instance that was never brought up, nothing can run where no engine answers.</remarks>
    public async Task<bool> IsEmbeddedAsync(InstanceSpec spec, CancellationToken cancellation)
    {
        if (_chosen.TryGetValue(spec.Project, out var chosen))
            return chosen.IsEmbedded;
        return await KindAsync(spec, cancellation) switch
        {
            InfraMode.Embedded => true,
            InfraMode.Compose => false,
            _ => await FindEngineFailureAsync(cancellation) is not null,
        };
    }

    /// <summary>The same, and of an instance that was never brought up, whether they would be.</summary>
    public async Task<bool> WouldBeEmbeddedAsync(InstanceSpec spec, CancellationToken cancellation)
    {
        if (_chosen.ContainsKey(spec.Project) || await KindAsync(spec, cancellation) is not InfraMode.Auto)
            return await IsEmbeddedAsync(spec, cancellation);
        return Wanted is InfraMode.Auto ? await FindObstacleAsync(cancellation) is not null : Wanted is InfraMode.Embedded;
    }

    /// <summary>Chooses for an instance that is brought up.</summary>
    /// <returns>Whether its services are processes.</returns>
    /// <exception cref="InstanceKitException">Compose is wanted and no engine answers, or the other kind still runs.</exception>
    public async Task<bool> ChooseAsync(InstanceSpec spec, InstanceProgress progress, CancellationToken cancellation)
    {
        var present = await KindAsync(spec, cancellation);
        var wanted = Wanted is InfraMode.Auto ? present : Wanted;
        var lacksDocker = Wanted is InfraMode.Auto && InstanceStore.ReadRecord(spec.Paths) is { LackedDocker: true };
        if (wanted is InfraMode.Auto)
        {
            var obstacle = await FindObstacleAsync(cancellation);
            if (obstacle is not null)
                progress.Note("infra", $"{obstacle.Message} Using embedded infrastructure instead; to require containers, pass --infra compose. {obstacle.Remedy}");
            wanted = obstacle is null ? InfraMode.Compose : InfraMode.Embedded;
            lacksDocker = obstacle is not null;
        }
        else if (lacksDocker && await models.FindFailureAsync(cancellation) is null && await AnswersAsync(cancellation))
        {
            progress.Note("infra", Offer(spec));
        }
        else if (wanted is InfraMode.Compose)
        {
            await engine.Value.RequireEngineAsync(cancellation);
        }

        await RefuseSwitchAsync(spec, present, wanted, cancellation);
        var isEmbedded = wanted is InfraMode.Embedded;
        _chosen[spec.Project] = new Choice(isEmbedded, isEmbedded && lacksDocker);
        return isEmbedded;
    }

    /// <summary>Makes sure that an instance's models can be read.</summary>
    /// <param name="progress">Receives a note when they are read without Compose.</param>
    /// <exception cref="InstanceKitException">Compose is missing or too old, and the services are containers.</exception>
    public async Task RequireModelsAsync(InstanceSpec spec, InstanceProgress? progress, CancellationToken cancellation)
    {
        if (await models.FindFailureAsync(cancellation) is not { } failure)
            return;
        if (!await WouldBeEmbeddedAsync(spec, cancellation))
            throw failure;
        progress?.Note("compose", "Docker Compose is missing or too old; the built-in reader parses the compose files instead.");
    }

    /// <summary>Chooses processes after all, for an instance whose containers can't be made.</summary>
    public void FallBack(InstanceSpec spec) => _chosen[spec.Project] = new Choice(IsEmbedded: true, LacksDocker: false);

    /// <summary>Whether an instance that was chosen for runs as processes only because Docker is missing, or was.</summary>
    public bool LacksDocker(InstanceSpec spec) => _chosen.TryGetValue(spec.Project, out var chosen) && chosen.LacksDocker;

    /// <summary>What a service that can't run as a process lacks: "Docker", or "Docker Compose" where only that is missing.</summary>
    public async Task<string> NameMissingAsync(CancellationToken cancellation) =>
        Wanted is InfraMode.Auto && await models.FindFailureAsync(cancellation) is not null && await AnswersAsync(cancellation)
            ? "Docker Compose" : "Docker";

    /// <summary>Requires the engine where only it knows what an instance has left behind.</summary>
    /// <exception cref="InstanceKitException">It does not answer.</exception>
    public async Task RequireKnownAsync(InstanceSpec spec, CancellationToken cancellation)
    {
        if (InstanceStore.ReadRecord(spec.Paths) is null && leases.FindOwn(spec) is null && Directory.Exists(spec.Paths.Directory)
            && await KindAsync(spec, cancellation) is InfraMode.Auto)
            await engine.Value.RequireEngineAsync(cancellation);
    }

    /// <summary>What runs an instance, by its record; if that is lost or was recreated, by its processes, its lease and its files.</summary>
    private async Task<InfraMode> KindAsync(InstanceSpec spec, CancellationToken cancellation)
    {
        var record = InstanceStore.ReadRecord(spec.Paths);
        if (InstanceRecord.InfraOf(record) is not InfraMode.Auto and var kind)
            return kind;
        // PM2 may be slow to answer; a new record of an instance that never ran is no reason to ask it.
        if (record is null && (await processes.ListAsync(spec, cancellation)).Any(p => p.Owner == spec.OwnerMarker))
            return InfraMode.Embedded;
        return leases.FindOwn(spec)?.Infra
            ?? (File.Exists(EmbeddedServices.EcosystemOf(spec)) ? InfraMode.Embedded : InfraMode.Auto);
    }

    /// <summary>Why Compose can't run containers here: no engine answers, or Compose is missing or too old.</summary>
    private async Task<InstanceKitException?> FindObstacleAsync(CancellationToken cancellation) =>
        await FindEngineFailureAsync(cancellation) ?? await models.FindFailureAsync(cancellation);

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            return await FindEngineFailureAsync(cancellation).WaitAsync(Patience, clock, cancellation) is null;
        }
        catch (Exception e) when (e is TimeoutException or NoAnswerException)
        {
            return false;
        }
    }

    private string Offer(InstanceSpec spec) =>
        $"Docker is available now, but {spec.Name} still runs its services as processes, because Docker was missing when it was "
        + $"first brought up. To change over: {options.Next.For("Down", spec.Number)}, then "
        + $"{options.Next.For("Up", spec.Number, "--infra compose")}. The containers start with data of their own; the present data is kept but not copied.";

    // Do not fall back when the engine exists but does not answer: it may hold resources of the instance.
    private async Task<InstanceKitException?> FindEngineFailureAsync(CancellationToken cancellation)
    {
        try
        {
            await engine.Value.RequireEngineAsync(cancellation);
            return null;
        }
        catch (InstanceKitException e) when (e is not NoAnswerException)
        {
            return e;
        }
    }

    // Both kinds would use the same ports, and their data is separate.
    private async Task RefuseSwitchAsync(
        InstanceSpec spec, InfraMode present, InfraMode wanted, CancellationToken cancellation)
    {
        if (present is InfraMode.Auto || present == wanted)
            return;
        var running = present is InfraMode.Embedded
            ? (await processes.ListAsync(spec, cancellation)).Select(p => p.Name)
            : await ContainersAsync(spec, cancellation);
        if (running.Any())
        {
            throw InstanceKitException.Usage(
                $"{spec.Title} runs with {(present is InfraMode.Embedded ? "embedded services" : "containers")}: {string.Join(", ", running)}.",
                $"Take it down first (its data is kept): {options.Next.For("Down", spec.Number)}");
        }
    }

    private async Task<IEnumerable<string>> ContainersAsync(InstanceSpec spec, CancellationToken cancellation)
    {
        try
        {
            return (await engine.Value.ListAsync(spec.Project, cancellation)).Select(c => c.Name);
        }
        catch (InstanceKitException e) when (e is not NoAnswerException)
        {
            return []; // without an engine nothing of it runs
        }
    }

    /// <param name="IsEmbedded">Whether the services are processes.</param>
    /// <param name="LacksDocker">Whether only because Docker is missing, or was.</param>
    private readonly record struct Choice(bool IsEmbedded, bool LacksDocker);
}
