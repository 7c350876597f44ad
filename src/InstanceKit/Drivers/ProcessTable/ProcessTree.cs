using InstanceKit.Processes;

namespace InstanceKit.Drivers;

/// <summary>All running processes of this host at one moment, by parent and child.</summary>
/// <remarks>
/// Linux: <c>/proc</c>; other Unix: <c>ps</c>; Windows: the tool help library, which needs no WMI. Zombies, which
/// have ended but were not yet waited for by their parent, are left out.
/// </remarks>
public sealed class ProcessTree
{
    private readonly Dictionary<int, ProcessEntry> _processes;
    private readonly Dictionary<int, List<ProcessEntry>> _children = [];

    /// <summary>Makes a tree of the given processes.</summary>
    /// <param name="processes">The processes, each id once.</param>
    public ProcessTree(IEnumerable<ProcessEntry> processes)
    {
        _processes = [];
        foreach (var process in processes)
        {
            _processes.Add(process.Pid, process);
            if (_children.TryGetValue(process.ParentPid, out var siblings))
                siblings.Add(process);
            else
                _children.Add(process.ParentPid, [process]);
        }
    }

    /// <summary>Reads the processes that run now.</summary>
    /// <exception cref="InstanceKitException"><c>ps</c> is missing (never on Linux and Windows).</exception>
    public static ProcessTree Snapshot()
    {
        if (OperatingSystem.IsLinux())
            return new ProcessTree(ProcFolder.Pids().Select(ReadLinux).OfType<ProcessEntry>());
        return new ProcessTree(OperatingSystem.IsWindows() ? WindowsProcesses.Read() : ReadUnix("-ax"));
    }

    /// <summary>Reads one process as it is now; <see langword="null"/> when it has ended.</summary>
    /// <param name="pid">Its id.</param>
    /// <exception cref="InstanceKitException"><c>ps</c> is missing (never on Linux and Windows).</exception>
    public static ProcessEntry? ReadOne(int pid)
    {
        if (OperatingSystem.IsLinux())
            return ReadLinux(pid);
        return OperatingSystem.IsWindows()
            ? WindowsProcesses.Read().FirstOrDefault(p => p.Pid == pid)
            : ReadUnix("-p", pid.ToString()) is [var found, ..] ? found : null;
    }

    /// <summary>The process with the id, or <see langword="null"/>.</summary>
    public ProcessEntry? Find(int pid) => _processes.GetValueOrDefault(pid);

    /// <summary>All children of a process and theirs, parents first, without the process itself.</summary>
    /// <param name="pid">The process; one that does not run has no descendants.</param>
    public IReadOnlyList<ProcessEntry> Descendants(int pid)
    {
        // Ids are read one after the other, so one that was given anew may seem to be its own ancestor.
        var found = new List<ProcessEntry>();
        var seen = new HashSet<int> { pid };
        var parent = pid;
        for (var next = 0; ; parent = found[next++].Pid)
        {
            foreach (var child in _children.GetValueOrDefault(parent) ?? [])
            {
                if (seen.Add(child.Pid))
                    found.Add(child);
            }

            if (next == found.Count)
                return found;
        }
    }

    /// <summary>A process and all its descendants; none when it does not run.</summary>
    /// <param name="pid">The process.</param>
    public IReadOnlyList<int> Within(int pid)
    {
        var found = new List<int>();
        if (Find(pid) is null)
            return found;
        found.Add(pid);
        foreach (var descendant in Descendants(pid))
            found.Add(descendant.Pid);
        return found;
    }

    /// <summary>A process's parent, its parent's parent and so on, nearest first.</summary>
    /// <param name="pid">The process.</param>
    public IReadOnlyList<ProcessEntry> Ancestors(int pid)
    {
        var found = new List<ProcessEntry>();
        var seen = new HashSet<int> { pid };
        for (var next = Find(pid); next is not null && seen.Add(next.ParentPid);)
        {
            next = Find(next.ParentPid);
            if (next is not null)
                found.Add(next);
        }

        return found;
    }

    /// <summary>Whether a process is the given root or one of its descendants.</summary>
    /// <param name="pid">The process in question.</param>
    /// <param name="root">The top of the tree.</param>
    public bool IsWithin(int pid, int root) => pid == root || Ancestors(pid).Any(a => a.Pid == root);

    private static ProcessEntry? ReadLinux(int pid) => ProcFolder.Read(pid, "stat") is { } stat ? ProcStat.Parse(stat) : null;

    private static IReadOnlyList<ProcessEntry> ReadUnix(params string[] selection) =>
        PsListing.Parse(ProcessRunner.RunAsync(PsListing.Command(selection)).GetAwaiter().GetResult().StandardOutput);
}
