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
        ForEachAsync(
            specs, progress,
            async (spec, own, c) =>
            {
                var shared = SharedOf(spec, only);
                var waiting = _shared.WaitAsync(shared, timeout, own, c);
                var isOwn = only.Count == 0 || only.Except(shared).Any();
                var result = isOwn ? await Wait(only, timeout).RunAsync(spec, own, c) : new VerbResult(Outcome.Done, new OperationPlan([]));
                return result.With(await waiting, shared);
            },
            cancellation, atOnce: specs.Count);

    /// <summary>Restarts instances, or some services and apps of them, and waits until they are ready again.</summary>
    /// <param name="only">
    /// The services and apps; all that are the instance's own when empty. A shared service that is named is restarted for all instances.
    /// </param>
    public Task<IReadOnlyList<OperationReport>> RestartAsync(
        IReadOnlyList<InstanceSpec> specs, IReadOnlyList<string> only, IProgress<InstanceEvent> progress,
        CancellationToken cancellation) =>
        ForEachAsync(
            specs, progress,
            async (spec, own, c) =>
            {
                IReadOnlyList<string> shared = only.Count == 0 ? [] : SharedOf(spec, only);
                if (only.Count == 0)
                    _shared.NoteAfterRestart(SharedOf(spec, only), own);
                var restarted = await _shared.RestartAsync(spec, shared, own, c);
                return only.Count == 0 || only.Except(shared).Any()
                    ? (await Restart([.. only.Except(shared)]).RunAsync(await _shared.PrepareAsync(spec, isStarted: false, own, c), own, c)).With(restarted, shared)
                    : restarted ?? new VerbResult(Outcome.Unchanged, new OperationPlan([]));
            },
            cancellation);

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

    /// <summary>Those of the named services, or of all, that an instance shares.</summary>
    private static IReadOnlyList<string> SharedOf(InstanceSpec spec, IReadOnlyList<string> only) =>
        [.. (InstanceStore.ReadRecord(spec.Paths)?.Shared ?? []).Where(s => only.Count == 0 || only.Contains(s))];

    private WaitVerb Wait(IReadOnlyList<string> only, TimeSpan timeout) => new(
        _options, (spec, c) => WaitActions.OpenAsync(spec, _engine, _infra, _observer, _starter, c), _clock, only, timeout);
}
