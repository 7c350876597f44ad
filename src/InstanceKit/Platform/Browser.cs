namespace InstanceKit.Platform;

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
