namespace InstanceKit;

/// <summary>The exception for errors to show to the user: what failed, why, and what to do next.</summary>
/// <remarks>Any other exception that escapes the library is a bug.</remarks>
public class InstanceKitException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="exitCode">The documented exit code of the process.</param>
    /// <param name="message">What failed and why, naming the input; one or more complete lines.</param>
    /// <param name="remedy">What the user can do next; <see langword="null"/> if the message contains it.</param>
    /// <param name="innerException">The technical cause, shown only with <c>--verbosity verbose</c>.</param>
    public InstanceKitException(ExitCode exitCode, string message, string? remedy = null, Exception? innerException = null)
        : base(message, innerException)
    {
        ExitCode = exitCode;
        Remedy = remedy;
    }

    /// <summary>The documented exit code of the process.</summary>
    public ExitCode ExitCode { get; }

    /// <summary>What the user can do next, or <see langword="null"/>.</summary>
    public string? Remedy { get; }

    /// <summary>Message and remedy as one line; <see langword="null"/> when the message has several.</summary>
    public string? OneLine =>
        Message.Contains('\n', StringComparison.Ordinal) ? null
        : Remedy is null ? Message
        : $"{Message}{(Message is [.., '.' or '?' or '!' or ':'] ? "" : ".")} {Remedy}";

    /// <summary>Bad input: exit code 2.</summary>
    public static InstanceKitException Usage(string message, string? remedy = null) =>
        new(ExitCode.Usage, message, remedy);

    /// <summary>A defect of this tool: exit code 1.</summary>
    public static InstanceKitException Internal(Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return new InstanceKitException(
            ExitCode.Failed, $"Internal error: {cause.Message} ({cause.GetType().Name}).",
            "Please report it with the output of the same command with --verbosity verbose.", cause);
    }
}
