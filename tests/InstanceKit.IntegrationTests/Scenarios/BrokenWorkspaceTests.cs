using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>Files of the workspace are broken or missing.</summary>
public sealed class BrokenWorkspaceTests : Scenario
{
    [Fact]
    public async Task A_broken_compose_file_is_told_in_Composes_words_and_nothing_is_written()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        foreach (var (verb, compose, words) in new[]
        {
            ("InitInstance", "services:\n  redis:\n    image: [unclosed\n", "docker-compose.infra.yml(4,1)"),
            ("Up", "services:\n  redis:\n    immage: redis\n", "immage"),
            ("InitInstance", "services:\n  redis:\n    image: redis\n    depends_on: [nobody]\n", "nobody"),
        })
        {
            workspace.Write("docker/docker-compose.infra.yml", compose);
            var error = (await workspace.RunJsonAsync(2, verb, instance)).ErrorOf(instance);
            Assert.Contains("docker/docker-compose.infra.yml", error, StringComparison.Ordinal);
            Assert.Contains(words, error, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(instance.Folder));
    }

    [Fact]
    public async Task A_missing_env_falls_back_to_its_example()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        File.Delete(workspace.PathOf("backend/.env"));
        workspace.Write("backend/.env.example", "GREETING=by example\nPORT=3211\n");

        var init = await workspace.RunJsonAsync(0, "InitInstance", instance);

        Assert.Contains(init.OperationsOf(instance), o => o.Contains("backend/.env.example", StringComparison.Ordinal));
        var text = await File.ReadAllTextAsync(instance.FileOf("backend.env"), Cancellation);
        Assert.StartsWith($"GREETING=by example\nPORT={instance.BackendPort}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_either_both_paths_are_named_and_nothing_is_written()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        File.Delete(workspace.PathOf("worker/.env"));

        var error = (await workspace.RunJsonAsync(2, "Up", instance)).ErrorOf(instance);

        Assert.Contains("worker/.env", error, StringComparison.Ordinal);
        Assert.Contains("worker/.env.example", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(instance.Folder));
        Assert.Empty(await instance.ContainersAsync());
    }

    [Fact]
    public async Task A_broken_PM2_file_is_told_with_its_line_and_nothing_starts()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        workspace.Write("pm2.config.cjs", "const a = 1;\nmodule.exports = { apps: [");

        var error = (await workspace.RunJsonAsync(2, "Up", instance)).ErrorOf(instance);

        Assert.Contains("pm2.config.cjs", error, StringComparison.Ordinal);
        Assert.Contains("line 2", error, StringComparison.Ordinal);
        Assert.Empty(await instance.ContainersAsync());
    }
}
