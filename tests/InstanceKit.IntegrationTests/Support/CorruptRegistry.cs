using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace InstanceKit.IntegrationTests.Support;

/// <summary>An npm registry on this machine that knows the packages of a lock file and sends something else for each.</summary>
internal sealed class CorruptRegistry : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly JsonObject _packages;
    private readonly Task _serving;

    /// <summary>Starts it.</summary>
    /// <param name="lockFile">The text of a <c>package-lock.json</c>.</param>
    public CorruptRegistry(string lockFile)
    {
        _packages = JsonNode.Parse(lockFile)!["packages"]!.AsObject();
        Url = $"http://127.0.0.1:{FreePort()}/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Its address.</summary>
    public string Url { get; }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return; // closed
            }

            var name = Uri.UnescapeDataString(context.Request.Url!.AbsolutePath).TrimStart('/');
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(AnswerTo(name)));
            context.Response.Close();
        }
    }

    private string AnswerTo(string name)
    {
        if (name.EndsWith(".tgz", StringComparison.Ordinal))
            return "this is no archive";
        var versions = new JsonObject();
        foreach (var (_, entry) in _packages.Where(p => p.Key.EndsWith("node_modules/" + name, StringComparison.Ordinal)))
        {
            var version = (string)entry!["version"]!;
            versions[version] = new JsonObject
            {
                ["name"] = name, ["version"] = version, ["dist"] = new JsonObject { ["tarball"] = $"{Url}{name}/-/{version}.tgz" },
            };
        }

        return new JsonObject { ["name"] = name, ["versions"] = versions, ["dist-tags"] = new JsonObject() }.ToJsonString();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
