using System.Diagnostics;
using System.Runtime.InteropServices;

namespace InstanceKit.Drivers;

/// <summary>Asks or forces one process to end.</summary>
internal static class Signal
{
    private const int SigKill = 9;
    private const int SigTerm = 15;

    /// <summary>Asks the process to end; on Windows, where nothing can be asked, does nothing.</summary>
    /// <param name="process">The process; nothing happens when its id belongs to another one by now.</param>
    public static void Terminate(ProcessEntry process)
    {
        if (!OperatingSystem.IsWindows())
            Send(process, SigTerm);
    }

    /// <summary>Ends the process at once.</summary>
    /// <param name="process">The process; nothing happens when its id belongs to another one by now.</param>
    public static void Kill(ProcessEntry process)
    {
        if (!OperatingSystem.IsWindows())
            Send(process, SigKill);
        else if (IsAlive(process))
            KillOnWindows(process.Pid);
    }

    /// <summary>Whether this very process still runs: its id and its start mark are the same.</summary>
    public static bool IsAlive(ProcessEntry process) =>
        ProcessTree.ReadOne(process.Pid)?.StartMark == process.StartMark;

    // An error means that it has ended meanwhile or is another user's; who asks looks for survivors anyway.
    private static void Send(ProcessEntry process, int signal)
    {
        if (process.Pid > 1 && IsAlive(process))
            _ = Kill(process.Pid, signal);
    }

    private static void KillOnWindows(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return; // ended meanwhile, or another user's
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}
