using BlackBox;
using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>The sample with images that no registry has given.</summary>
public sealed class LocalImagesTests : IAsyncDisposable
{
    private StudioWorkspace? _workspace;

    [Fact]
    public async Task The_sample_is_pointed_at_images_that_are_there_once_and_for_all()
    {
        var workspace = _workspace = await StudioWorkspace.CreateAsync();
        workspace.Write(".env", "# of a person\nREDIS_IMAGE=elsewhere/redis:7\nGREETING='hello there'\n");

        var first = (await workspace.RunAsync("LocalImages", "--json")).Expect(0);
        var second = (await workspace.RunAsync("LocalImages")).Expect(0);

        Assert.True((bool)first.Json["written"]!);
        Assert.StartsWith(
            "# of a person\nREDIS_IMAGE=shipsec-build.local/redis:1\nGREETING='hello there'\n",
            await File.ReadAllTextAsync(workspace.PathOf(".env"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("already exist", second.Output, StringComparison.Ordinal);
        Assert.Contains("already selects them", second.Output, StringComparison.Ordinal);

        var images = (await TestEngine.RunAsync(
            "compose", "--project-directory", workspace.Folder, "-f", workspace.PathOf("docker/docker-compose.infra.yml"), "config",
            "--images")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(9, images.Length);
        Assert.All(images, i => Assert.StartsWith("shipsec-build.local/", i, StringComparison.Ordinal));
        foreach (var image in images)
            await TestEngine.RunAsync("image", "inspect", "--format", "{{.Id}}", image);
    }

    [Fact]
    public async Task Without_Debian_packages_the_reason_and_another_way_are_told_and_nothing_is_written()
    {
        var workspace = _workspace = await StudioWorkspace.CreateAsync();
        var root = CopyRecipe(workspace.Root);
        using var bare = ProgramFolder.Without("apt-get");
        workspace.Environment["PATH"] = bare.SearchPath;
        workspace.Environment["XDG_CACHE_HOME"] = Path.Combine(workspace.Root, "cache");
        workspace.Write(".env", "");

        var result = await workspace.RunAsync("LocalImages", "--root", root);

        result.Expect(3).ExpectError("apt-get", "--infra embedded");
        Assert.Empty(await File.ReadAllTextAsync(workspace.PathOf(".env"), TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        if (_workspace is not null)
            await _workspace.DisposeAsync();
    }

    /// <summary>A repository with a recipe for images that nobody has made.</summary>
    private static string CopyRecipe(string folder)
    {
        var root = Path.Combine(folder, "repository");
        foreach (var name in new[] { ".nuke/parameters.json", "ShipSec.Build.sln" })
            Copy(Repository.PathOf(name), Path.Combine(root, name));
        var recipe = Repository.PathOf("samples", "images");
        foreach (var file in Directory.EnumerateFiles(recipe, "*", SearchOption.AllDirectories))
            Copy(file, Path.Combine(root, "samples", "images", Path.GetRelativePath(recipe, file)));
        File.AppendAllText(Path.Combine(root, "samples", "images", "packages"), "hello\n");
        return root;
    }

    private static void Copy(string source, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(source, target);
    }
}
