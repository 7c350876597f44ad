using InstanceKit.Instances;
using InstanceKit.Processes;

namespace InstanceKit.Drivers;

/// <summary>Finds and ends processes that carry an owner's marker in their environment.</summary>
/// <remarks>
/// A child inherits the marker, so what an app left behind is found even when PM2 and its parent have forgotten it.
/// Windows shows no environment of another process: there nothing is ever found.
/// </remarks>
public static class OwnedProcesses
{
    /// <summary>The environment variable that holds the marker.</summary>
    public const string Variable = ProcessMarks.Owner;

    private static readonly TimeSpan KillWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(OperatingSystem.IsLinux() ? 20 : 200);

    /// <summary>The running processes whose environment holds exactly this marker.</summary>
    /// <param name="ownerMarker">The marker, not empty and without white space.</param>
    /// <returns>The processes, without this one and those that it was started by.</returns>
    public static IReadOnlyList<ProcessEntry> Find(string ownerMarker)
    {
        if (ownerMarker.Length == 0 || ownerMarker.Any(char.IsWhiteSpace))
            throw new ArgumentException("An owner's marker is one word.", nameof(ownerMarker));

        // A shell inside an app of the instance may be what runs this command: it must not end itself.
        var tree = ProcessTree.Snapshot();
        var spared = tree.Ancestors(Environment.ProcessId).Select(p => p.Pid).Append(Environment.ProcessId).ToHashSet();
        return [.. PidsOf($"{Variable}={ownerMarker}").Where(p => !spared.Contains(p)).Select(tree.Find).OfType<ProcessEntry>()];
    }

    /// <summary>Whether a process carries the marker of any owner.</summary>
    internal static bool IsMarked(int pid) =>
        OperatingSystem.IsLinux() && ProcFolder.Read(pid, "environ")?.Split('\0').Any(v => v.StartsWith($"{Variable}=", StringComparison.Ordinal)) == true;

    /// <summary>Ends exactly these processes: asks them first, forces those that still run after the grace.</summary>
    /// <param name="processes">The processes, as found; one whose id was given to another since is passed over.</param>
    /// <param name="grace">How long they may take to end by themselves; zero forces them at once.</param>
    /// <param name="cancellation">Ends the waiting; what was not forced yet stays.</param>
    /// <returns>Those that still run, five seconds after they were forced.</returns>
    public static async Task<IReadOnlyList<ProcessEntry>> EndAsync(
        IEnumerable<ProcessEntry> processes, TimeSpan grace, CancellationToken cancellation = default)
    {
        var remaining = processes.ToList();
        if (grace > TimeSpan.Zero && !OperatingSystem.IsWindows()) // nothing can be asked there
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
