using System.Diagnostics;
using System.Reflection;
using Xunit;

namespace Build.Tests.Engine;

/// <summary>Runs the sample build, which was compiled with the engine under test, in a root folder of its own.</summary>
public sealed class SampleProgram : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(90);

    private static readonly string s_sample = PathOf("SampleProgram");

    private readonly string _program;

    /// <summary>The folder of the program.</summary>
    public static string Folder => Path.GetDirectoryName(s_sample)!;

    /// <summary>Creates a root folder whose parameters.json has this text.</summary>
    public SampleProgram(string parameters = "{}")
        : this(s_sample, parameters)
    {
    }

    private SampleProgram(string program, string parameters)
    {
        _program = program;
        Root = Directory.CreateTempSubdirectory("sample-build-").FullName;
        Directory.CreateDirectory(Path.Combine(Root, ".nuke"));
        File.WriteAllText(Path.Combine(Root, ".nuke", "parameters.json"), parameters);
    }

    /// <summary>The build that embeds the targets on instances.</summary>
    public static SampleProgram Embedded() => new(PathOf("EmbeddedProgram"), "{}");

    /// <summary>The root folder of the runs.</summary>
    public string Root { get; }

    /// <summary>Runs the program to its end.</summary>
    public Task<RunResult> RunAsync(params string[] words) => RunAsync([], words);

    /// <summary>Runs the program to its end with more variables in its environment.</summary>
    public async Task<RunResult> RunAsync((string Name, string Value)[] variables, params string[] words)
    {
        using var process = Start(variables, words);
        process.StandardInput.Close();
        return await FinishAsync(process);
    }

    /// <summary>Starts the program and leaves its standard input open.</summary>
    public Process Start((string Name, string Value)[] variables, params string[] words) =>
        StartBy(["dotnet", _program, .. words], variables);

    /// <summary>The same, as <c>nohup</c> and a script's <c>&amp;</c> start it: with SIGINT ignored.</summary>
    public Process StartDeaf(params string[] words) =>
        StartBy(["sh", "-c", "trap '' INT; exec \"$@\"", "sh", "dotnet", _program, .. words], []);

    private Process StartBy(string[] command, (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var inherited in start.Environment.Keys.Where(key => key.StartsWith("NUKE", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(inherited);
        start.Environment["NUKE_ROOT"] = Root;
        start.Environment["TERM"] = "xterm-256color";
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Waits for the end of a started program, at most as long as a healthy one could take.</summary>
    public static async Task<RunResult> FinishAsync(Process process, TimeSpan? atMost = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(atMost ?? s_limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new RunResult(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static string PathOf(string key) =>
        typeof(SampleProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
