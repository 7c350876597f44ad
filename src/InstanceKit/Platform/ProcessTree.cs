using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace InstanceKit.Platform;

/// <summary>All running processes of this host at one moment, by parent and child.</summary>
/// <remarks>
/// Linux: <c>/proc</c>; other Unix: <c>ps</c>; Windows: the tool help library, which needs no WMI. Zombies, which
/// have exited but were not yet reaped by their parent, are omitted.
/// </remarks>
internal sealed class ProcessTree
{
    private readonly Dictionary<int, ProcessEntry> _processes;
    private readonly Dictionary<int, List<ProcessEntry>> _children = [];

    /// <summary>Creates a tree of the given processes.</summary>
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

    /// <summary>Reads the current state of one process; <see langword="null"/> when it has exited.</summary>
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
        // Ids are read one after the other, so a reused one may appear to be its own ancestor.
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

/// <summary>Reads the text of <c>/proc/PID/stat</c>.</summary>
internal static class ProcStat
{
    private const int StateField = 0;
    private const int ParentField = 1;
    private const int UserTimeField = 11;
    private const int SystemTimeField = 12;
    private const int ThreadsField = 17;
    private const int StartField = 19;
    private const int ResidentField = 21;

    // USER_HZ, the unit that the kernel shows to programs: 100 on every platform that .NET runs on.
    private const long TicksPerClock = TimeSpan.TicksPerSecond / 100;

    /// <summary>The process of the text; <see langword="null"/> for one that has exited (a zombie) or unknown text.</summary>
    /// <remarks>A zombie that still has threads has not exited: they keep its sockets open until they exit too.</remarks>
    /// <param name="stat">One line as in proc(5); the name, in parentheses, may contain spaces and parentheses.</param>
    public static ProcessEntry? Parse(string stat)
    {
        var open = stat.IndexOf('(', StringComparison.Ordinal);
        var close = stat.LastIndexOf(')');
        if (open < 0 || close < open)
            return null;
        var fields = stat[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length <= StartField || (fields[StateField] is "Z" or "X" && fields[ThreadsField] is "0" or "1"))
            return null;
        return int.TryParse(stat.AsSpan(0, open).Trim(), NumberStyles.None, null, out var pid)
            && int.TryParse(fields[ParentField], NumberStyles.None, null, out var parent)
            && long.TryParse(fields[StartField], NumberStyles.None, null, out var start)
            ? new ProcessEntry(pid, parent, start, stat[(open + 1)..close])
            {
                Cpu = Number(fields, UserTimeField) is { } user && Number(fields, SystemTimeField) is { } system
                    ? TimeSpan.FromTicks((user + system) * TicksPerClock) : null,
                Memory = Number(fields, ResidentField) * Environment.SystemPageSize,
            }
            : null;
    }

    private static long? Number(string[] fields, int index) =>
        index < fields.Length && long.TryParse(fields[index], NumberStyles.None, null, out var value) ? value : null;
}

/// <summary>Reads the processes of a Windows host through the tool help library (no WMI, no other program).</summary>
internal static class WindowsProcesses
{
    private const uint SnapProcess = 2;

    /// <summary>All processes; the start mark of one that can't be opened is 0.</summary>
    public static IReadOnlyList<ProcessEntry> Read()
    {
        var found = new List<ProcessEntry>();
        var snapshot = CreateToolhelp32Snapshot(SnapProcess, 0);
        try
        {
            var entry = new Entry { Size = (uint)Marshal.SizeOf<Entry>() };
            for (var more = Process32First(snapshot, ref entry); more; more = Process32Next(snapshot, ref entry))
                found.Add(new ProcessEntry(
                    (int)entry.Pid, (int)entry.ParentPid, StartMark((int)entry.Pid), entry.Program));
        }
        finally
        {
            CloseHandle(snapshot);
        }

        return found;
    }

    private static long StartMark(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.StartTime.ToFileTimeUtc();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return 0; // exited meanwhile, or a system process
        }
    }

