using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary><c>--dry-run</c> shows what would be done and why, and touches nothing.</summary>
public sealed class DryRunTests : Scenario
{
    [Fact]
    public async Task Every_verb_plans_and_touches_nothing_whether_the_instance_exists_or_not()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        var project = instance.Project;

        var init = await PlanAsync(workspace, instance, "InitInstance");
        Assert.Contains($"writeFile .instances/instance-{instance.Number}/backend.env: does not exist (from backend/.env)", init);
        var up = await PlanAsync(workspace, instance, "Up");
        Assert.Contains("startService redis: no container", up);
        Assert.Contains($"startApp {instance.ProcessName("worker")}: no process", up);
        Assert.Single(up, o => o.Contains("worker.env", StringComparison.Ordinal));
        Assert.False(Directory.Exists(workspace.PathOf(".instances")));
        foreach (var verb in new[] { "Down", "Clean" })
            Assert.Empty(await PlanAsync(workspace, instance, verb, "unchanged"));

        await workspace.UpAsync(instance);
        Assert.Empty(await PlanAsync(workspace, instance, "Up", "unchanged"));
        var down = await PlanAsync(workspace, instance, "Down");
        Assert.Contains($"removeApp {instance.ProcessName("backend")}: online", down);
        Assert.Contains($"removeContainer {project}-redis-1: running", down);
        Assert.DoesNotContain(down, o => o.StartsWith("removeVolume", StringComparison.Ordinal));
        var clean = await PlanAsync(workspace, instance, "Clean");
        Assert.Contains($"removeVolume {project}_redis_data: data of the instance", clean);
        Assert.Contains(clean, o => o.StartsWith($"deleteFiles .instances/instance-{instance.Number}", StringComparison.Ordinal));

        var text = (await workspace.RunAsync("Clean", "--instance", $"{instance.Number}", "--dry-run")).Expect(0);
        Assert.Contains($"{project}_redis_data", text.Output, StringComparison.Ordinal);
        Assert.Contains("data of the instance", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_edit_would_lead_to_is_planned_too()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        await workspace.UpAsync(instance);
        await File.AppendAllTextAsync(instance.FileOf("backend.env"), "MINE=1\n", Cancellation);

        var up = await PlanAsync(workspace, instance, "Up");
        var init = await PlanAsync(workspace, instance, "InitInstance", "planned", "--force");

        Assert.Contains($"restartApp {instance.ProcessName("backend")}: its configuration changed", up);
        Assert.Contains(init, o => o.Contains("backend.env", StringComparison.Ordinal) && o.Contains(".bak", StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyList<string>> PlanAsync(
        TestWorkspace workspace, TestInstance instance, string verb, string outcome = "planned", params string[] options)
    {
        var before = await MachineListing.OfAsync(workspace);
        var result = await workspace.RunJsonAsync(0, verb, instance, ["--dry-run", .. options]);
        Assert.Equal(outcome, result.OutcomeOf(instance));
        Assert.Equal(before, await MachineListing.OfAsync(workspace));
        return result.OperationsOf(instance);
    }
}
