using InstanceKit.IntegrationTests.Support;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>The files of an instance, as the user and git see them.</summary>
public sealed class GeneratedFilesTests : Scenario
{
    [Fact]
    public async Task Files_with_settings_are_for_their_owner_alone_and_git_sees_none_of_them()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        workspace.Write(".gitignore", "node_modules/\n");
        await GitAsync(workspace, "init", "--quiet");
        await GitAsync(workspace, "add", "--all");
        await GitAsync(workspace, "-c", "user.name=t", "-c", "user.email=t@localhost", "commit", "--quiet", "--message", "all");

        await workspace.UpAsync(instance);
        (await workspace.RunAsync("UseInstance", "--instance", $"{instance.Number}")).Expect(0);

        Assert.Equal("", await GitAsync(workspace, "status", "--porcelain", "--untracked-files=all"));
        Assert.Equal("node_modules/\n", await File.ReadAllTextAsync(workspace.PathOf(".gitignore"), Cancellation));
        var exclude = await File.ReadAllLinesAsync(workspace.PathOf(".git/info/exclude"), Cancellation);
        Assert.Single(exclude, ".instances/");
        string[] names = ["backend.env", "docker-compose.override.yml", "ecosystem.json", "frontend.env", "instance.json", "worker.env"];
        Assert.Equal(names, Directory.GetFiles(instance.Folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        Assert.All(
            names.Where(n => n.EndsWith(".env", StringComparison.Ordinal) || n == "ecosystem.json"),
            n => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, ModeOf(instance.FileOf(n))));

        await workspace.RunJsonAsync(0, "InitInstance", instance, "--force");
        Assert.Single(await File.ReadAllLinesAsync(workspace.PathOf(".git/info/exclude"), Cancellation), ".instances/");
    }

    [Fact]
    public async Task A_workspace_outside_git_is_no_problem()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();

        await workspace.RunJsonAsync(0, "InitInstance", instance);

        Assert.False(Directory.Exists(workspace.PathOf(".git")));
    }

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows()
        ? UnixFileMode.None // never: these tests skip there
        : File.GetUnixFileMode(path);

    private static Task<string> GitAsync(TestWorkspace workspace, params string[] arguments) => ProcessRunner.ReadAsync(
        new ProcessSpec { Program = "git", Arguments = arguments, WorkingDirectory = workspace.Folder }, $"run git {arguments[0]}");
}
