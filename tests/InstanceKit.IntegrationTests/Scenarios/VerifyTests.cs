using System.Text.Json.Nodes;
using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>Whom instances talk to, by the kernel's tables.</summary>
public sealed class VerifyTests : Scenario
{
    /// <summary>A worker that keeps connections to the addresses in two variables.</summary>
    private const string Connecting = """
        const net = require('net');
        const connect = (address) => {
          const { hostname, port } = new URL(address);
          net.connect(port, hostname).on('error', () => {}).on('close', () => setTimeout(connect, 100, address));
        };
        for (const address of [process.env.CACHE_URL, process.env.PEER_URL]) if (address) connect(address);
        setInterval(() => {}, 1000);
        """;

    private static readonly TinyStack Stack = new() { Worker = Connecting };

    [Fact]
    public async Task An_app_that_talks_to_another_instance_is_caught_with_process_and_variable()
    {
        var workspace = await CreateWorkspaceAsync(Stack);
        var (wrong, right) = (workspace.TakeInstance(), workspace.TakeInstance());
        workspace.Write("worker/.env", "CACHE_URL=redis://localhost:6379\n");
        (await workspace.RunAsync("Up", "--instance", $"{wrong.Number},{right.Number}")).Expect(0);
        await ConnectsAsync(workspace, wrong, "worker", "redis");
        await ConnectsAsync(workspace, right, "worker", "redis");

        var clean = (await workspace.RunAsync("Verify", "--instance", "all")).Expect(0);
        Assert.DoesNotContain("another instance", clean.Output, StringComparison.Ordinal);

        await File.AppendAllTextAsync(wrong.FileOf("worker.env"), $"PEER_URL=http://localhost:{right.BackendPort}\n", Cancellation);
        var up = await workspace.RunJsonAsync(0, "Up", wrong);
        var pid = (await wrong.ProcessAsync("worker")).Pid;
        await Eventually.HoldsAsync(async () => (await workspace.RunJsonAsync(5, "Verify", wrong)).Of(wrong) is not null, "the worker has connected");

        var sentence = $"worker of instance {wrong.Number} (node, pid {pid}) is connected to backend of instance {right.Number}";
        foreach (var instance in new[] { wrong, right })
        {
            var found = (await workspace.RunAsync("Verify", "--instance", $"{instance.Number}")).Expect(5).Output;
            Assert.Contains(sentence, found, StringComparison.Ordinal);
            Assert.Contains("Its variable PEER_URL names that address.", found, StringComparison.Ordinal);
        }

        var crossTalk = Assert.Single((await workspace.RunJsonAsync(0, "Status", wrong)).Of(wrong)["crossTalk"]!.AsArray())!;
        Assert.Equal($"127.0.0.1:{right.BackendPort}", (string)crossTalk["server"]!["address"]!);
        var again = await workspace.RunJsonAsync(0, "Up", wrong);
        Assert.Contains($"Cross-talk: {sentence}", again.NotesOf(wrong), StringComparison.Ordinal);
        Assert.Equal("unchanged", again.OutcomeOf(wrong));
    }

    [Fact]
    public async Task A_container_that_talks_to_the_published_port_of_another_instance_is_caught()
    {
        var workspace = await CreateWorkspaceAsync();
        var (wrong, right) = (workspace.TakeInstance(), workspace.TakeInstance());
        workspace.Write("instancekit.yml", "name: " + workspace.StackName + "\nports:\n  bind: 0.0.0.0\n");
        workspace.Write("docker/docker-compose.infra.yml", TinyStack.Redis + $$"""
              prober:
                image: {{Requires.Image}}
                init: true
                environment: {UPSTREAM: "host.docker.internal:{{right.Port(6379)}}"}
                extra_hosts: ["host.docker.internal:host-gateway"]
                command: ["bash", "-c", "while :; do exec 3<>/dev/tcp/$${UPSTREAM/://} && read -r -u 3; sleep 0.2; done"]

            """ + TinyStack.Volumes);
        (await workspace.RunAsync("Up", "--instance", $"{wrong.Number},{right.Number}")).Expect(0);
        await ConnectsAsync(workspace, wrong, "prober", "redis");

        var entry = (await workspace.RunJsonAsync(5, "Verify", wrong)).Of(wrong);
        var crossTalk = Assert.Single(entry["connections"]!.AsArray(), c => (bool)c!["crossTalk"]!)!;

        Assert.Equal(("service", "prober", wrong.Number), ((string)crossTalk["client"]!["kind"]!, (string)crossTalk["client"]!["name"]!, (int)crossTalk["client"]!["instance"]!));
        Assert.Equal(("service", "redis", right.Number), ((string)crossTalk["server"]!["kind"]!, (string)crossTalk["server"]!["name"]!, (int)crossTalk["server"]!["instance"]!));
        Assert.Equal(["UPSTREAM"], crossTalk["variables"]!.AsArray().Select(v => (string)v!));
        Assert.Empty(entry["unread"]!.AsArray());
        await ConnectsAsync(workspace, right, "prober", "redis");
        (await workspace.RunAsync("Verify", "--instance", $"{right.Number}")).Expect(0);
    }

    private static Task ConnectsAsync(TestWorkspace workspace, TestInstance instance, string client, string server) => Eventually.HoldsAsync(
        async () => (await workspace.RunAsync("Verify", "--instance", $"{instance.Number}", "--json")).Of(instance)["connections"]!.AsArray()
            .Any(c => Name(c!["client"]) == client && Name(c["server"]) == server),
        $"{client} of {instance.Number} is connected to {server}", 60);

    private static string? Name(JsonNode? end) => (string?)end!["name"];
}
