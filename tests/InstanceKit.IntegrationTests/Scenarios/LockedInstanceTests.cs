using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>One command at a time changes an instance.</summary>
public sealed class LockedInstanceTests : Scenario
{
    [Fact]
    public async Task A_second_command_is_refused_with_the_name_of_the_holder_and_others_go_on()
    {
        var workspace = await CreateWorkspaceAsync(new TinyStack { Backend = TinyStack.Holding });
        var (held, free) = (workspace.TakeInstance(), workspace.TakeInstance());
        await using var holder = await workspace.StartAsync("Up", "--instance", $"{held.Number}", "--json");
        await held.AppsRunAsync();

        foreach (var verb in new[] { "Up", "Down", "Clean", "InitInstance" })
        {
            var refused = await workspace.RunJsonAsync(6, verb, held);
            Assert.Contains($"'Up' (process {holder.Pid}", refused.ErrorOf(held), StringComparison.Ordinal);
        }

        (await workspace.RunAsync("Status", "--instance", $"{held.Number}")).Expect(0);
        (await workspace.RunAsync("Logs", "--instance", $"{held.Number}", "--tail", "1")).Expect(0);
        workspace.LetGo(free);
        Assert.Equal("done", (await workspace.RunJsonAsync(0, "Up", free)).OutcomeOf(free));
        Assert.True(holder.IsRunning);

        workspace.LetGo(held);
        Assert.Equal("done", (await holder.EndAsync(60)).Expect(0).OutcomeOf(held));
        Assert.Equal("unchanged", (await workspace.RunJsonAsync(0, "Up", held)).OutcomeOf(held));
    }

    [Fact]
    public async Task The_lock_of_a_killed_command_does_not_stay()
    {
        var workspace = await CreateWorkspaceAsync(new TinyStack { Backend = TinyStack.Holding });
        var instance = workspace.TakeInstance();
        await using var killed = await workspace.StartAsync("Up", "--instance", $"{instance.Number}");
        await instance.AppsRunAsync();

        await killed.KillAsync();
        await killed.EndAsync(30);

        await workspace.RunJsonAsync(0, "Down", instance);
    }
}
