using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace InstanceKit.IntegrationTests.Support;

/// <summary>The engine's API at the socket that the docker command uses: a question takes a tenth of a start of that command.</summary>
/// <param name="address">The command's endpoint, <c>unix:///var/run/docker.sock</c>.</param>
internal sealed class EngineSocket(string address) : IDisposable
{
    /// <summary>How addresses begin at which the engine can be asked this way.</summary>
    public const string Scheme = "unix://";

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(address[Scheme.Length..]), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri("http://engine"),
        Timeout = TimeSpan.FromSeconds(60),
    };

    /// <inheritdoc />
    public void Dispose() => _client.Dispose();

    /// <summary>What is at a path of the API; <see langword="null"/> where nothing is, or no more.</summary>
    public async Task<JsonNode?> GetAsync(string path)
    {
        using var answer = await _client.GetAsync(path);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return null;
        answer.EnsureSuccessStatusCode();
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Removes what is at a path, if the engine agrees.</summary>
    public async Task RemoveAsync(string path)
    {
        using var answer = await _client.DeleteAsync(path);
    }
}
