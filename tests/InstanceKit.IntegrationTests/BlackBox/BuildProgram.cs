using System.Diagnostics;
using Xunit;

namespace BlackBox;

/// <summary>Runs the program as a person does: <c>build.sh ARGUMENTS</c> from some folder.</summary>
/// <param name="directory">The folder it is called from.</param>
/// <param name="onEnd">Called with every result, for a transcript.</param>
internal sealed class BuildProgram(string directory, Action<BuildResult>? onEnd = null)
{
    private const double CompileSeconds = 300;
    private static readonly Lazy<Task> Compilation = new(CompileAsync);

    /// <summary>How long a run may take where nothing else is said, in seconds.</summary>
    public const double DefaultSeconds = 120;

    /// <summary>Runs it to its end; fails the test when that takes too long.</summary>
    /// <param name="arguments">The words behind <c>build.sh</c>.</param>
    /// <param name="environment">Changes to <see cref="CleanEnvironment"/>; <see langword="null"/> removes a variable.</param>
    /// <param name="seconds">The hard limit.</param>
    /// <param name="input">What stands on its standard input.</param>
    /// <param name="inTerminal">Whether it has a terminal, which <c>script</c> makes; lines end in CR and LF there.</param>
    public async Task<BuildResult> RunAsync(
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        double seconds = DefaultSeconds,
        string input = "",
        bool inTerminal = false)
    {
        await using var running = await StartAsync(arguments, environment, input, inTerminal);
        return await running.EndAsync(seconds);
    }

    /// <summary>Starts it.</summary>
    public async Task<RunningBuild> StartAsync(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string input = "",
        bool inTerminal = false)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "These tests run build.sh.");
        await Compilation.Value;
        return Start(directory, arguments, environment ?? new Dictionary<string, string?>(), onEnd ?? (_ => { }), input, inTerminal);
    }

    private static RunningBuild Start(
        string directory, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment,
        Action<BuildResult> onEnd, string input = "", bool inTerminal = false)
    {
        string[] words = ["bash", Repository.PathOf("build.sh"), .. arguments];
        if (inTerminal)
            words = ["script", "--quiet", "--return", "--command", string.Join(' ', words.Select(Quote)), "/dev/null"];
        if (OperatingSystem.IsLinux())
            words = ["setsid", .. words]; // leads a process group, as a shell's job does
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in CleanEnvironment.Create())
            start.Environment[name] = value;
        foreach (var (name, value) in environment)
        {
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }

        return new RunningBuild(start, string.Join(' ', arguments.Prepend("./build.sh")), onEnd, input);
    }

    private static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>The first call compiles, where the sources have changed; no test's limit is for that.</summary>
    private static async Task CompileAsync()
    {
        await using var running = Start(Repository.Root, ["--help"], new Dictionary<string, string?>(), _ => { });
        (await running.EndAsync(CompileSeconds)).Expect(0);
    }
}
