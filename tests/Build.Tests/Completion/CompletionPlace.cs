using System.Diagnostics;
using BlackBox;
using Build.Tests.Engine;
using Xunit;

namespace Build.Tests.Completion;

/// <summary>
/// A folder with blanks in its path, where a shell completes: build.sh as a link, a build.sh of somebody else that must
/// not be run, and a workspace with one instance.
/// </summary>
internal sealed class CompletionPlace : IDisposable
{
    /// <summary>Whether a missing shell is a failure, as in CI.</summary>
    private const string StrictVariable = "INSTANCEKIT_REQUIRE_SHELLS";

    public CompletionPlace()
    {
        Path = Directory.CreateTempSubdirectory("it's a place ").FullName;
        File.CreateSymbolicLink(PathOf("build.sh"), Repository.PathOf("build.sh"));
        Write("other/build.sh", "#!/bin/sh\ntouch \"$(dirname \"$0\")/was-run\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(PathOf("other/build.sh"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Write("my shop/docker/docker-compose.infra.yml", "services: {}\n");
        Write("my shop/.instances/instance-4/instance.json", """{ "services": ["postgres", "redis"], "files": { "backend.env": "" } }""");
    }

    /// <summary>Its absolute path.</summary>
    public string Path { get; }

    /// <summary>Whether somebody else's build.sh has been run.</summary>
    public bool WasOtherRun => File.Exists(PathOf("other/was-run"));

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
    }

    /// <summary>Writes the script of a shell into the place, where the shell is.</summary>
    public async Task PrepareAsync(string shell)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "These tests run build.sh.");
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(System.IO.Path.Combine(folder, shell))))
        {
            Assert.False(Environment.GetEnvironmentVariable(StrictVariable) == "1", $"{StrictVariable} is set and {shell} is not installed.");
            Assert.Skip($"{shell} is not installed.");
        }

        var result = (await new BuildProgram(Path).RunAsync(["Completion", "--shell", shell])).Expect(0);
        Assert.Equal("", result.Errors);
        Write("completion", result.Output);
    }

    /// <summary>Runs a script in the shell and returns what it wrote.</summary>
    public async Task<string[]> RunAsync(string shell, string script)
    {
        Write("script", script);
        var start = new ProcessStartInfo(shell, ["script"])
        {
            WorkingDirectory = Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in CleanEnvironment.Create())
            start.Environment[name] = value;
        start.Environment["XDG_CONFIG_HOME"] = start.Environment["XDG_DATA_HOME"] = PathOf("config");
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var run = await SampleProgram.FinishAsync(process);
        Assert.True(run.ExitCode == 0 && run.ErrorLines.Length == 0, run.ToString());
        return run.Lines;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
