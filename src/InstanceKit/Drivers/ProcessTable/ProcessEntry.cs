namespace InstanceKit.Drivers;

/// <summary>One running process.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="ParentPid">Its parent's id; 0 when it has none or it is unknown.</param>
/// <param name="StartMark">
/// When it started, in the platform's own unit (Linux: clock ticks since boot; other Unix: seconds; Windows: 100 ns).
/// Good for one thing: an equal id with another mark is another process.
/// </param>
/// <param name="Command">The program's short name (Linux: at most 15 characters).</param>
public sealed record ProcessEntry(int Pid, int ParentPid, long StartMark, string Command)
{
    /// <summary>The processor time that it has used, without that of children that have ended; <see langword="null"/> where the table does not say (not Linux).</summary>
    public TimeSpan? Cpu { get; init; }

    /// <summary>Its resident memory in bytes; <see langword="null"/> where the table does not say (not Linux).</summary>
    public long? Memory { get; init; }
}
