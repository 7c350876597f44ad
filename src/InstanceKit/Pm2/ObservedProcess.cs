using InstanceKit.Platform;

namespace InstanceKit.Pm2;

/// <summary>The PM2 state of a process. Online means spawned, not listening.</summary>
public enum ProcessState
{
    /// <summary>A word that this library does not know.</summary>
    Unknown,

    /// <summary>Spawned.</summary>
    Online,

    /// <summary>Being spawned.</summary>
    Launching,

    /// <summary>Stopping.</summary>
    Stopping,

    /// <summary>Ended, and not to be started again.</summary>
    Stopped,

    /// <summary>Crashed too often; no longer restarted.</summary>
    Errored,

    /// <summary>Crashed, and to be started again after a delay.</summary>
    WaitingRestart,
}

/// <summary>A process of an app, as PM2 describes it.</summary>
public sealed record ObservedProcess
{
    /// <summary>Its PM2 name.</summary>
    public required string Name { get; init; }

    /// <summary>Its process id; 0 when it does not run.</summary>
    public required int Pid { get; init; }

    /// <summary>PM2's word for its state. Online means spawned, not listening.</summary>
    public required ProcessState State { get; init; }

    /// <summary>Whether PM2 reports it online.</summary>
    public bool IsOnline => State == ProcessState.Online;

    /// <summary>How often PM2 started it again, also at the request of <c>pm2 restart</c>.</summary>
    public int Restarts { get; init; }

    /// <summary>Its last exit code; <see langword="null"/> before its first exit. PM2 reports 0 for a signal.</summary>
    public int? ExitCode { get; init; }

    /// <summary>
    /// When it was last started by a command; <see langword="null"/> when unknown. PM2 keeps this time (<c>created_at</c>)
    /// when it restarts the app automatically.
    /// </summary>
    public DateTimeOffset? RequestedAt { get; init; }

    /// <summary>How often it has exited within a second since then.</summary>
    public int EarlyEnds { get; init; }

    /// <summary>When it was last started; <see langword="null"/> when unknown.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The workspace and project it belongs to, from its environment; <see langword="null"/> when it carries none.</summary>
    public string? Owner { get; init; }

    /// <summary>The fingerprint of the configuration it was started with; <see langword="null"/> when it carries none.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The resource usage of its process tree; <see langword="null"/> when it is not running.</summary>
    public ResourceUse? Use { get; init; }

    /// <summary>The ports that its process tree listens on.</summary>
    public IReadOnlyList<int> ListensOn { get; init; } = [];

    /// <summary>Those of its ports that it listens on for all interfaces of this host, each by the address it is bound to.</summary>
    public IReadOnlyDictionary<int, string> OpenToAll { get; init; } = new Dictionary<int, string>();
}
