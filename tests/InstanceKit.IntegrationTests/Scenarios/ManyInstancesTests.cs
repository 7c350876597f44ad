using BlackBox;
using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>Ten instances at once, each whole, all seen by one command.</summary>
public sealed class ManyInstancesTests : Scenario
{
    private const int Count = 10;
    private const double UpSeconds = 240;

    [Fact]
    public async Task Ten_instances_come_up_are_followed_by_one_command_and_go()
    {
        var workspace = Remember(await CrowdWorkspace.CreateAsync());
        var all = Enumerable.Range(0, Count).Select(_ => workspace.TakeInstance()).ToList();
        var numbers = string.Join(',', all.Select(i => i.Number));

        var up = (await workspace.RunAsync(new Dictionary<string, string?>(), UpSeconds, "Up", "--instance", numbers, "--json")).Expect(0);
        Assert.All(all, i => Assert.Equal("done", up.OutcomeOf(i)));
        // PM2 counts every start: an app that was started twice would have taken a number more.
        Assert.Equal(Enumerable.Range(0, Count), (await workspace.ProcessesAsync()).Select(p => p.PmId).Order());

        await AllAreFollowedAsync(workspace, all);

        var status = (await workspace.RunAsync("Status", "--instance", "all", "--json", "--require-ready")).Expect(0);
        Assert.All(all, i => Assert.True((bool)status.Of(i)["ready"]!));
        var down = (await workspace.RunAsync("Down", "--instance", "all", "--json")).Expect(0);
        Assert.All(all, i => Assert.Equal("done", down.OutcomeOf(i)));
        (await workspace.RunAsync("Clean", "--instance", "all", "--yes")).Expect(0);
        Assert.Empty(await workspace.ProcessesAsync());
        Assert.All(all, i => Assert.False(Directory.Exists(i.Folder)));
    }

    private static async Task AllAreFollowedAsync(CrowdWorkspace workspace, IReadOnlyList<TestInstance> all)
    {
        await using var logs = await workspace.StartAsync("Logs", "--instance", "all", "--follow");
        foreach (var instance in all)
        {
            await SeesAsync(logs, $"{instance.Number}/worker", "worker begins", 1);
            await SeesAsync(logs, $"{instance.Number}/redis", "Ready to accept connections", 1);
        }

        var restarted = all[Count / 2];
        (await workspace.RunAsync("Restart", "--instance", $"{restarted.Number}")).Expect(0);
        await SeesAsync(logs, $"{restarted.Number}/worker", "worker begins", 2);
        await SeesAsync(logs, $"{restarted.Number}/redis", "Ready to accept connections", 2);
        foreach (var instance in all)
            await CrowdWorkspace.SpeakAsync(instance);
        foreach (var instance in all)
        {
            await SeesAsync(logs, $"{instance.Number}/worker", "said when told", 1);
            await SeesAsync(logs, $"{instance.Number}/redis", "Background saving started", 1);
        }

        await logs.InterruptAsync();

        (await logs.EndAsync(30)).Expect(0);
        foreach (var instance in all)
        {
            var runs = instance == restarted ? 2 : 1;
            Assert.Equal(runs, CountOf(logs, $"{instance.Number}/worker", "worker begins"));
            Assert.Equal(runs, CountOf(logs, $"{instance.Number}/redis", "Ready to accept connections"));
            Assert.Equal(1, CountOf(logs, $"{instance.Number}/worker", "said when told"));
            Assert.Equal(1, CountOf(logs, $"{instance.Number}/redis", "Background saving started"));
        }
    }

    private static int CountOf(RunningBuild logs, string source, string text) =>
        logs.Output.Text.Split('\n').Count(l => l.StartsWith(source + " ", StringComparison.Ordinal) && l.Contains(text, StringComparison.Ordinal));

    private static Task SeesAsync(RunningBuild logs, string source, string text, int times) => Eventually.HoldsAsync(
        () => CountOf(logs, source, text) >= times, $"{source} says '{text}' {times} times", 30);
}
