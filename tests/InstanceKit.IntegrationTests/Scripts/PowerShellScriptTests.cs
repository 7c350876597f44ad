using BlackBox;
using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scripts;

/// <summary>build.ps1 does what build.sh does.</summary>
public sealed class PowerShellScriptTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("else where ").FullName;

    private static string Script => Repository.PathOf("build.ps1");

    [Fact]
    public async Task What_one_script_has_compiled_the_other_runs_with_the_same_answer()
    {
        var other = (await new BuildProgram(_folder).RunAsync(["--help"])).Expect(0);

        var result = (await PowerShell.RunAsync(Script, _folder, ["--help"])).Expect(0);

        Assert.Equal(other.Output, result.Output);
        Assert.Empty(result.Errors);
    }

    [Fact]
    public async Task Every_word_reaches_the_program_as_it_was_typed()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "a file"), "", TestContext.Current.CancellationToken);

        var result = await PowerShell.RunAsync(Script, _folder, ["--tail", "a  b", "*", "it's \"so\"", "", "$HOME", "\\n", "end\\", "1,2"]);

        result.Expect(2).ExpectError("got 8: 'a  b' '*' 'it's \"so\"' '' $HOME \\n end\\ 1,2;");
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task A_list_typed_at_its_prompt_stays_one_word()
    {
        var result = await PowerShell.TypeAsync($"& '{Script}' --tail 1,2,5-7 'a b'", _folder);

        result.Expect(2).ExpectError("got 2: 1,2,5-7 'a b';");
    }

    [Fact]
    public async Task It_works_through_a_symbolic_link_and_passes_exit_codes_on()
    {
        var link = Path.Combine(_folder, "other.ps1");
        File.CreateSymbolicLink(link, Script);

        (await PowerShell.RunAsync(link, _folder, ["Nonsense"])).Expect(2).ExpectError("There is no target 'Nonsense'");
        (await PowerShell.RunAsync(link, _folder, ["Status", "--workspace", "nowhere"])).Expect(2);
        (await PowerShell.RunAsync(link, _folder, ["Test", "--plan"])).Expect(0);
    }

    [Fact]
    public async Task Ctrl_C_reaches_the_program_whose_end_and_exit_code_count()
    {
        await TestEngine.RequireAsync();
        var cache = Directory.CreateDirectory(Path.Combine(_folder, "shipsec-build", "images")).FullName;
        await using var held = new FileStream(Path.Combine(cache, "lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var environment = new Dictionary<string, string> { ["XDG_CACHE_HOME"] = _folder };
        var workspace = Path.Combine(_folder, "w");
        foreach (var file in new[] { "docker/docker-compose.infra.yml", "pm2.config.cjs" })
        {
            var copy = Path.Combine(workspace, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Repository.PathOf("samples", "studio", file), copy);
        }

        await using var running = await PowerShell.StartAsync(
            ["-File", Script, "LocalImages", "--workspace", workspace], _folder, environment);
        Assert.NotNull(await running.Errors.FindAsync(
            l => l.Contains("waiting for another run", StringComparison.Ordinal), TimeSpan.FromSeconds(300)));
        await running.InterruptAsync();

        (await running.EndAsync(60)).Expect(130);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
