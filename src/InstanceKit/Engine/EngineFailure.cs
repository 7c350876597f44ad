using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

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

/// <summary>Parses HTTP/1.0 responses (RFC 1945): a status line, headers, an empty line, the body.</summary>
internal static class EngineAnswer
{
    private const int LongestHead = 64 * 1024;

    private static ReadOnlySpan<byte> EndOfHead => "\r\n\r\n"u8;

    /// <summary>The status of a complete response, and the start of its body.</summary>
    /// <param name="answer">All that the engine sent.</param>
    /// <exception cref="InvalidDataException">It is not HTTP.</exception>
    public static (HttpStatusCode Status, int Body) Split(ReadOnlySpan<byte> answer)
    {
        if (answer.IsEmpty)
            throw new IOException("it closed the connection without a response");
        var end = answer.IndexOf(EndOfHead);
        return end < 0 ? throw NoHttp() : (StatusOf(answer), end + EndOfHead.Length);
    }

    /// <summary>Reads up to the body, byte by byte, so that the body stays in the stream.</summary>
    /// <exception cref="InvalidDataException">It is not HTTP.</exception>
    public static HttpStatusCode ReadHead(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var head = new List<byte>();
        for (var next = stream.ReadByte(); next >= 0 && head.Count < LongestHead; next = stream.ReadByte())
        {
            head.Add((byte)next);
            if (head.Count >= EndOfHead.Length && head[^1] == '\n' && head[^2] == '\r' && head[^3] == '\n' && head[^4] == '\r')
                return StatusOf(head.ToArray());
        }

        throw NoHttp();
    }

    /// <summary>The engine's own words on why it refuses.</summary>
    /// <param name="body">The body: JSON with a member <c>message</c>, or anything.</param>
    public static string Describe(HttpStatusCode status, ReadOnlySpan<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetString(body));
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("message", out var message) && message.GetString() is { } words)
                return $"{words} ({(int)status})";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not the engine's form: the status has to do.
        }

        return $"it responds with status {(int)status}";
    }

    // HTTP/1.0 200 OK
    private static HttpStatusCode StatusOf(ReadOnlySpan<byte> head)
    {
        const int version = 9, digits = 3;
        if (head.Length < version + digits || !head.StartsWith("HTTP/1."u8))
            throw NoHttp();
        var status = 0;
        foreach (var digit in head.Slice(version, digits))
            status = char.IsAsciiDigit((char)digit) ? (status * 10) + (digit - '0') : throw NoHttp();
        return (HttpStatusCode)status;
    }

    private static InvalidDataException NoHttp() => new("it does not speak HTTP");
}
