using System.Diagnostics;
using Xunit;

namespace Build.Tests.Engine;

/// <summary>build.sh in front of the product's own program: from anywhere, with every word as it was typed.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("elsewhere ").FullName;

    [Fact]
    public async Task Every_word_reaches_the_program_as_it_was_typed()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "a file"), "", TestContext.Current.CancellationToken);
        var run = await RunAsync(Script, "--tail", "a  b", "*", "it's \"so\"", "", "$HOME", "\\n");
        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Lines);
        Assert.Contains("takes one value, but got 6: 'a  b' '*' 'it's \"so\"' '' $HOME \\n;", run.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_works_from_any_folder_and_keeps_standard_output_clean()
    {
        var run = await RunAsync(Script, "Test", "--plan");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(["1. Restore, needed by Compile", "2. Compile, needed by Test", "3. Test"], run.Lines);
    }

    [Fact]
    public async Task It_works_through_a_symbolic_link()
    {
        var link = Path.Combine(_folder, "build");
        File.CreateSymbolicLink(link, Script);
        Assert.Equal(0, (await RunAsync(link, "--help")).ExitCode);
    }

    [Fact]
    public async Task The_second_call_compiles_nothing()
    {
        await RunAsync(Script, "--plan");
        Assert.Empty((await RunAsync(Script, "--plan")).ErrorLines);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    internal static string Script
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "build.sh")))
                folder = Path.GetDirectoryName(folder)!;
            return Path.Combine(folder, "build.sh");
        }
    }

    private async Task<RunResult> RunAsync(string script, params string[] words)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "build.sh needs a Unix shell.");
        using var process = Process.Start(new ProcessStartInfo("bash", [script, .. words])
        {
            WorkingDirectory = _folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        return await SampleProgram.FinishAsync(process, TimeSpan.FromMinutes(5));
    }
}
