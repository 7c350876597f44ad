using System.Net;
using System.Text;
using System.Text.Json;

namespace InstanceKit.Engine;

/// <summary>Parses HTTP/1.0 responses (RFC 1945): a status line, headers, an empty line, the body.</summary>
public static class EngineAnswer
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
