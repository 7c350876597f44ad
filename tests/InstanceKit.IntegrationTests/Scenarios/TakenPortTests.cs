using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using BlackBox;
using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>Somebody else has a port of the instance.</summary>
public sealed class TakenPortTests : Scenario
{
    [Fact]
    public async Task A_process_that_has_a_port_is_named_and_nothing_starts()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        (string Address, int BasePort, string Name, string Owner)[] cases =
        [
            ("127.0.0.1", 3211, "BACKEND", "backend"), ("0.0.0.0", 6379, "REDIS", "redis"),
            .. Socket.OSSupportsIPv6 ? new[] { ("::1", 5173, "FRONTEND", "frontend"), ("::1", 6379, "REDIS", "redis") } : [],
        ];
        foreach (var (address, basePort, name, owner) in cases)
        {
            using var listener = new TcpListener(IPAddress.Parse(address), instance.Port(basePort));
            if (listener.Server.AddressFamily == AddressFamily.InterNetworkV6)
                listener.Server.DualMode = false;
            listener.Start();

            var error = await RefusedAsync(workspace, instance);

            Assert.Contains($"port {instance.Port(basePort)} ({name}, ", error, StringComparison.Ordinal);
            Assert.Contains(owner, error, StringComparison.Ordinal);
            using var self = Process.GetCurrentProcess();
            Assert.Contains($"({self.Id})", error, StringComparison.Ordinal);
            Assert.Empty(await instance.ContainersAsync());
            Assert.Empty(await instance.ProcessesAsync());
        }

        await workspace.UpAsync(instance);
    }

    [Fact]
    public async Task A_container_that_has_a_port_is_named_and_lives_on()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        var name = $"{workspace.StackName}-stranger";
        await TestEngine.RunAsync("network", "create", name); // some engines have no default one
        try
        {
            await TestEngine.RunAsync(
                "run", "--detach", "--name", name, "--network", name, "--init", "--publish", $"127.0.0.1:{instance.Port(6379)}:80",
                await ToolsImageAsync(), "sleep", "infinity");
            var error = await RefusedAsync(workspace, instance);

            Assert.Contains($"port {instance.Port(6379)} (REDIS, ", error, StringComparison.Ordinal);
            Assert.Contains($"container {name} (", error, StringComparison.Ordinal);
            Assert.Equal("running", (await TestEngine.RunAsync("inspect", "--format", "{{.State.Status}}", name)).Trim());
            Assert.Empty(await instance.ContainersAsync());
        }
        finally
        {
            await TestEngine.TryAsync("rm", "--force", name);
            await TestEngine.TryAsync("network", "rm", name);
        }
    }

    [Fact]
    public async Task A_port_that_is_taken_between_look_and_start_is_named_too()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        using var listener = new TcpListener(IPAddress.Loopback, instance.Port(6379));

        // Whatever looked before, the port is taken when Compose starts the container.
        using var late = ProgramFolder.With("docker", $"""
            case " $* " in *" up "*) touch "{workspace.PathOf("now")}"; until [ -e "{workspace.PathOf("taken")}" ]; do sleep 0.05; done ;; esac
            exec "{ProgramFolder.Find("docker")}" "$@"
            """);
        workspace.Environment["PATH"] = late.SearchPath;
        await using var up = await workspace.StartAsync("Up", "--instance", $"{instance.Number}", "--json");
        await Eventually.HoldsAsync(() => File.Exists(workspace.PathOf("now")), "Compose is about to start", 60);
        listener.Start();
        workspace.Write("taken", "");

        var result = (await up.EndAsync(BuildProgram.DefaultSeconds)).Expect(4);

        Assert.Contains($"port {instance.Port(6379)} (REDIS, ", result.ErrorOf(instance), StringComparison.Ordinal);
        listener.Stop();
        await workspace.UpAsync(instance);
        Assert.All(await instance.ContainersAsync(), c => Assert.Equal("running", c.State));
    }

    private static async Task<string> RefusedAsync(TestWorkspace workspace, TestInstance instance)
    {
        var result = await workspace.RunJsonAsync(4, "Up", instance);
        Assert.Equal("portTaken", (string)result.Of(instance)["error"]!["kind"]!);
        return result.ErrorOf(instance);
    }

    private static async Task<string> ToolsImageAsync() =>
        (await TestEngine.ImageVariablesAsync()).Split('\n').Single(l => l.StartsWith("TOOLS_IMAGE=", StringComparison.Ordinal)).Split('=')[1];
}
