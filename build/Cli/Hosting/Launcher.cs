namespace Cli.Hosting;

/// <summary>How the build is called.</summary>
internal static class Launcher
{
    /// <summary>The command on this platform, as typed in the directory of the build.</summary>
    public static string Name => OperatingSystem.IsWindows() ? "build.cmd" : "./build.sh";
}
