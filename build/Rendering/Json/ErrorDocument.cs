using InstanceKit;

namespace Rendering.Json;

/// <summary>What <c>--json</c> prints of a command that failed before it could say anything else: the last line.</summary>
/// <param name="SchemaVersion">See <see cref="JsonOutput.SchemaVersion"/>.</param>
/// <param name="Event">Always <c>error</c>.</param>
/// <param name="Error">What went wrong.</param>
internal sealed record ErrorDocument(int SchemaVersion, string Event, ErrorEntry Error)
{
    /// <summary>The document of an error.</summary>
    public static ErrorDocument Of(InstanceKitException error) => new(JsonOutput.SchemaVersion, "error", ErrorEntry.Of(error));
}

/// <summary>What went wrong.</summary>
/// <param name="ExitCode">The process's exit code, or what it would be with this error alone.</param>
/// <param name="Kind">The exit code's name: <c>portTaken</c>.</param>
/// <param name="Message">What could not be done and why.</param>
/// <param name="Remedy">What can be done about it, or null.</param>
internal sealed record ErrorEntry(int ExitCode, ExitCode Kind, string Message, string? Remedy)
{
    /// <summary>The entry of an error.</summary>
    public static ErrorEntry Of(InstanceKitException error) =>
        new((int)error.ExitCode, error.ExitCode, error.Message, error.Remedy);
}
