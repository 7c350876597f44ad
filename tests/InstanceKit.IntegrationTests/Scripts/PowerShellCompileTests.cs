using BlackBox;
using Xunit;

namespace InstanceKit.IntegrationTests.Scripts;

/// <summary>
/// build.ps1 makes the program where nobody has: with the real SDK, of sources that only say what they were called with,
/// since the repository's own take long and are compiled with the same options by build.sh.
/// </summary>
public sealed class PowerShellCompileTests : IDisposable
{
    private const string Compiling = "compiling (engine: Bundled)";

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup>
        </Project>
        """;

    private const string Source = """System.Console.WriteLine($"called with {string.Join('|', args)}");""";

    private readonly string _root = Directory.CreateTempSubdirectory("ik-copy ").FullName;

    private string Script => Path.Combine(_root, "build.ps1");

    [Fact]
    public async Task It_compiles_once_for_two_that_start_at_once_and_not_again_and_shows_what_does_not_compile()
    {
        WriteSources();

        var both = await Task.WhenAll(RunAsync("Test", "a  b"), RunAsync("Test", "a  b"));
        Assert.All(both, r => Assert.Equal("called with Test|a  b", r.Expect(0).Output.Trim()));
        Assert.Single(both, r => r.Errors.Contains(Compiling, StringComparison.Ordinal));

        var broken = Path.Combine(_root, "build", "Build.cs");
        await File.WriteAllTextAsync(broken, "this is no C#", TestContext.Current.CancellationToken);
        (await RunAsync("--help")).Expect(1).ExpectError(Compiling, "Build.cs(1", "does not compile; see the errors above");

        await File.WriteAllTextAsync(broken, Source, TestContext.Current.CancellationToken);
        Assert.Empty((await RunAsync("--help")).Expect(0).Errors);
        Assert.Empty(Directory.GetDirectories(Path.Combine(_root, "build", "bin", "boot"), "next.*"));
    }

    [Fact]
    public async Task Without_an_SDK_and_without_a_network_it_says_what_to_install()
    {
        WriteSources();
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

    private void WriteSources()
    {
        foreach (var file in new[] { "build.ps1", "global.json" })
            File.Copy(Repository.PathOf(file), Path.Combine(_root, file));
        Write("Directory.Packages.props", "<Project><PropertyGroup><NukeVersion>1.0.0</NukeVersion></PropertyGroup></Project>");
        Write("build/_build.csproj", Project);
        Write("build/Build.cs", Source);
        Directory.CreateDirectory(Path.Combine(_root, "src"));
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, name))!);
        File.WriteAllText(Path.Combine(_root, name), text);
    }
}
