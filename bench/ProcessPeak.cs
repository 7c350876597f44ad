using System.Globalization;

namespace Bench;

/// <summary>The most that a process was seen to take (Linux); all 0 of a very short one.</summary>
internal readonly record struct ProcessPeak
{
    private const double Kilobyte = 1024;

    /// <summary>The unit of the kernel's times, USER_HZ: the same on every machine.</summary>
    public const double TicksPerSecond = 100;

    /// <summary>Its memory, in megabytes.</summary>
    public double Megabytes { get; private init; }

    /// <summary>Its threads.</summary>
    public int Threads { get; private init; }

    /// <summary>The processes that it has started and that have not ended, with theirs.</summary>
    public int Children { get; private init; }

    /// <summary>With what a process takes now.</summary>
    public ProcessPeak With(int pid)
    {
        var now = new ProcessPeak
        {
            Megabytes = Number(pid, "VmHWM:") / Kilobyte, Threads = (int)Number(pid, "Threads:"), Children = CountChildren(pid),
        };
        return new ProcessPeak
        {
            Megabytes = Math.Max(Megabytes, now.Megabytes), Threads = Math.Max(Threads, now.Threads),
            Children = Math.Max(Children, now.Children),
        };
    }

    /// <summary>The processor time that a process and those of its children that have ended have taken, in seconds.</summary>
    public static double TimeOf(int pid) => FieldsOf(pid) is { } fields
        ? fields[11..15].Sum(f => double.Parse(f, CultureInfo.InvariantCulture)) / TicksPerSecond
        : 0;

    private static int CountChildren(int pid)
    {
        var parents = new Dictionary<int, int>();
        foreach (var folder in Directory.Exists("/proc") ? Directory.EnumerateDirectories("/proc") : [])
        {
            if (int.TryParse(Path.GetFileName(folder), out var other) && FieldsOf(other) is { } fields)
                parents[other] = int.Parse(fields[1], CultureInfo.InvariantCulture);
        }

        return parents.Keys.Count(p => IsBelow(p));

        bool IsBelow(int child)
        {
            for (var steps = 0; steps < parents.Count && parents.TryGetValue(child, out var parent); steps++, child = parent)
            {
                if (parent == pid)
                    return true;
            }

            return false;
        }
    }

    // The fields of /proc/PID/stat behind the name, of which the first is the state.
    private static string[]? FieldsOf(int pid) =>
        Read($"/proc/{pid}/stat") is { Length: > 0 } text ? text[(text.LastIndexOf(')') + 2)..].Split(' ') : null;

    private static double Number(int pid, string key)
    {
        var line = Read($"/proc/{pid}/status").Split('\n').FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    private static string Read(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // it has exited
        }
    }
}