    [DllImport("kernel32", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern nint CreateToolhelp32Snapshot(uint flags, uint pid);

    [DllImport("kernel32", EntryPoint = "Process32FirstW", CharSet = CharSet.Unicode)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool Process32First(nint snapshot, ref Entry entry);

    [DllImport("kernel32", EntryPoint = "Process32NextW", CharSet = CharSet.Unicode)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool Process32Next(nint snapshot, ref Entry entry);

    [DllImport("kernel32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool CloseHandle(nint handle);

    // PROCESSENTRY32W
    [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode)]
    private struct Entry
    {
        public uint Size;
        public uint Usage;
        public uint Pid;
        public nint DefaultHeap;
        public uint Module;
        public uint Threads;
        public uint ParentPid;
        public int Priority;
        public uint Flags;

        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 260)]
        public string Program;
    }
}

/// <summary>One running process.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="ParentPid">Its parent's id; 0 when it has none or it is unknown.</param>
/// <param name="StartMark">
/// When it started, in the platform's own unit (Linux: clock ticks since boot; other Unix: seconds; Windows: 100 ns).
/// Good for one thing: an equal id with another mark is another process.
/// </param>
/// <param name="Command">The program's short name (Linux: at most 15 characters).</param>
internal sealed record ProcessEntry(int Pid, int ParentPid, long StartMark, string Command)
{
    /// <summary>Its CPU time, without that of exited children; <see langword="null"/> if unknown (not Linux).</summary>
    public TimeSpan? Cpu { get; init; }

    /// <summary>Its resident memory in bytes; <see langword="null"/> if unknown (not Linux).</summary>
    public long? Memory { get; init; }
}

/// <summary>What a process is called and was started with.</summary>
/// <param name="Name">Its short name.</param>
/// <param name="Line">Its arguments, joined by spaces for display; the name where they can't be read.</param>
internal sealed record ProcessCommand(string Name, string Line)
{
    /// <summary>Reads the command of a process; <see langword="null"/> when it has exited.</summary>
    /// <remarks>On Windows, only the name is available without WMI.</remarks>
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

/// <summary>Reads the output of <c>ps -axo pid=,ppid=,stat=,lstart=,comm=</c>, run with <c>LC_ALL=C</c>.</summary>
internal static partial class PsListing
{
    /// <summary>The command whose output is read.</summary>
    /// <param name="selection">Which processes: <c>-ax</c> for all, or <c>-p</c> and an id.</param>
    public static ProcessSpec Command(params IEnumerable<string> selection) => new()
    {
        Program = "ps",
        Arguments = [.. selection, "-o", "pid=,ppid=,stat=,lstart=,comm="],
        Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C", ["TZ"] = "UTC" },
    };

    /// <summary>The running processes; zombies and lines of another form are passed over.</summary>
    /// <param name="output">The whole output.</param>
    public static IReadOnlyList<ProcessEntry> Parse(string output) =>
        [.. output.Split('\n').Select(ParseLine).OfType<ProcessEntry>()];

    /// <summary>The processes with the assignment in the output of <c>ps -axEwwo pid=,command=</c>.</summary>
    /// <param name="output">The whole output: each process's arguments, then its environment.</param>
    /// <param name="assignment">The word, <c>NAME=value</c>, without white space.</param>
    public static IReadOnlyList<int> PidsWithWord(string output, string assignment)
    {
        var pids = new List<int>();
        foreach (var line in output.Split('\n'))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && words.Skip(2).Contains(assignment, StringComparer.Ordinal)
                && int.TryParse(words[0], NumberStyles.None, null, out var pid))
                pids.Add(pid);
        }

        return pids;
    }

    private static ProcessEntry? ParseLine(string line)
    {
        var match = Line().Match(line);
        if (!match.Success || match.Groups["state"].Value.StartsWith('Z'))
            return null;
        var when = match.Groups["start"].Value;
        const DateTimeStyles style = DateTimeStyles.AllowInnerWhite | DateTimeStyles.AssumeUniversal;
        return DateTimeOffset.TryParseExact(
            when, "ddd MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture, style, out var start)
            ? new ProcessEntry(
                int.Parse(match.Groups["pid"].ValueSpan, CultureInfo.InvariantCulture),
                int.Parse(match.Groups["parent"].ValueSpan, CultureInfo.InvariantCulture),
                start.ToUnixTimeSeconds(),
                Path.GetFileName(match.Groups["command"].Value))
            : null;
    }

    [GeneratedRegex(@"^\s*(?<pid>\d{1,9})\s+(?<parent>\d{1,9})\s+(?<state>\S+)\s+(?<start>\w{3}\s+\w{3}\s+\d+\s+[\d:]+\s+\d{4})\s+(?<command>.*\S)")]
    private static partial Regex Line();
}
