using BlackBox;
using Xunit;

namespace InstanceKit.IntegrationTests.Scripts;

/// <summary>The script for PowerShell, asked by <c>TabExpansion2</c> as by the key.</summary>
public sealed class PowerShellCompletionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("it's a place ").FullName;

    [Fact]
    public async Task The_words_that_fit()
    {
        var completion = (await new BuildProgram(_folder).RunAsync(["Completion", "--shell", "powershell"])).Expect(0);
        Directory.CreateSymbolicLink(Path.Combine(_folder, "my tools"), Repository.Root);
        await WriteAsync("completion.ps1", completion.Output);
        await WriteAsync("my shop/docker/docker-compose.infra.yml", "services: {}\n");
        await WriteAsync("my shop/.instances/instance-4/instance.json", """{ "services": ["postgres", "redis"], "files": { "backend.env": "" } }""");
        await WriteAsync("other/build.ps1", "[IO.File]::WriteAllText(\"$PSScriptRoot/was-run\", '')\n");
        (string Line, string Words)[] table =
        [
            ("./my` tools/build.sh U", "Up UseInstance"),
            ("& './my tools/build.ps1' Statu", "Status"),
            ("build.cmd Logs --ta", "--tail --target"),
            ("b Logs --workspace 'my shop' --instance ", "4 all auto"),
            ("b Logs --workspace 'my shop' --only redis,b", "backend"),
            ("b Logs --workspace 'my shop' --only redis,", "backend postgres"),
            ("b Logs --follow --fol", ""),
            ("./other/build.ps1 U", ""),
        ];
        await WriteAsync("ask.ps1", $$"""
            . ./completion.ps1
            Register-ArgumentCompleter -Native -CommandName b -ScriptBlock $ShipSecBuildCompleter
            foreach ($line in @({{string.Join(", ", table.Select(row => $"'{row.Line.Replace("'", "''", StringComparison.Ordinal)}'"))}})) {
                "$line => " + ((TabExpansion2 $line $line.Length).CompletionMatches.CompletionText -join ' ')
            }
            exit 0
            """);

        var result = (await PowerShell.RunAsync(Path.Combine(_folder, "ask.ps1"), _folder, [])).Expect(0);

        Assert.Equal(table.Select(row => $"{row.Line} => {row.Words}"), result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r')));
        Assert.False(File.Exists(Path.Combine(_folder, "other", "was-run")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task WriteAsync(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
    }
}
