using InstanceKit.Apps;
using InstanceKit.Compose;
using InstanceKit.Engine;
using InstanceKit.Infra;
using InstanceKit.Instances;
using InstanceKit.Leases;
using InstanceKit.Observing;
using InstanceKit.Platform;
using InstanceKit.Stacks;
using InstanceKit.Starting;

namespace InstanceKit;

/// <summary>What every verb works with.</summary>
internal sealed class ManagerContext : IDisposable
{
    private readonly Lazy<EngineClient> _docker;

    public ManagerContext(ManagerOptions options, string workspace, StackDefinition stack, Lazy<EngineClient>? docker = null)
    {
        _docker = docker ?? new(() => new EngineClient());
        (Options, Workspace, Stack) = (options, workspace, stack);
        Directory = new InstanceStore(workspace);
        Pm2 = new Pm2Access(options.ToolsDirectory, options.OnWait);
        Looks = new SharedSnapshots(Pm2);
        HealthCheckRunner = new HealthCheckRunner(this);
        Infra = new Infrastructure(this);
        Models = new ComposeModels(new ComposeModelStore(workspace), isReadOnly: options.DryRun, Infra.WouldBeEmbeddedAsync);
        Leases = new LeaseKeeper(this);
        Neighbours = [new RecordedNeighbours(Directory), new LeasedNeighbours(Leases.Registry)];
    }

    public ManagerOptions Options { get; }

    public string Workspace { get; }

    public StackDefinition Stack { get; }

    public InstanceStore Directory { get; }

    public ComposeClient Compose => Models.Driver;

    public ComposeModels Models { get; }

    public Infrastructure Infra { get; }

    public LeaseKeeper Leases { get; }

    public IReadOnlyList<INeighbours> Neighbours { get; }

    public Pm2Access Pm2 { get; }

    public SharedSnapshots Looks { get; }

    public HealthCheckRunner HealthCheckRunner { get; }

    /// <summary>The starts of containers, of all instances.</summary>
    public StartQueue Starts { get; } = new(Math.Max(2, Environment.ProcessorCount));

    /// <summary>
    /// Limits the programs that use a whole processor, Compose and Node, of all instances. What comes earlier in an
    /// Up weighs more, since services take longer to get ready than apps.
    /// </summary>
    public StartQueue Programs { get; } = new(Math.Max(2, Environment.ProcessorCount));

    public EngineClient Docker => _docker.Value;

    public TimeProvider Clock { get; } = TimeProvider.System;

    public InstanceSpec Spec(int number) => new(Stack, Workspace, number);

    /// <summary>Serializes changes that commands of this workspace share; waits for its turn.</summary>
    public Task<FileLock> TakeTurnAsync(string name, TimeSpan limit, Action<string>? onWait, CancellationToken cancellation)
    {
        InstanceStore.RequireInside(Spec(0).Paths);
        var folder = System.IO.Path.GetDirectoryName(Spec(0).Paths.Lock)!;
        System.IO.Directory.CreateDirectory(folder);
        return FileLock.TakeAsync(
            System.IO.Path.Combine(folder, $"{name}.lock"), $"The {name} lock of '{Workspace}'", onWait ?? Options.OnWait, limit, cancellation);
    }

    public void Dispose()
    {
        HealthCheckRunner.Dispose();
        Looks.Dispose();
        Pm2.Dispose();
        if (_docker.IsValueCreated)
            _docker.Value.Dispose();
    }
}
