namespace InstanceKit.Drivers;

/// <summary>What PM2 says of a process. Online means spawned, not listening.</summary>
public enum Pm2Status
{
    /// <summary>A word that this library does not know.</summary>
    Unknown,

    /// <summary>Spawned.</summary>
    Online,

    /// <summary>Being spawned.</summary>
    Launching,

    /// <summary>Asked to end.</summary>
    Stopping,

    /// <summary>Ended, and not to be started again.</summary>
    Stopped,

    /// <summary>Crashed too often; given up.</summary>
    Errored,

    /// <summary>Crashed, and to be started again after a delay.</summary>
    WaitingRestart,
}
