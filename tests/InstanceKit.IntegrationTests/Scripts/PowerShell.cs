using System.Diagnostics;
using BlackBox;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.IntegrationTests.Scripts;

/// <summary>A PowerShell: the one on PATH, else the dotnet tool of that name, installed once into a folder of the checkout.</summary>
internal static class PowerShell
{
    private const string Version = "7.6.9";
    private static readonly Lazy<Task<string>> Program = new(FindAsync);

    /// <summary>Runs a script to its end; skips the test where there is no PowerShell.</summary>
    /// <param name="script">The script's path.</param>
    /// <param name="directory">The folder it is called from.</param>
    /// <param name="words">What stands behind it.</param>
    /// <param name="changes">Changes to <see cref="CleanEnvironment"/>.</param>
    public static async Task<BuildResult> RunAsync(
        string script, string directory, IReadOnlyList<string> words, IReadOnlyDictionary<string, string>? changes = null)
    {
        await using var running = await StartAsync(["-File", script, .. words], directory, changes);
        return await running.EndAsync(300);
    }

    /// <summary>Runs a command as at PowerShell's prompt.</summary>
    public static async Task<BuildResult> TypeAsync(string command, string directory)
    {
        await using var running = await StartAsync(["-Command", $"{command}; exit $LASTEXITCODE"], directory);
        return await running.EndAsync(300);
    }

    /// <summary>Starts it, as the first of a process group.</summary>
    public static async Task<RunningBuild> StartAsync(
        IReadOnlyList<string> words, string directory, IReadOnlyDictionary<string, string>? changes = null)
    {
        var program = await RequireAsync();
        string[] command = program.EndsWith(".dll", StringComparison.Ordinal) ? [Dotnet, program] : [program];
        string[] all = [.. OperatingSystem.IsLinux() ? ["setsid"] : Array.Empty<string>(), .. command, "-NoProfile", .. words];
        var start = new ProcessStartInfo(all[0], all.Skip(1))
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in CleanEnvironment.Create().Concat(changes ?? new Dictionary<string, string>()))
            start.Environment[name] = value;
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        return new RunningBuild(start, string.Join(' ', words), _ => { });
    }

    /// <summary>The path of the dotnet that runs the tests.</summary>
    private static string Dotnet => Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet"
        ? path
        : Support.ProgramFolder.Find("dotnet");

    private static async Task<string> RequireAsync()
    {
        // RunningBuild ends what it has started by Unix signals.
        Assert.SkipWhen(OperatingSystem.IsWindows(), "These tests send Unix signals.");
        try
        {
            return await Program.Value;
        }
        catch (InstanceKitException e)
        {
            Assert.Skip($"PowerShell can't be had: {e.Message}");
            throw;
        }
    }

    private static async Task<string> FindAsync()
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            if (File.Exists(Path.Combine(folder, "pwsh")))
                return Path.Combine(folder, "pwsh");
        }

        // The tool's own program only starts another one, which signals to it would not reach.
        var tools = Repository.PathOf(".nuke", "temp", "tools", $"powershell-{Version}");
        if (Find(tools) is { } found)
            return found;
        await ProcessRunner.ReadAsync(
            new ProcessSpec
            {
                Program = "dotnet",
                Arguments = ["tool", "install", "PowerShell", "--version", Version, "--tool-path", tools],
                Timeout = TimeSpan.FromMinutes(5),
            },
            $"install the dotnet tool PowerShell {Version}");
        return Find(tools) ?? throw new InstanceKitException(ExitCode.Prerequisite, $"There is no PowerShell in {tools}.");
    }

    private static string? Find(string tools)
    {
        var store = Path.Combine(tools, ".store");
        return !File.Exists(Path.Combine(tools, "pwsh")) ? null : Directory
            .EnumerateFiles(store, "pwsh.dll", SearchOption.AllDirectories)
            .FirstOrDefault(f => Path.GetFileName(Path.GetDirectoryName(f)) == "unix");
    }
}
