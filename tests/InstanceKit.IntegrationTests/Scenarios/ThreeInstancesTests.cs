using System.Text.Json.Nodes;
using InstanceKit.IntegrationTests.Support;
using InstanceKit.Platform;
using InstanceKit.Tests;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>Three instances at once, each whole and each by itself.</summary>
public sealed class ThreeInstancesTests(StudioFixture studio) : StudioScenario(studio)
{
    private static readonly string[] Services =
    [
        "loki", "minio", "minio-init", "postgres", "redis", "redpanda", "redpanda-console", "temporal", "temporal-ui",
    ];

    [Fact]
    public async Task Every_instance_is_ready_and_so_is_each_of_its_parts()
    {
        var status = (await Studio.Workspace.RunAsync("Status", "--instance", Studio.Numbers, "--json")).Expect(0);

        Assert.Equal(3, status.Json["instances"]!.AsArray().Count);
        foreach (var instance in Studio.All)
        {
            var entry = status.Of(instance);
            var parts = entry["components"]!.AsArray();
            Assert.Equal((instance.Project, true, true), ((string)entry["project"]!, (bool)entry["ready"]!, (bool)entry["initialized"]!));
            Assert.Equal(
                [.. Services, "backend", "frontend", "worker"],
                parts.OrderBy(p => (string)p!["kind"]! == "app").ThenBy(p => (string)p!["name"]!).Select(p => (string)p!["name"]!));
            Assert.All(parts, p => Assert.True((bool)p!["ready"]!, $"{p}"));
        }
    }

    [Fact]
    public async Task Ports_are_exactly_those_of_the_specification()
    {
        foreach (var instance in Studio.All)
        {
            var published = (await instance.ContainersAsync())
                .SelectMany(c => c.Bindings.Select(b => (c.Service, b.Target, b.Port))).Order();

            Assert.Equal(
                [
                    ("loki", 3100, instance.Port(3100)), ("minio", 9000, instance.Port(9000)),
                    ("minio", 9001, instance.Port(9001)), ("postgres", 5432, instance.Port(5433)),
                    ("redis", 6379, instance.Port(6379)), ("redpanda", 9092, instance.Port(9092)),
                    ("redpanda", 9644, instance.Port(9644)), ("redpanda-console", 8080, instance.Port(8082)),
                    ("temporal", 7233, instance.Port(7233)), ("temporal-ui", 8080, instance.Port(8081)),
                ],
                published);
        }
    }

    [Fact]
    public async Task What_Ports_prints_can_be_evaluated_by_a_shell()
    {
        var instance = Studio.B;
        var ports = (await Studio.Workspace.RunAsync("Ports", "--instance", $"{instance.Number}")).Expect(0);
        const string script = """
            eval "$1"
            echo $FRONTEND $BACKEND $TEMPORAL_CLIENT $TEMPORAL_UI $POSTGRES $MINIO_API $MINIO_CONSOLE $REDIS $LOKI $REDPANDA $REDPANDA_CONSOLE
            """;

        var shell = await ProcessRunner.ReadAsync(
            new ProcessSpec { Program = "sh", Arguments = ["-ec", script, "sh", ports.Output] }, "evaluate the ports",
            cancellation: TestContext.Current.CancellationToken);

        int[] table = [5173, 3211, 7233, 8081, 5433, 9000, 9001, 6379, 3100, 9092, 8082];
        Assert.Equal(string.Join(' ', table.Select(instance.Port)), shell.Trim());
    }

    [Fact]
    public async Task What_answers_on_the_ports_of_an_instance_is_its_own()
    {
        foreach (var instance in Studio.All)
            await new IdentityProof(Studio.Workspace, instance).HoldsAsync();
    }

    [Fact]
    public async Task Instances_talk_to_themselves_alone_by_the_kernel_s_tables()
    {
        var verified = (await Studio.Workspace.RunAsync("Verify", "--instance", Studio.Numbers, "--json")).Expect(0);

        foreach (var instance in Studio.All)
        {
            var entry = verified.Of(instance);
            Assert.Empty(entry["unread"]!.AsArray());
            Assert.Contains(entry["connections"]!.AsArray(), c => IsBetween(c!, "backend", "redis"));
        }

        static bool IsBetween(JsonNode connection, string client, string server) =>
            (string?)connection["client"]!["name"] == client && (string?)connection["server"]!["name"] == server;
    }

    [Fact]
    public async Task Nothing_is_published_beyond_this_machine()
    {
        foreach (var instance in Studio.All)
        {
            var addresses = (await instance.ContainersAsync()).SelectMany(c => c.Bindings).Select(b => b.Address);
            Assert.Equal(["127.0.0.1"], addresses.Distinct());
        }
    }

    [Fact]
    public async Task Whatever_the_engine_keeps_for_an_instance_says_so_in_its_name_and_labels()
    {
        foreach (var instance in Studio.All)
        {
            var containers = await instance.ContainersAsync();
            var volumes = await TestEngine.VolumesAsync(instance.Project);
            var networks = await TestEngine.NetworksAsync(instance.Project);

            Assert.Equal(Services, containers.Select(c => c.Service).Order());
            Assert.Equal(6, volumes.Count);
            Assert.Single(networks);
            var all = containers.Select(c => (c.Name, c.Labels))
                .Concat(volumes.Concat(networks).Select(r => (r.Name, r.Labels)));
            Assert.All(all, one =>
            {
                Assert.StartsWith(instance.Project, one.Name, StringComparison.Ordinal);
                Assert.Equal($"{instance.Number}", one.Labels["dev.instancekit.instance"]);
                Assert.Equal(Studio.Workspace.StackName, one.Labels["dev.instancekit.stack"]);
            });
        }
    }

    [Fact]
    public async Task A_row_written_in_one_is_in_no_other()
    {
        foreach (var instance in Studio.All)
            await Studio.Workspace.WriteNoteAsync(instance, $"only in {instance.Number}");

        foreach (var instance in Studio.All)
        {
            var notes = await Studio.Workspace.ReadNotesAsync(instance);
            Assert.Contains($"only in {instance.Number}", notes);
            Assert.All(Studio.All.Where(i => i != instance), other => Assert.DoesNotContain($"only in {other.Number}", notes));
        }
    }

    [Fact]
    public async Task The_worker_of_an_instance_processes_its_own_rows()
    {
        var (workspace, instance) = (Studio.Workspace, Studio.C);
        await workspace.WriteNoteAsync(instance, "for the worker");

        await Eventually.HoldsAsync(
            async () => await ProcessedByAsync() is not null, "the worker has processed the note");

        Assert.Equal($"{workspace.StackName}-worker-{instance.Number}", await ProcessedByAsync());

        async Task<string?> ProcessedByAsync() =>
            (string?)(await workspace.GetAsync(instance.BackendPort, "/notes"))["notes"]!.AsArray()
                .First(n => (string)n!["text"]! == "for the worker")!["processedBy"];
    }
}
