using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using InstanceKit.Models;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.IntegrationTests.Support;

/// <summary>
/// Proves that what answers on an instance's ports is that instance's container or process, and that its apps are
/// connected to its own servers: by the identifiers that the servers draw themselves.
/// </summary>
internal sealed class IdentityProof(StudioWorkspace workspace, TestInstance instance)
{
    /// <summary>Fails the test where anything answers that belongs to somebody else.</summary>
    public async Task HoldsAsync()
    {
        var containers = (await instance.ContainersAsync()).ToDictionary(c => c.Service);
        await StandInsAnswerAsync(containers.Values);
        await AppsListenAsync();
        var backend = await workspace.GetAsync(instance.BackendPort, "/whoami");
        await BackendIsConnectedAsync(backend, containers);
        var frontend = await workspace.GetAsync(instance.FrontendPort, "/whoami");
        Assert.Equal($"http://localhost:{instance.BackendPort}", (string?)frontend["apiUrl"]);
        Assert.Equal((instance.Number, instance.FrontendPort), ((int)frontend["instance"]!, (int)frontend["port"]!));
    }

    private async Task StandInsAnswerAsync(IEnumerable<EngineContainer> containers)
    {
        var asked = 0;
        foreach (var container in containers.Where(c => c.Service is not ("postgres" or "redis")))
        {
            foreach (var binding in container.Bindings)
            {
                var answer = await FirstAnswerAsync(binding.Port, container.Service);
                Assert.Equal((container.Service, container.HostName, binding.Target),
                    ((string?)answer["service"], (string?)answer["hostname"], (int)answer["port"]!));
                asked++;
            }
        }

        Assert.Equal(8, asked); // temporal, its UI, minio twice, loki, redpanda twice, its console
    }

    /// <summary>A service without a health check is ready as soon as it runs, a moment before it listens.</summary>
    private async Task<JsonNode> FirstAnswerAsync(int port, string service)
    {
        JsonNode? answer = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    answer = await workspace.GetAsync(port, "/whoami");
                    return true;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            $"{service} answers on {port}", 30);
        return answer!;
    }

    private async Task BackendIsConnectedAsync(JsonNode backend, Dictionary<string, EngineContainer> containers)
    {
        var postgres = await TestEngine.RunAsync(
            "exec", containers["postgres"].Id, "psql", "-U", "shipsec", "-tAc", "SELECT system_identifier FROM pg_control_system()");
        Assert.Equal(postgres.Trim(), (string?)backend["database"]!["systemIdentifier"]);
        Assert.Contains($":{instance.Port(5433)}/", (string?)backend["database"]!["url"], StringComparison.Ordinal);

        var redis = RunIdIn(await TestEngine.RunAsync("exec", containers["redis"].Id, "redis-cli", "info", "server"));
        Assert.Equal(redis, (string?)backend["redis"]!["runId"]);
        Assert.Equal(redis, RunIdIn(await AskRedisAsync(instance.Port(6379))));

        var broker = JsonNode.Parse(await TestEngine.RunAsync(
            "exec", containers["redpanda"].Id, "curl", "--silent", "http://localhost:9092/whoami"))!;
        Assert.Equal((string?)broker["dataId"], (string?)backend["kafka"]!["clusterId"]);
        Assert.Equal([$"localhost:{instance.Port(9092)}"], Strings(backend["kafka"]!["bootstrap"]));
        Assert.Equal([$"localhost:{instance.Port(9092)}"], Strings(backend["kafka"]!["brokers"]));
    }

    private async Task AppsListenAsync()
    {
        var tree = ProcessTree.Snapshot();
        foreach (var (app, port) in new[] { ("backend", instance.BackendPort), ("frontend", instance.FrontendPort) })
        {
            var process = await instance.ProcessAsync(app);
            var listener = Assert.Single(ListeningSockets.Snapshot([port]));
            var answering = (int)(await workspace.GetAsync(port, "/whoami"))["pid"]!;
            Assert.Equal(listener.Pid, answering);
            Assert.True(tree.IsWithin(answering, process.Pid!.Value), $"{app}: {answering} is not of PM2's {process.Pid}");
        }
    }

    private static IEnumerable<string> Strings(JsonNode? list) => list!.AsArray().Select(v => (string)v!);

    private static string RunIdIn(string info) =>
        info.Split('\n').Single(l => l.StartsWith("run_id:", StringComparison.Ordinal)).Trim()["run_id:".Length..];

    private static async Task<string> AskRedisAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("INFO server\r\nQUIT\r\n"));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
