namespace InstanceKit;

/// <summary>The one exception that is meant for people: what could not be done, why, and what to do next.</summary>
/// <remarks>Everything else that escapes the library is a defect of the library.</remarks>
public class InstanceKitException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="exitCode">The documented exit code that the process ends with.</param>
    /// <param name="message">What could not be done and why, naming the input; one or more complete lines.</param>
    /// <param name="remedy">What the person can do next; <see langword="null"/> when the message already says it.</param>
    /// <param name="innerException">The technical cause, shown only with <c>--verbosity verbose</c>.</param>
    public InstanceKitException(ExitCode exitCode, string message, string? remedy = null, Exception? innerException = null)
        : base(message, innerException)
    {
        ExitCode = exitCode;
        Remedy = remedy;
    }

    /// <summary>The documented exit code that the process ends with.</summary>
    public ExitCode ExitCode { get; }

    /// <summary>What the person can do next, or <see langword="null"/>.</summary>
    public string? Remedy { get; }

    /// <summary>Message and remedy as one line; <see langword="null"/> when the message has several.</summary>
    public string? OneLine =>
        Message.Contains('\n', StringComparison.Ordinal) ? null
        : Remedy is null ? Message
        : $"{Message}{(Message is [.., '.' or '?' or '!' or ':'] ? "" : ".")} {Remedy}";

    /// <summary>Bad input: exit code 2.</summary>
    public static InstanceKitException Usage(string message, string? remedy = null) =>
        new(ExitCode.Usage, message, remedy);
}
