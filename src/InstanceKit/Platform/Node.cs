using System.Text.RegularExpressions;

namespace InstanceKit.Platform;

/// <summary>The Node.js on PATH.</summary>
internal static partial class Node
{
    /// <summary>The oldest version that PM2 7 runs on.</summary>
    public static readonly Version OldestVersion = new(18, 0);

    /// <summary>The program npm; on Windows a script, which is not found without its ending.</summary>
    public static readonly string Npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <summary>What to do when it is missing, or npm is.</summary>
    public static string InstallHint => InstallHints.For(Installable.Node, CurrentSystem.Value);

    /// <summary>Sees to it, without running it, that it is there.</summary>
    /// <exception cref="InstanceKitException">It is missing.</exception>
    public static void RequirePresence()
    {
        if (ProgramsOnPath.Find("node", Environment.GetEnvironmentVariable("PATH") ?? "") is null)
            throw new InstanceKitException(ExitCode.Prerequisite, "Node.js is not installed: 'node' was not found on PATH.", InstallHint);
    }

    /// <summary>Sees to it that a Node.js that PM2 7 runs on is there.</summary>
    /// <exception cref="InstanceKitException">It is missing or too old.</exception>
    public static async Task RequireAsync(CancellationToken cancellation)
    {
        RequirePresence();
        var spec = new ProcessSpec { Program = "node", Arguments = ["--version"], Timeout = Timeout, InstallHint = InstallHint };
        var output = (await ProcessRunner.RunAsync(spec, cancellation: cancellation)).StandardOutput.Trim();
        var match = Major().Match(output);
        if (!match.Success || int.Parse(match.Groups[1].ValueSpan) < OldestVersion.Major)
            throw new InstanceKitException(
                ExitCode.Prerequisite, $"Node.js '{output}' is too old for PM2, which needs {OldestVersion.Major} or later.", InstallHint);
    }

    [GeneratedRegex(@"^v(\d{1,6})\.")]
    private static partial Regex Major();
}
