using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>A person keeps settings of their own in <c>.env.local</c> beside an app.</summary>
public sealed class EnvLayersTests : Scenario
{
    [Fact]
    public async Task What_lies_beside_the_env_file_follows_the_instance_and_is_named_when_it_changes()
    {
        var workspace = await CreateWorkspaceAsync(new TinyStack());
        var instance = workspace.TakeInstance();
        workspace.Write("backend/.env.local", "CACHE_URL=redis://localhost:6379/2\nGREETING=bye\nMINE=1\n");

        await workspace.UpAsync(instance);

        var variables = (await TinyWorkspace.AskAsync(instance.BackendPort))["env"]!;
        Assert.Equal($"redis://localhost:{instance.Port(6379)}/2", (string?)variables["CACHE_URL"]);
        Assert.Equal("bye", (string?)variables["GREETING"]);
        Assert.Null(variables["MINE"]);

        workspace.Write("backend/.env.local", "CACHE_URL=redis://localhost:6379/3\n");
        var again = await workspace.RunJsonAsync(0, "InitInstance", instance);

        var change = Assert.Single(again.OperationsOf(instance));
        Assert.Contains("backend.env", change, StringComparison.Ordinal);
        Assert.Contains("backend/.env.local changed", change, StringComparison.Ordinal);
    }
}
