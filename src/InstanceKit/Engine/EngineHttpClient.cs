using System.Net;
using System.Text;

namespace InstanceKit.Engine;

/// <summary>Sends read-only requests to the Docker engine: one request per connection.</summary>
/// <remarks>
/// A client library costs a short command more than its questions: on two cores, describing nine containers at the start
/// of a process took 200 ms through Docker.DotNet and 70 through this one, of the 150 that <c>Status</c> may take.
/// HTTP/1.0 (RFC 1945) on purpose: its responses end with the connection and are never chunked.
/// </remarks>
/// <param name="limit">Breaks off every question.</param>
internal sealed class EngineHttpClient(EngineEndpoint endpoint, CancellationToken limit)
{
    private const int FirstBuffer = 32 * 1024;

    // Ten thousand containers take a third of it.
    private const int LongestAnswer = 64 * 1024 * 1024;

    /// <summary>The body of the response to a GET; <see langword="null"/> for 404.</summary>
    /// <param name="path">The path and query, such as <c>/containers/json?all=1</c>, escaped.</param>
    /// <exception cref="IOException">The engine refuses, with its own words, or speaks no HTTP.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">It does not listen.</exception>
    /// <exception cref="OperationCanceledException">The limit was reached.</exception>
    public byte[]? Get(string path)
    {
        var answer = Read(path);
        var (status, body) = EngineAnswer.Split(answer);
        return status switch
        {
            HttpStatusCode.OK => answer[body..],
            HttpStatusCode.NotFound => null,
            _ => throw new IOException(EngineAnswer.Describe(status, answer.AsSpan(body))),
        };
    }

    /// <summary>Opens a streaming response; the stream is positioned at its body.</summary>
    /// <param name="path">The path and query, escaped.</param>
    /// <exception cref="IOException">The engine refuses, or speaks no HTTP.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">It does not listen.</exception>
    public Stream Open(string path)
    {
        var stream = EngineSocketClient.Open(endpoint, limit);
        try
        {
            using var abort = limit.Register(stream.Dispose);
            Send(stream, path);
            var status = EngineAnswer.ReadHead(stream);
            return status == HttpStatusCode.OK ? stream : throw new IOException(EngineAnswer.Describe(status, ReadToEnd(stream)));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private byte[] Read(string path)
    {
        limit.ThrowIfCancellationRequested();
        using var stream = EngineSocketClient.Open(endpoint, limit);
        using var abort = limit.Register(stream.Dispose);
        try
        {
            Send(stream, path);
            return ReadToEnd(stream);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or System.Net.Sockets.SocketException)
        {
            limit.ThrowIfCancellationRequested();
            throw;
        }
    }

    private static void Send(Stream stream, string path) =>
        stream.Write(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.0\r\nHost: docker\r\n\r\n"));

    private static byte[] ReadToEnd(Stream stream)
    {
        var buffer = new byte[FirstBuffer];
        var length = 0;
        while (stream.Read(buffer, length, buffer.Length - length) is > 0 and var read)
        {
            length += read;
            if (length > LongestAnswer)
                throw new InvalidDataException($"the answer is longer than {LongestAnswer >> 20} MiB");
            if (length == buffer.Length)
                Array.Resize(ref buffer, length * 2);
        }

        return buffer[..length];
    }
}
