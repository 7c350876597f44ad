namespace InstanceKit;

/// <summary>A program or service that is needed is there, but gives no answer, or none that can be understood.</summary>
/// <remarks>It is not missing: whoever can do without one that is missing must not take this for it.</remarks>
/// <param name="message">Which program at which address, and what came instead of an answer.</param>
/// <param name="remedy">What the person can do next.</param>
/// <param name="innerException">The technical cause.</param>
public sealed class NoAnswerException(string message, string remedy, Exception? innerException = null)
    : InstanceKitException(ExitCode.Prerequisite, message, remedy, innerException);
