using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Observing;
using InstanceKit.Platform;
using InstanceKit.Ports;
using InstanceKit.Reconcile;

namespace InstanceKit.Verbs;

/// <summary>The workspace of a shared infrastructure, as far as its users need it.</summary>
internal interface ISharedWorkspace : IDisposable
{
    /// <summary>Its instance; <see langword="null"/> before it was started.</summary>
    InstanceSpec? FindOwn();

    /// <summary>Its instance, or a free number for it.</summary>
    Task<IReadOnlyList<InstanceSpec>> ChooseAsync(InstanceSelector selector, bool mayTake, CancellationToken cancellation);

    /// <summary>Starts it.</summary>
    Task<IReadOnlyList<OperationReport>> UpAsync(IReadOnlyList<InstanceSpec> specs, IProgress<InstanceEvent> progress, CancellationToken cancellation);

    /// <summary>Waits until services of it are ready.</summary>
    Task<IReadOnlyList<OperationReport>> WaitAsync(
        IReadOnlyList<InstanceSpec> specs, IReadOnlyList<string> only, TimeSpan timeout, IProgress<InstanceEvent> progress, CancellationToken cancellation);

    /// <summary>Restarts services of it.</summary>
    Task<IReadOnlyList<OperationReport>> RestartAsync(
        IReadOnlyList<InstanceSpec> specs, IReadOnlyList<string> only, IProgress<InstanceEvent> progress, CancellationToken cancellation);

    /// <summary>What runs of it.</summary>
    Task<IReadOnlyList<InstanceStatus>> StatusAsync(IReadOnlyList<InstanceSpec> specs, CancellationToken cancellation);

    /// <summary>Its ports.</summary>
    Task<PortPlan> PlanPortsAsync(InstanceSpec spec, CancellationToken cancellation);

    /// <summary>Prepares a command in one of its services.</summary>
    Task<ProcessSpec> PrepareExecAsync(InstanceSpec spec, string name, IReadOnlyList<string> command, bool isTerminal, CancellationToken cancellation);

    /// <summary>The model of its compose file.</summary>
    Task<ComposeModel> ModelAsync(InstanceSpec spec, CancellationToken cancellation);
}
