using System.Text.RegularExpressions;
using InstanceKit.Processes;

namespace InstanceKit.Drivers;

/// <summary>The Node.js on PATH.</summary>
internal static partial class Node
{
    /// <summary>What to do when it is missing.</summary>
    public const string InstallHint = "Install Node.js 18 or later, with npm, and see that 'node' is on PATH.";

    /// <summary>The program npm; on Windows a script, which is not found without its ending.</summary>
    public static readonly string Npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";

    private const int OldestMajor = 18;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <summary>Sees to it that a Node.js that PM2 7 runs on is there.</summary>
    /// <exception cref="InstanceKitException">It is missing or too old.</exception>
    public static async Task RequireAsync(CancellationToken cancellation)
    {
        var spec = new ProcessSpec { Program = "node", Arguments = ["--version"], Timeout = Timeout, InstallHint = InstallHint };
        var output = (await ProcessRunner.RunAsync(spec, cancellation: cancellation)).StandardOutput.Trim();
        var match = Major().Match(output);
        if (!match.Success || int.Parse(match.Groups[1].ValueSpan) < OldestMajor)
            throw new InstanceKitException(
                ExitCode.Prerequisite, $"Node.js '{output}' is too old for PM2, which needs {OldestMajor} or later.", InstallHint);
    }

    [GeneratedRegex(@"^v(\d{1,6})\.")]
    private static partial Regex Major();
}
