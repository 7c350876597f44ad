using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>A person edits an override so that two instances would take the same.</summary>
public sealed class NeighbourTests : Scenario
{
    [Fact]
    public async Task An_instance_that_would_take_what_another_has_is_not_started()
    {
        var workspace = await CreateWorkspaceAsync();
        var (one, two) = (workspace.TakeInstance(), workspace.TakeInstance());
        await workspace.RunJsonAsync(0, "InitInstance", one);
        await workspace.RunJsonAsync(0, "InitInstance", two);
        await EditAsync(two, $"127.0.0.1:{two.Port(6379)}:", $"127.0.0.1:{one.Port(6379)}:");

        var up = await workspace.RunJsonAsync(2, "Up", two);

        Assert.Contains($"Instance {two.Number} is not started; instance {one.Number} already uses:", up.ErrorOf(two), StringComparison.Ordinal);
        Assert.Contains($"port {one.Port(6379)}/tcp", up.ErrorOf(two), StringComparison.Ordinal);
        Assert.Contains($"Clean --instance {one.Number}", up.ErrorOf(two), StringComparison.Ordinal);
        Assert.Empty(await two.ContainersAsync());

        // The other one is not held responsible for it.
        Assert.Equal("unchanged", (await workspace.RunJsonAsync(0, "InitInstance", one)).OutcomeOf(one));
        await EditAsync(two, $"127.0.0.1:{one.Port(6379)}:", $"127.0.0.1:{two.Port(6379)}:");
        Assert.Equal("unchanged", (await workspace.RunJsonAsync(0, "InitInstance", two)).OutcomeOf(two));
    }

    [Fact]
    public async Task An_edit_that_meets_no_instance_is_only_noted()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        await workspace.RunJsonAsync(0, "InitInstance", instance);
        var free = instance.Port(6379) + 57;
        await EditAsync(instance, $"127.0.0.1:{instance.Port(6379)}:", $"127.0.0.1:{free}:");

        var init = await workspace.RunJsonAsync(0, "InitInstance", instance);

        Assert.Contains($"publishes port {free}, which does not belong to this instance", init.NotesOf(instance), StringComparison.Ordinal);
    }

    private static async Task EditAsync(TestInstance instance, string old, string text)
    {
        var file = instance.FileOf("docker-compose.override.yml");
        var before = await File.ReadAllTextAsync(file, Cancellation);
        Assert.Contains(old, before, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, before.Replace(old, text, StringComparison.Ordinal), Cancellation);
    }
}
