namespace InstanceKit;

/// <summary>The exit codes of every target, as documented in the README.</summary>
public enum ExitCode
{
    /// <summary>The command succeeded, or there was nothing to do.</summary>
    Ok = 0,

    /// <summary>A failure without its own exit code.</summary>
    Failed = 1,

    /// <summary>The command line, a parameter or a file of the workspace is invalid.</summary>
    Usage = 2,

    /// <summary>A required program or service is missing, not running or too old.</summary>
    Prerequisite = 3,

    /// <summary>A port of the instance is in use.</summary>
    PortTaken = 4,

    /// <summary>A service or app was not ready in time, or an instance is connected to another one.</summary>
    NotReady = 5,

    /// <summary>Another command holds the instance.</summary>
    Locked = 6,

    /// <summary>
    /// The program of <c>Exec</c> was not found, as in a shell. A program that <c>Exec</c> runs determines the exit
    /// code, which may be any.
    /// </summary>
    CommandNotFound = 127,

    /// <summary>Interrupted by Ctrl-C (128 + SIGINT).</summary>
    Interrupted = 130,
}

/// <summary>A required program or service exists, but does not answer, or its answer is invalid.</summary>
/// <remarks>Not the same as a missing one: a fallback for a missing program must not apply.</remarks>
/// <param name="message">Which program at which address, and the actual response.</param>
/// <param name="remedy">What the user can do next.</param>
/// <param name="innerException">The technical cause.</param>
internal sealed class NoAnswerException(string message, string remedy, Exception? innerException = null)
    : InstanceKitException(ExitCode.Prerequisite, message, remedy, innerException);
