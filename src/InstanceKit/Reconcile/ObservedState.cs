using InstanceKit.Engine;
using InstanceKit.Pm2;

namespace InstanceKit.Reconcile;

/// <summary>The state of one instance at one time, from the engine and PM2.</summary>
/// <param name="Containers">The project's containers.</param>
/// <param name="Processes">The apps' processes, as PM2 lists them.</param>
/// <param name="AppliedModel">The fingerprint of the compose model that was last carried out, or <see langword="null"/>.</param>
public sealed record ObservedState(
    IReadOnlyList<ObservedContainer> Containers,
    IReadOnlyList<ObservedProcess> Processes,
    string? AppliedModel)
{
    /// <summary>Nothing runs and nothing was ever carried out.</summary>
    public static ObservedState Nothing { get; } = new([], [], null);

    /// <summary>Why nothing is known of the services; <see langword="null"/> when it is.</summary>
    public InstanceKitException? ServicesFailure { get; init; }

    /// <summary>Why nothing is known of the apps; <see langword="null"/> when it is.</summary>
    public InstanceKitException? AppsFailure { get; init; }

    /// <summary>Whether anything runs, be it ready or not.</summary>
    public bool IsRunning =>
        Containers.Any(c => c is { State: ContainerState.Running or ContainerState.Restarting })
        || Processes.Any(p => p.State is ProcessState.Online or ProcessState.Launching or ProcessState.WaitingRestart);

    /// <summary>The same state, with the number of restarts before an earlier observation; those are not counted as failures.</summary>
    /// <param name="earlier">The earlier observation.</param>
    public ObservedState Since(ObservedState earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return this with
        {
            Containers =
            [
                .. Containers.Select(c => earlier.Containers.FirstOrDefault(e => e.Id == c.Id) is { RestartCount: > 0 and var count }
                    && c.RestartCount >= count ? c with { EarlierRestarts = count } : c),
            ],
        };
    }

    /// <summary>The container of a service, or <see langword="null"/>.</summary>
    public ObservedContainer? ContainerOf(string service) => Containers.FirstOrDefault(c => c.Service == service);

    /// <summary>The process with a PM2 name, or <see langword="null"/>.</summary>
    public ObservedProcess? ProcessOf(string name) => Processes.FirstOrDefault(p => p.Name == name);
}
