using System.Text.RegularExpressions;

namespace InstanceKit.Platform;

/// <summary>The operating system that this process runs on.</summary>
internal static class CurrentSystem
{
    private const string ReleaseFile = "/etc/os-release";
    private static readonly Lazy<HostSystem> Found = new(() => new HostSystem(FindFamily(), Environment.IsPrivilegedProcess));

    /// <summary>The operating system, detected once.</summary>
    public static HostSystem Value => Found.Value;

    private static SystemFamily FindFamily() =>
        OperatingSystem.IsWindows() ? SystemFamily.Windows
        : OperatingSystem.IsMacOS() ? SystemFamily.MacOS
        : HostSystem.FamilyOf(SystemFile.Read(ReleaseFile));
}

/// <summary>Finds installed programs.</summary>
internal static class ProgramsOnPath
{
    private static readonly string[] Endings = OperatingSystem.IsWindows() ? [".exe", ".cmd", ".bat"] : [""];

    /// <summary>The absolute path of a program; <see langword="null"/> when it is not on the search path.</summary>
    /// <param name="name">Its name, without the extension that Windows requires.</param>
    /// <param name="searchPath">Folders, separated as in PATH.</param>
    public static string? Find(string name, string searchPath) =>
        searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => Endings.Select(ending => Path.GetFullPath(Path.Combine(folder, name + ending))))
            .FirstOrDefault(File.Exists);
}

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

/// <summary>Shows an address in the person's browser, by the program that the system has for it.</summary>
public static class Browser
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>The program that opens addresses; <see langword="null"/> where there is none.</summary>
    /// <param name="searchPath">Folders, separated as in PATH.</param>
    public static string? Find(string searchPath) =>
        OperatingSystem.IsWindows() ? Environment.GetEnvironmentVariable("ComSpec") ?? "cmd.exe"
        : ProgramsOnPath.Find(OperatingSystem.IsMacOS() ? "open" : "xdg-open", searchPath);

    /// <summary>Opens an address, and does not wait for the browser.</summary>
    /// <param name="opener">What <see cref="Find"/> has found.</param>
    /// <param name="address">The address.</param>
    public static Task OpenAsync(string opener, string address, CancellationToken cancellation) => ProcessRunner.RunAsync(
        OperatingSystem.IsWindows()
            ? new ProcessSpec { Program = opener, Arguments = ["/d", "/c", "start", "", address], Timeout = Limit }
            // xdg-open may live as long as the browser that it starts, longer than the terminal, and both talk.
            : new ProcessSpec
            {
                Program = "/bin/sh",
                Arguments = ["-c", "trap '' HUP; \"$0\" \"$1\" </dev/null >/dev/null 2>&1 &", opener, address],
                Timeout = Limit,
            },
        cancellation: cancellation);
}
