using System.Globalization;

namespace InstanceKit.Drivers;

/// <summary>Reads the text of <c>/proc/PID/stat</c>.</summary>
public static class ProcStat
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

    /// <summary>The process of the text; <see langword="null"/> for one that has ended (a zombie) or unknown text.</summary>
    /// <remarks>A zombie that still has threads has not ended: they hold its sockets open until they are gone too.</remarks>
    /// <param name="stat">One line as in proc(5); the name, in parentheses, may hold spaces and parentheses.</param>
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
