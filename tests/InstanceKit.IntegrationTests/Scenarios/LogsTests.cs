using BlackBox;
using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>The logs of an instance's apps and containers, as one stream.</summary>
public sealed class LogsTests : Scenario
{
    [Fact]
    public async Task Following_shows_new_lines_of_apps_and_containers_each_behind_its_source_until_Ctrl_C()
    {
        var (workspace, instance) = await CreateUpAsync();
        await using var logs = await workspace.StartAsync("Logs", "--instance", $"{instance.Number}", "--follow", "--tail", "0");
        await SeesAsync(logs, l => l.StartsWith("worker", StringComparison.Ordinal) && l.Contains("| round ", StringComparison.Ordinal));

        await TinyWorkspace.AskAsync(instance.BackendPort);
        await SeesAsync(logs, l => l.StartsWith("backend", StringComparison.Ordinal) && l.Contains("| asked for /", StringComparison.Ordinal));
        var redis = Assert.Single(await instance.ContainersAsync(), c => c.Service == "redis");
        await TestEngine.RunAsync("exec", redis.Id, "redis-cli", "bgsave");
        await SeesAsync(logs, l => l.StartsWith("redis", StringComparison.Ordinal) && l.Contains("Background saving", StringComparison.Ordinal));

        await logs.InterruptAsync();

        (await logs.EndAsync(30)).Expect(0);
        Assert.Equal(3, (await instance.ProcessesAsync()).Count);
    }

    [Fact]
    public async Task Several_instances_are_told_apart_and_following_goes_on_through_a_restart_and_a_later_start()
    {
        var (workspace, instance) = await CreateUpAsync();
        var later = workspace.TakeInstance();
        (await workspace.RunAsync("InitInstance", "--instance", $"{later.Number}")).Expect(0);
        await using var logs = await workspace.StartAsync(
            "Logs", "--instance", $"{instance.Number},{later.Number}", "--follow", "--tail", "0", "--only", "redis,worker", "--grep", "Ready|round|begins");
        await SeesAsync(logs, l => l.StartsWith($"{instance.Number}/worker", StringComparison.Ordinal) && l.Contains("| round ", StringComparison.Ordinal));

        var redis = Assert.Single(await instance.ContainersAsync(), c => c.Service == "redis");
        await TestEngine.RunAsync("restart", "--time", "1", redis.Id);
        await SeesAsync(logs, l => l.StartsWith($"{instance.Number}/redis", StringComparison.Ordinal) && l.Contains("Ready to accept", StringComparison.Ordinal));
        await workspace.UpAsync(later);
        await SeesAsync(logs, l => l.StartsWith($"{later.Number}/redis", StringComparison.Ordinal) && l.Contains("Ready to accept", StringComparison.Ordinal));
        await SeesAsync(logs, l => l.StartsWith($"{later.Number}/worker", StringComparison.Ordinal));
        await logs.InterruptAsync();

        var lines = (await logs.EndAsync(30)).Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Single(lines, l => l.StartsWith($"{instance.Number}/redis", StringComparison.Ordinal) && l.Contains("Ready", StringComparison.Ordinal));
        Assert.Single(lines, l => l.StartsWith($"{later.Number}/redis", StringComparison.Ordinal) && l.Contains("Ready", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, l => !l.Contains("Ready", StringComparison.Ordinal) && !l.Contains("round", StringComparison.Ordinal)
            && !l.Contains("begins", StringComparison.Ordinal));

        var last = (await workspace.RunAsync("Logs", "--instance", "all", "--tail", "1", "--only", "worker")).Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(new[] { $"{instance.Number}/worker", $"{later.Number}/worker" }.Order(), last.Select(l => l.Split(' ')[0]).Order());
    }

    [Fact]
    public async Task Tail_Since_Until_Only_and_Grep_choose_lines()
    {
        var (workspace, instance) = await CreateUpAsync();
        await Eventually.HoldsAsync(
            async () => (await ReadAsync(workspace, instance, "--only", "worker")).Count > 12, "the worker has written some lines");

        Assert.Equal(3, (await ReadAsync(workspace, instance, "--only", "worker", "--tail", "3")).Count);
        Assert.Empty(await ReadAsync(workspace, instance, "--tail", "0"));

        var first = (await ReadAsync(workspace, instance, "--only", "worker"))[0];
        Assert.Equal("worker begins", (string)first["text"]!);
        var recent = await ReadAsync(workspace, instance, "--only", "worker", "--since", "1s");
        Assert.InRange(recent.Count, 1, 60);
        Assert.DoesNotContain(recent, l => (string)l["text"]! == "worker begins");

        var two = await ReadAsync(workspace, instance, "--only", "backend,redis");
        Assert.Equal(["backend", "redis"], two.Select(l => (string)l["source"]!).Distinct().Order());
        var all = await ReadAsync(workspace, instance);
        Assert.Equal(["backend", "frontend", "redis", "worker"], all.Select(l => (string)l["source"]!).Distinct().Order());
        Assert.Equal(all.Select(l => (DateTime)l["timestamp"]!).Order(), all.Select(l => (DateTime)l["timestamp"]!));

        var worker = await ReadAsync(workspace, instance, "--only", "worker");
        var middle = (DateTime)worker[5]["timestamp"]!;
        var moment = middle.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);

        var early = await ReadAsync(workspace, instance, "--only", "worker", "--until", moment, "--tail", "2");
        Assert.Equal(worker.Where(l => (DateTime)l["timestamp"]! <= middle).TakeLast(2).Select(l => (string)l["text"]!), early.Select(l => (string)l["text"]!));

        var found = await ReadAsync(workspace, instance, "--only", "worker", "--grep", "^round [12]$");
        Assert.Equal(["round 1", "round 2"], found.Select(l => (string)l["text"]!));

        (await workspace.RunAsync("Logs", "--instance", $"{instance.Number}", "--only", "nobody"))
            .Expect(2).ExpectError("'nobody'", "backend");
    }

    private async Task<(TinyWorkspace Workspace, TestInstance Instance)> CreateUpAsync()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        await workspace.UpAsync(instance);
        return (workspace, instance);
    }

    private static async Task<IReadOnlyList<System.Text.Json.Nodes.JsonNode>> ReadAsync(
        TestWorkspace workspace, TestInstance instance, params string[] options)
    {
        var result = (await workspace.RunAsync(["Logs", "--instance", $"{instance.Number}", "--json", .. options])).Expect(0);
        return result.Documents;
    }

    private static async Task SeesAsync(RunningBuild logs, Predicate<string> isWanted)
    {
        var line = await logs.Output.FindAsync(isWanted, TimeSpan.FromSeconds(30));
        Assert.True(line is not null, $"The line did not come:\n{logs.Output.Text}\n{logs.Errors.Text}");
    }
}
