using InstanceKit.Drivers;
using InstanceKit.Instances;
using InstanceKit.Processes;

namespace InstanceKit.Lifecycle;

/// <summary>The verbs that may be for some services and apps of an instance alone.</summary>
public sealed partial class InstanceManager
{
    /// <summary>The names of an instance's services and apps, services first.</summary>
    public IReadOnlyList<string> NamesOf(InstanceSpec spec) =>
        [.. ComponentNames.ServicesOf(spec), .. _context.Stack.Apps.Select(a => a.Name)];

    /// <summary>Waits until instances are ready, side by side; starts nothing.</summary>
    /// <param name="specs">The instances.</param>
    /// <param name="only">The services and apps to wait for; all of them when empty.</param>
    /// <param name="timeout">How long to wait at most.</param>
    /// <param name="progress">Is told what is waited for, and what is ready.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public Task<IReadOnlyList<OperationReport>> WaitAsync(
        IReadOnlyList<InstanceSpec> specs, IReadOnlyList<string> only, TimeSpan timeout, IProgress<InstanceEvent> progress,
        CancellationToken cancellation) =>
        ForEachAsync(specs, progress, new WaitVerb(_context, only, timeout).RunAsync, cancellation, atOnce: specs.Count);

    /// <summary>Restarts instances, or some services and apps of them, and waits until they are ready again.</summary>
    /// <param name="specs">The instances.</param>
    /// <param name="only">The services and apps; all of them when empty.</param>
    /// <param name="progress">Is told what happens.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public Task<IReadOnlyList<OperationReport>> RestartAsync(
        IReadOnlyList<InstanceSpec> specs, IReadOnlyList<string> only, IProgress<InstanceEvent> progress,
        CancellationToken cancellation) =>
        ForEachAsync(specs, progress, new RestartVerb(_context, only).RunAsync, cancellation);

    /// <summary>Finds how a command is run where a service or app runs.</summary>
    /// <param name="spec">The instance.</param>
    /// <param name="name">The service or app.</param>
    /// <param name="command">The program and its arguments, at least one word.</param>
    /// <param name="isTerminal">Whether a container gets a terminal.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="InstanceKitException">It is not there, or not running, or there is no such program.</exception>
    public Task<ProcessSpec> PrepareExecAsync(
        InstanceSpec spec, string name, IReadOnlyList<string> command, bool isTerminal, CancellationToken cancellation) =>
        new ExecVerb(_context).PrepareAsync(spec, name, command, isTerminal, cancellation);

    /// <summary>The variables of an instance, or of one of its services or apps.</summary>
    /// <param name="spec">The instance.</param>
    /// <param name="name">The service or app; <see langword="null"/> for what is common to the instance.</param>
    /// <param name="cancellation">Ends the reading of the compose files.</param>
    /// <exception cref="InstanceKitException">A service or app is named, and the instance was never initialized.</exception>
    public Task<InstanceEnvironment> EnvironmentAsync(InstanceSpec spec, string? name, CancellationToken cancellation) => name is null
        ? Task.FromResult(EnvironmentReader.OfInstance(spec, PortsOf(spec, InstanceDirectory.ReadRecord(spec.Paths))))
        : new EnvironmentReader(_context).OfComponentAsync(spec, ComponentNames.RequireRecord(spec, _context.Options.Next).Ports, name, cancellation);
}
