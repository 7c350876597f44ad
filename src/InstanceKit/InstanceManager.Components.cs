using InstanceKit.Instances;
using InstanceKit.Platform;
using InstanceKit.Reconcile;
using InstanceKit.Verbs;

namespace InstanceKit;

/// <summary>The verbs that can be limited to some services and apps of an instance.</summary>
public sealed partial class InstanceManager
{
    /// <summary>The names of an instance's services and apps, services first.</summary>
    public IReadOnlyList<string> NamesOf(InstanceSpec spec) =>
        [.. InstanceStore.ReadRecord(spec.Paths)?.Shared ?? [], .. ComponentNames.ServicesOf(spec), .. _stack.Apps.Select(a => a.Name)];

    /// <summary>Waits until instances are ready, concurrently; starts nothing.</summary>
    /// <param name="only">The services and apps to wait for; all of them when empty.</param>
    /// <param name="progress">Receives what is waited for, and what is ready.</param>
    public Task<IReadOnlyList<OperationReport>> WaitAsync(
        IReadOnlyList<InstanceSpec> specs, IReadOnlyList<string> only, TimeSpan timeout, IProgress<InstanceEvent> progress,
        CancellationToken cancellation) =>
        ForEachAsync(specs, progress, new WaitVerb(
            _options, (spec, c) => WaitActions.OpenAsync(spec, _engine, _infra, _observer, _starter, c), _clock, only, timeout).RunAsync, cancellation, atOnce: specs.Count);

    /// <summary>Restarts instances, or some services and apps of them, and waits until they are ready again.</summary>
    /// <param name="only">The services and apps; all of them when empty.</param>
    public Task<IReadOnlyList<OperationReport>> RestartAsync(
        IReadOnlyList<InstanceSpec> specs, IReadOnlyList<string> only, IProgress<InstanceEvent> progress,
        CancellationToken cancellation) =>
        ForEachAsync(
            specs, progress, async (spec, own, c) => await Restart(only).RunAsync(await _shared.PrepareAsync(spec, isStarted: false, own, c), own, c), cancellation);

    /// <summary>Prepares a command to run in a service or app.</summary>
    /// <param name="name">The service or app.</param>
    /// <param name="command">The program and its arguments, at least one word.</param>
    /// <param name="isTerminal">Whether a container gets a terminal.</param>
    /// <exception cref="InstanceKitException">It does not exist, is not running, or the program was not found.</exception>
    public Task<ProcessSpec> PrepareExecAsync(
        InstanceSpec spec, string name, IReadOnlyList<string> command, bool isTerminal, CancellationToken cancellation) =>
        InstanceStore.ReadRecord(spec.Paths)?.Shared?.Contains(name) == true && _shared.FindSpec() is { } shared
            ? OpenShared().PrepareExecAsync(shared, name, command, isTerminal, cancellation)
            : new ExecVerb(_options, _engine, _infra, _leases, _environments, _clock).PrepareAsync(spec, name, command, isTerminal, cancellation);

    /// <summary>The variables of an instance, or of one of its services or apps.</summary>
    /// <param name="name">The service or app; <see langword="null"/> for the variables that all apps share.</param>
    /// <exception cref="InstanceKitException">A service or app is named, and the instance is not initialized.</exception>
    public Task<InstanceEnvironment> EnvironmentAsync(InstanceSpec spec, string? name, CancellationToken cancellation) => name is null
        ? Task.FromResult(EnvironmentReader.OfInstance(spec, PortsOf(spec, InstanceStore.ReadRecord(spec.Paths))))
        : _environments.OfComponentAsync(spec, ComponentNames.RequireRecord(spec, _options.Next).Ports, name, cancellation);
}
