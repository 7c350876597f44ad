using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace InstanceKit.Platform;

/// <summary>Finds and stops processes that have an owner's marker in their environment.</summary>
/// <remarks>
/// A child inherits the marker, so what an app left behind is found even when PM2 and its parent no longer know it.
/// Windows shows no environment of another process: there nothing is ever found.
/// </remarks>
internal static class OwnedProcesses
{
    /// <summary>The environment variable of the marker.</summary>
    public const string Variable = ProcessMarks.Owner;

    private static readonly TimeSpan KillWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(OperatingSystem.IsLinux() ? 20 : 200);

    /// <summary>The running processes whose environment contains exactly this marker.</summary>
    /// <param name="ownerMarker">The marker, not empty and without white space.</param>
    /// <returns>The processes, except this one and its ancestors.</returns>
    public static IReadOnlyList<ProcessEntry> Find(string ownerMarker)
    {
        if (ownerMarker.Length == 0 || ownerMarker.Any(char.IsWhiteSpace))
            throw new ArgumentException("An owner's marker is one word.", nameof(ownerMarker));

        // This command may run in a shell inside an app of the instance: it must not stop itself.
        var tree = ProcessTree.Snapshot();
        var spared = tree.Ancestors(Environment.ProcessId).Select(p => p.Pid).Append(Environment.ProcessId).ToHashSet();
        return [.. PidsOf($"{Variable}={ownerMarker}").Where(p => !spared.Contains(p)).Select(tree.Find).OfType<ProcessEntry>()];
    }

    /// <summary>Whether a process carries the marker of any owner.</summary>
    internal static bool IsMarked(int pid) =>
        OperatingSystem.IsLinux() && ProcFolder.Read(pid, "environ")?.Split('\0').Any(v => v.StartsWith($"{Variable}=", StringComparison.Ordinal)) == true;

    /// <summary>Stops exactly these processes: signals them first, kills those that are still running after the grace period.</summary>
    /// <param name="processes">The processes, as found; one whose id has been reused is skipped.</param>
    /// <param name="grace">How long they may take to exit; zero kills them immediately.</param>
    /// <param name="cancellation">Ends the wait; processes that are not killed yet keep running.</param>
    /// <returns>Those that still run, five seconds after they were forced.</returns>
    public static async Task<IReadOnlyList<ProcessEntry>> EndAsync(
        IEnumerable<ProcessEntry> processes, TimeSpan grace, CancellationToken cancellation = default)
    {
        var remaining = processes.ToList();
        if (grace > TimeSpan.Zero && !OperatingSystem.IsWindows()) // Windows has no such signal
        {
            remaining.ForEach(Signal.Terminate);
            remaining = await AwaitEndAsync(remaining, grace, cancellation);
        }

        remaining.ForEach(Signal.Kill);
        return await AwaitEndAsync(remaining, KillWait, cancellation);
    }

    private static async Task<List<ProcessEntry>> AwaitEndAsync(
        List<ProcessEntry> processes, TimeSpan limit, CancellationToken cancellation)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(LookEvery);
        while (true)
        {
            processes = processes.FindAll(Signal.IsAlive);
            if (processes.Count == 0 || TimeProvider.System.GetElapsedTime(start) >= limit)
                return processes;
            await timer.WaitForNextTickAsync(cancellation);
        }
    }

    private static IEnumerable<int> PidsOf(string assignment)
    {
        if (OperatingSystem.IsLinux())
            return ProcFolder.Pids().Where(pid => Holds(ProcFolder.Read(pid, "environ"), assignment));
        if (OperatingSystem.IsWindows())
            return [];
        var spec = new ProcessSpec { Program = "ps", Arguments = ["-axEww", "-o", "pid=,command="] };
        return PsListing.PidsWithWord(ProcessRunner.RunAsync(spec).GetAwaiter().GetResult().StandardOutput, assignment);
    }

    private static bool Holds(string? environment, string assignment) =>
        environment?.Split('\0').Contains(assignment, StringComparer.Ordinal) == true;
}

/// <summary>Stops or kills one process.</summary>
internal static class Signal
{
    private const int SigKill = 9;
    private const int SigTerm = 15;

    // System calls of Linux, by the same number on every architecture that .NET runs on.
    private const long PidfdSendSignal = 424;
    private const long PidfdOpen = 434;

    private const int NoSuchProcess = 3;

    /// <summary>Signals the process to stop; does nothing on Windows, which has no such signal.</summary>
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

    // An error means that it has exited or belongs to another user; the caller checks for survivors.
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
            return; // exited meanwhile, or another user's
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);

    [DllImport("libc", EntryPoint = "syscall", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern long SystemCall(long number, long first, long second, long third, long fourth);
}

/// <summary>Marks that are written into an app's PM2 entry and read back from running processes; both sides must use the same names.</summary>
internal static class ProcessMarks
{
    /// <summary>The variable that marks a process as an instance's, see <c>InstanceSpec.OwnerMarker</c>.</summary>
    public const string Owner = "INSTANCEKIT_OWNER";

    /// <summary>The variable that carries the fingerprint of the configuration that a process was started with.</summary>
    public const string Fingerprint = "INSTANCEKIT_FINGERPRINT";

    /// <summary>The owner's marker of the processes of a project that was started from a workspace.</summary>
    public static string OwnerOf(string project, string workspace) => $"{project}@{ContentHash.Of(workspace)[..16]}";

    /// <summary>PM2's <c>log_date_format</c>, with which log lines are merged by time.</summary>
    public const string LogDateFormat = "YYYY-MM-DDTHH:mm:ss.SSSZ";
}
