using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>Several commands from several terminals at the same time.</summary>
public sealed class SideBySideTests : Scenario
{
    [Fact]
    public async Task Two_instances_come_up_from_two_terminals_while_a_third_follows_the_logs()
    {
        var workspace = await CreateWorkspaceAsync();
        var (one, two) = (workspace.TakeInstance(), workspace.TakeInstance());
        await workspace.UpAsync(one);
        await using var logs = await workspace.StartAsync("Logs", "--instance", $"{one.Number}", "--follow", "--tail", "1");
        Assert.NotNull(await logs.Output.FindAsync(l => l.StartsWith("worker", StringComparison.Ordinal), TimeSpan.FromSeconds(30)));
        await workspace.RunJsonAsync(0, "Down", one);

        await using var first = await workspace.StartAsync("Up", "--instance", $"{one.Number}", "--json");
        await using var second = await workspace.StartAsync("Up", "--instance", $"{two.Number}", "--json");
        var (upOne, upTwo) = (await first.EndAsync(90), await second.EndAsync(90));

        Assert.Equal("done", upOne.Expect(0).OutcomeOf(one));
        Assert.Equal("done", upTwo.Expect(0).OutcomeOf(two));
        foreach (var instance in new[] { one, two })
            Assert.Equal((await instance.ProcessAsync("backend")).Pid, (int)(await TinyWorkspace.AskAsync(instance.BackendPort))["pid"]!);
        Assert.True(logs.IsRunning);
        await logs.InterruptAsync();
        (await logs.EndAsync(30)).Expect(0);
    }

    [Fact]
    public async Task A_failure_of_one_of_two_does_not_stop_the_other()
    {
        var workspace = await CreateWorkspaceAsync();
        var (failing, sound) = (workspace.TakeInstance(), workspace.TakeInstance());
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, failing.BackendPort);
        listener.Start();

        var up = (await workspace.RunAsync("Up", "--instance", $"{failing.Number},{sound.Number}", "--json")).Expect(4);

        Assert.Equal("failed", up.OutcomeOf(failing));
        Assert.Equal("done", up.OutcomeOf(sound));
        Assert.NotNull(await TinyWorkspace.AskAsync(sound.BackendPort));
    }
}
