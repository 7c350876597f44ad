using InstanceKit.Apps;
using InstanceKit.Compose;
using InstanceKit.Engine;
using InstanceKit.Infra;
using InstanceKit.Instances;
using InstanceKit.Leases;
using InstanceKit.Observing;
using InstanceKit.Platform;
using InstanceKit.Setup;
using InstanceKit.Stacks;
using InstanceKit.Starting;
using InstanceKit.Verbs;

namespace InstanceKit;

/// <summary>What the verbs are made of: each part gets what it uses, and nothing else.</summary>
public sealed partial class InstanceManager
{
    private readonly ManagerOptions _options;
    private readonly StackDefinition _stack;
    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly InstanceStore _store;
    private readonly Lazy<EngineClient> _engine;
    private readonly Pm2Access _pm2;
    private readonly ComposeModels _models;
    private readonly LeaseKeeper _leases;
    private readonly ServiceProcesses _serviceProcesses;
    private readonly Infrastructure _infra;
    private readonly EmbeddedServices _embeddedServices;
    private readonly SharedSnapshots _snapshots;
    private readonly HealthCheckRunner _health;
    private readonly Observer _observer;
    private readonly ConnectionProbe _connections;
    private readonly InstanceSetup _setup;
    private readonly EcosystemBuilder _ecosystems;
    private readonly AppRunner _apps;
    private readonly PortGuard _ports;
    private readonly Starter _starter;
    private readonly EnvironmentReader _environments;
    private readonly SharedInfrastructure _shared;

    private InstanceManager(ManagerOptions options, string workspace, StackDefinition stack, Lazy<EngineClient> engine, EarlyObservation? head)
    {
        (_options, Workspace, _stack, _engine) = (options, workspace, stack, engine);
        // What comes earlier in an Up weighs more, since services take longer to get ready than apps.
        var programs = new StartQueue(Math.Max(2, Environment.ProcessorCount));
        var leases = LeaseStore.OfUser(options.OnWait);
        _store = new InstanceStore(workspace);
        _pm2 = new Pm2Access(options.ToolsDirectory, options.OnWait);
        _models = new ComposeModels(new ComposeModelStore(workspace), isReadOnly: options.DryRun);
        _leases = new LeaseKeeper(options, workspace, stack, _store, leases, _models, engine, _clock);
        _serviceProcesses = new ServiceProcesses(_pm2);
        _infra = new Infrastructure(options, stack, engine, _models, _leases, _serviceProcesses, _clock);
        _embeddedServices = new EmbeddedServices(options, _infra, engine, _pm2);
        _snapshots = new SharedSnapshots(_pm2.ListAsync);
        _health = new HealthCheckRunner(
            (container, c) => engine.Value.PassesHealthTestAsync(container, c), _clock,
            // Ports of a remote engine's containers are on its machine.
            (container, c) => engine.Value.Endpoint.Address.Scheme is "unix" or "npipe" ? PortHealthCheck.AskAsync(container, c) : Task.FromResult(PortAnswer.Unclear));
        _observer = new Observer(options.Next, engine, _pm2.ListAsync, _infra.IsEmbeddedAsync, _snapshots, _health, _clock, head);
        _connections = new ConnectionProbe(options.ToolsDirectory, engine, leases);
        _setup = new InstanceSetup(options, _store, _models, _leases, [new RecordedNeighbours(_store), new LeasedNeighbours(leases)]);
        _ecosystems = new EcosystemBuilder(programs);
        _apps = new AppRunner(_pm2, programs);
        _ports = new PortGuard(_infra, engine);
        _starter = new Starter(
            options, engine, _models.Client, _infra, _embeddedServices, _observer, _apps, _ports, programs,
            new StartQueue(Math.Max(2, Environment.ProcessorCount)), _clock);
        _environments = new EnvironmentReader(_infra, _models);
        _shared = new SharedInfrastructure(
            options, stack, workspace, _models, leases,
            (own, folder) => new InstanceManager(options with { Workspace = folder, StackName = null, Infra = null, Repair = false, Next = options.Next.ForShared() }, folder, own, engine, head: null));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _shared.Dispose();
        _health.Dispose();
        _snapshots.Dispose();
        _pm2.Dispose();
        if (_engine.IsValueCreated)
            _engine.Value.Dispose();
    }

    private InstanceSpec Spec(int number)
    {
        var spec = new InstanceSpec(_stack, Workspace, number);
        return SharedPart.Of(_stack, spec.Paths) is { } part ? spec with { Shared = part } : spec;
    }

    private UpVerb Up() => new(
        _options, _engine, _models.Client, _models, _pm2, _infra, _leases, _setup, _ecosystems, new PackageInstaller(Workspace),
        _embeddedServices, _serviceProcesses, _observer, _apps, _ports, _starter, _connections, _clock);

    private DownVerb Down() => new(
        _options, _engine, _models.Client, _models, _infra, _leases, _apps, _embeddedServices, _serviceProcesses, _observer, _clock);

    private RestartVerb Restart(IReadOnlyList<string> only) => new(
        _options, _engine, _pm2, _infra, _leases, _setup, _ecosystems, _embeddedServices, _serviceProcesses, _observer, _starter, _clock, only);
}
