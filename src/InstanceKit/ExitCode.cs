namespace InstanceKit;

/// <summary>The exit codes of every target, as documented in the README.</summary>
public enum ExitCode
{
    /// <summary>Everything asked for was done, or was already so.</summary>
    Ok = 0,

    /// <summary>Something failed that has no code of its own.</summary>
    Failed = 1,

    /// <summary>The command line, a parameter or a file of the workspace could not be understood.</summary>
    Usage = 2,

    /// <summary>A program or service that is needed is missing, not running or too old.</summary>
    Prerequisite = 3,

    /// <summary>A port of the instance is taken by somebody else.</summary>
    PortTaken = 4,

    /// <summary>A service or app was not ready in time.</summary>
    NotReady = 5,

    /// <summary>Another command holds the instance.</summary>
    Locked = 6,

    /// <summary>
    /// <c>Exec</c> was given a program that is not there, as a shell says it. What <c>Exec</c> does run ends it with an exit
    /// code of its own, which may be any.
    /// </summary>
    CommandNotFound = 127,

    /// <summary>Ended by Ctrl-C (128 + SIGINT).</summary>
    Interrupted = 130,
}

/// <summary>A program or service that is needed is there, but gives no answer, or none that can be understood.</summary>
/// <remarks>It is not missing: whoever can do without one that is missing must not take this for it.</remarks>
/// <param name="message">Which program at which address, and what came instead of an answer.</param>
/// <param name="remedy">What the person can do next.</param>
/// <param name="innerException">The technical cause.</param>
public sealed class NoAnswerException(string message, string remedy, Exception? innerException = null)
    : InstanceKitException(ExitCode.Prerequisite, message, remedy, innerException);
