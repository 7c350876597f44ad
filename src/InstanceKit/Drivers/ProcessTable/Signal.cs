using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace InstanceKit.Drivers;

/// <summary>Asks or forces one process to end.</summary>
internal static class Signal
{
    private const int SigKill = 9;
    private const int SigTerm = 15;

    // System calls of Linux, by the same number on every architecture that .NET runs on.
    private const long PidfdSendSignal = 424;
    private const long PidfdOpen = 434;

    private const int NoSuchProcess = 3;

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
        if (process.Pid <= 1 || (OperatingSystem.IsLinux() && TrySendByDescriptor(process, signal)))
            return;
        if (IsAlive(process))
            _ = Kill(process.Pid, signal);
    }

    /// <summary>
    /// Signals through a descriptor, which never refers to a later process that got the same id: the identity is checked
    /// once the descriptor is open, so nothing can change between the check and the signal.
    /// </summary>
    /// <returns>False where the kernel (before 5.3) or a sandbox does not allow it.</returns>
    private static bool TrySendByDescriptor(ProcessEntry process, int signal)
    {
        var descriptor = SystemCall(PidfdOpen, process.Pid, 0, 0, 0);
        if (descriptor < 0)
            return Marshal.GetLastPInvokeError() == NoSuchProcess;
        using var handle = new SafeFileHandle((nint)descriptor, ownsHandle: true);
        return !IsAlive(process)
            || SystemCall(PidfdSendSignal, descriptor, signal, 0, 0) == 0
            || Marshal.GetLastPInvokeError() == NoSuchProcess;
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

    [DllImport("libc", EntryPoint = "syscall", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern long SystemCall(long number, long first, long second, long third, long fourth);
}
