using BlackBox;
using Xunit;

namespace InstanceKit.IntegrationTests.Scripts;

/// <summary>build.ps1 makes the program where nobody has: in a copy of the repository's own sources.</summary>
public sealed class PowerShellCompileTests : IDisposable
{
    private const string Compiling = "compiling (engine: Bundled)";
    private readonly string _root = Directory.CreateTempSubdirectory("ik-copy ").FullName;

    private string Script => Path.Combine(_root, "build.ps1");

    [Fact]
    public async Task It_compiles_once_for_two_that_start_at_once_and_not_again_and_shows_what_does_not_compile()
    {
        CopySources();

        var both = await Task.WhenAll(RunAsync("Test", "--plan"), RunAsync("Test", "--plan"));
        Assert.All(both, r => Assert.StartsWith("1. Restore", r.Expect(0).Output, StringComparison.Ordinal));
        Assert.Single(both, r => r.Errors.Contains(Compiling, StringComparison.Ordinal));

        var broken = Path.Combine(_root, "build", "Build.cs");
        var text = await File.ReadAllTextAsync(broken, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(broken, "this is no C#", TestContext.Current.CancellationToken);
        (await RunAsync("--help")).Expect(1).ExpectError(Compiling, "Build.cs(1", "does not compile; its errors are above");

        await File.WriteAllTextAsync(broken, text, TestContext.Current.CancellationToken);
        Assert.Empty((await RunAsync("--help")).Expect(0).Errors);
        Assert.Empty(Directory.GetDirectories(Path.Combine(_root, "build", "bin", "boot"), "next.*"));
    }

    [Fact]
    public async Task Without_an_SDK_and_without_a_network_it_says_what_to_install()
    {
        CopySources();
        var bare = Directory.CreateDirectory(Path.Combine(_root, "bin")).FullName;

        var result = await PowerShell.RunAsync(Script, _root, ["--help"], new Dictionary<string, string>
        {
            ["PATH"] = bare,
            ["https_proxy"] = "http://127.0.0.1:1",
            ["BuildEngine"] = "Bundled",
        });

        result.Expect(3).ExpectError(".NET SDK of global.json", "https://dotnet.microsoft.com/download");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private Task<BuildResult> RunAsync(params string[] words) =>
        PowerShell.RunAsync(Script, _root, words, new Dictionary<string, string> { ["BuildEngine"] = "Bundled" });

    private void CopySources()
    {
        foreach (var file in new[] { "build.ps1", "global.json", "ShipSec.Build.sln", ".editorconfig" })
            Copy(file);
        foreach (var file in Directory.GetFiles(Repository.Root, "Directory.*"))
            Copy(Path.GetFileName(file));
        foreach (var folder in new[] { ".nuke/parameters.json", ".nuke/build.schema.json" })
            Copy(folder);
        CopyFolder("build");
        CopyFolder("src");
    }

    private void CopyFolder(string folder)
    {
        foreach (var file in Directory.GetFiles(Repository.PathOf(folder)))
            Copy(Path.Combine(folder, Path.GetFileName(file)));
        foreach (var child in Directory.GetDirectories(Repository.PathOf(folder)).Select(d => Path.GetFileName(d)!))
        {
            if (child is not ("bin" or "obj"))
                CopyFolder(Path.Combine(folder, child));
        }
    }

    private void Copy(string name)
    {
        var copy = Path.Combine(_root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        File.Copy(Repository.PathOf(name), copy);
    }
}
