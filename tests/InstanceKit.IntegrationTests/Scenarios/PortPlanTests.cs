using System.Text.Json.Nodes;
using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>The ports of an instance over its life: recorded, explained, and planned afresh only on request.</summary>
public sealed class PortPlanTests : Scenario
{
    [Fact]
    public async Task A_recorded_port_never_shifts_until_it_is_repaired()
    {
        var workspace = await CreateWorkspaceAsync(TinyStack.With(Service("extra", 9200)));
        var instance = workspace.TakeInstance();
        await workspace.RunJsonAsync(0, "InitInstance", instance);
        var before = (await PlanAsync(workspace, instance))["EXTRA_9200"];
        var record = instance.FileOf("instance.json");
        var moved = before!.GetValue<int>() + 7;
        await File.WriteAllTextAsync(
            record, (await File.ReadAllTextAsync(record, Cancellation)).Replace($"\"port\": {before}", $"\"port\": {moved}", StringComparison.Ordinal),
            Cancellation);

        // Another service whose base comes first: it would take the place in a fresh plan.
        workspace.Write("docker/docker-compose.infra.yml", TinyStack.With(Service("extra", 9200) + Service("early", 9100)).Compose);
        await workspace.RunJsonAsync(0, "InitInstance", instance);
        Assert.Equal(moved, (await PlanAsync(workspace, instance))["EXTRA_9200"]!.GetValue<int>());

        var repair = await workspace.RunJsonAsync(0, "InitInstance", instance, "--repair");
        Assert.Contains($"Repair moved EXTRA_9200 {moved} → ", repair.NotesOf(instance), StringComparison.Ordinal);
        Assert.NotEqual(moved, (await PlanAsync(workspace, instance))["EXTRA_9200"]!.GetValue<int>());

        var again = await workspace.RunJsonAsync(0, "InitInstance", instance, "--repair");
        Assert.Contains("Repair changed nothing", again.NotesOf(instance), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_plan_of_an_instance_that_does_not_exist_is_explained()
    {
        var workspace = await CreateWorkspaceAsync(TinyStack.With(Service("extra", 9200)));

        var table = (await workspace.RunAsync("Ports", "--explain", "--instance", "2")).Expect(0).Output;

        Assert.Contains("not initialized: planned ports", table, StringComparison.Ordinal);
        Assert.Matches(@"EXTRA_9200 +9402 +9200 +service extra +9202 \+ 2 × 100; 9300 is MINIO_API of instance 3", table);
        Assert.False(Directory.Exists(workspace.PathOf(".instances")), "Ports --explain left .instances behind.");
    }

    private static async Task<JsonObject> PlanAsync(TestWorkspace workspace, TestInstance instance) =>
        (await workspace.RunJsonAsync(0, "Ports", instance)).Json["instances"]![0]!["ports"]!.AsObject();

    private static string Service(string name, int port) =>
        $"  {name}:\n    image: ${{REDIS_IMAGE}}\n    ports: [\"{port}:6379\"]\n";
}
