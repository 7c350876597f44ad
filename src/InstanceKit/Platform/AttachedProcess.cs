using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace InstanceKit.Platform;

/// <summary>Runs a program on this process's own standard input, output and error, as a shell would: nothing is captured.</summary>
public static class AttachedProcess
{
    private const int SigTerm = 15;

    /// <summary>Runs the program until it exits, without a time limit.</summary>
    /// <remarks>
    /// The program handles Ctrl-C: the terminal sends it to both, and a client such as psql continues after it. A termination
    /// signal is forwarded, because only this process receives it.
    /// </remarks>
    /// <param name="spec">What to run; its time limit does not count.</param>
    /// <returns>Its exit code; 128 plus the signal number if a signal killed it.</returns>
    /// <exception cref="InstanceKitException">The program can't be started.</exception>
    public static int Run(ProcessSpec spec)
    {
        var start = new ProcessStartInfo(spec.Program, spec.Arguments) { WorkingDirectory = spec.WorkingDirectory ?? "" };
        foreach (var (name, value) in spec.Environment)
            start.Environment[name] = value;

        // Registered before the start, so that no signal is lost.
        var started = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Hold);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            if (!OperatingSystem.IsWindows()) // no such signal on this system
                _ = Kill(started.Task.GetAwaiter().GetResult(), SigTerm);
            Hold(signal);
        });
        using var process = Start(start, spec);
        started.SetResult(process.Id);
        process.WaitForExit();
        return process.ExitCode;
    }

    private static Process Start(ProcessStartInfo start, ProcessSpec spec)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InstanceKitException(
                ExitCode.Prerequisite, $"Could not run '{spec.Program}': {e.Message}", spec.InstallHint, e);
        }
    }

    /// <summary>
    /// Hides a signal from other handlers in this process: handlers are called one after the other, newest
    /// first, on a background thread of the signal's own.
    /// </summary>
    private static void Hold(PosixSignalContext signal)
    {
        signal.Cancel = true;
        Thread.Sleep(Timeout.Infinite);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}
