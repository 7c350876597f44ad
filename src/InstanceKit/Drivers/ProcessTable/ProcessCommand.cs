using InstanceKit.Processes;

namespace InstanceKit.Drivers;

/// <summary>What a process is called and was started with.</summary>
/// <param name="Name">Its short name.</param>
/// <param name="Line">Its arguments, joined by spaces for people to read; the name where they cannot be read.</param>
public sealed record ProcessCommand(string Name, string Line)
{
    /// <summary>Reads the command of a process; <see langword="null"/> when it has ended.</summary>
    /// <remarks>On Windows only the name can be had without WMI.</remarks>
    /// <param name="pid">The process.</param>
    public static ProcessCommand? Read(int pid)
    {
        if (ProcessTree.ReadOne(pid) is not { } process)
            return null;
        var line = OperatingSystem.IsWindows() ? "" : OperatingSystem.IsLinux() ? ReadLinux(pid) : ReadUnix(pid);
        return new ProcessCommand(process.Command, line.Length == 0 ? process.Command : line);
    }

    private static string ReadLinux(int pid) => (ProcFolder.Read(pid, "cmdline") ?? "").Replace('\0', ' ').Trim();

    private static string ReadUnix(int pid)
    {
        var spec = new ProcessSpec { Program = "ps", Arguments = ["-ww", "-p", pid.ToString(), "-o", "command="] };
        return ProcessRunner.RunAsync(spec).GetAwaiter().GetResult().StandardOutput.Trim();
    }
}
