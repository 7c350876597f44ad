using System.Net.Sockets;

namespace InstanceKit.Engine;

/// <summary>The errors of an engine that does not answer, or not as an engine does.</summary>
internal static class EngineFailure
{
    /// <summary>Whether an exception means that there was no response.</summary>
    public static bool IsOfEngine(Exception e) => e is HttpRequestException or IOException or TimeoutException or SocketException
        or UnauthorizedAccessException or System.Security.Authentication.AuthenticationException or ObjectDisposedException
        or Docker.DotNet.DockerApiException || IsOfNonsense(e);

    /// <summary>The error to report.</summary>
    /// <param name="endpoint">Where it should answer.</param>
    /// <param name="cause">What came instead.</param>
    public static InstanceKitException Of(EngineEndpoint endpoint, Exception cause)
    {
        if (IsOfNonsense(cause))
        {
            return new NoAnswerException(
                $"The server at {endpoint} ({endpoint.Origin}) is not a Docker engine, or its response is invalid{(cause is InvalidDataException ? $": {cause.Message}" : "")}.",
                "Set DOCKER_HOST to the address of the Docker engine, or choose another context ('docker context ls' lists them).", cause);
        }

        var message = $"The Docker engine at {endpoint} does not answer: {Words(cause)}.";
        return IsAbsence(cause)
            ? new InstanceKitException(
                ExitCode.Prerequisite, message,
                "Start Docker (systemctl start docker, or Docker Desktop), or set DOCKER_HOST to its address.", cause)
            : new NoAnswerException(message, Remedy, cause);
    }

    /// <summary>The error for an engine that accepts and is silent.</summary>
    /// <param name="endpoint">Where it should answer.</param>
    /// <param name="limit">How long it was waited for.</param>
    public static NoAnswerException Silent(EngineEndpoint endpoint, TimeSpan limit) => new(
        $"The Docker engine at {endpoint} does not answer: no complete response within {limit.TotalSeconds:0} s.", Remedy);

    private const string Remedy =
        "It may be stopped, overloaded or broken: check it with 'docker version', restart it (systemctl restart docker, or Docker Desktop), "
        + "or set DOCKER_HOST to the address of another engine.";

    private static string Words(Exception cause) => (cause as SocketException ?? cause.InnerException as SocketException) switch
    {
        // .NET's error for a socket whose file does not exist.
        { SocketErrorCode: SocketError.AddressNotAvailable } when cause is SocketException => "the socket does not exist",
        { SocketErrorCode: SocketError.ConnectionReset } or { SocketErrorCode: SocketError.Shutdown } => "it closed the connection",
        _ => cause.Message.TrimEnd('.'),
    };

    private static bool IsOfNonsense(Exception e) => e is System.Text.Json.JsonException or InvalidDataException or InvalidOperationException
        and not ObjectDisposedException or KeyNotFoundException or FormatException or OverflowException or ArgumentException
        or NullReferenceException or IndexOutOfRangeException;

    // Nobody listens, or this user may not connect; a later disconnection is an IOException.
    private static bool IsAbsence(Exception cause) =>
        cause is SocketException { SocketErrorCode: not SocketError.TimedOut } or UnauthorizedAccessException
        || (cause is HttpRequestException { InnerException: { } inner } && IsAbsence(inner));
}
