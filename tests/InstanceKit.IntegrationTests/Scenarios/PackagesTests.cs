using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>Up installs the workspace's Node packages when they are missing.</summary>
public sealed class PackagesTests : Scenario
{
    // A package in a folder of the workspace: npm asks no registry for it.
    private const string Package = """
        { "name": "tiny", "version": "1.0.0", "private": true, "devDependencies": { "marker": "file:marker" } }
        """;

    private const string Lock = """
        {
          "name": "tiny", "version": "1.0.0", "lockfileVersion": 3, "requires": true,
          "packages": {
            "": { "name": "tiny", "version": "1.0.0", "devDependencies": { "marker": "file:marker" } },
            "marker": { "version": "1.0.0", "dev": true },
            "node_modules/marker": { "resolved": "marker", "link": true }
          }
        }
        """;

    [Fact]
    public async Task They_are_installed_once_and_wholly_even_in_a_shell_meant_for_production()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        workspace.Write("package.json", Package);
        workspace.Write("package-lock.json", Lock);
        workspace.Write("marker/package.json", """{ "name": "marker", "version": "1.0.0" }""");
        workspace.Environment["NODE_ENV"] = "production";

        var up = await workspace.RunJsonAsync(0, "Up", instance);

        Assert.Single(up.OperationsOf(instance), o => o.StartsWith("installPackages", StringComparison.Ordinal));
        Assert.True(File.Exists(workspace.PathOf("node_modules/marker/package.json")), workspace.Transcript);
        Assert.Equal("unchanged", (await workspace.RunJsonAsync(0, "Up", instance)).OutcomeOf(instance));
    }
}
