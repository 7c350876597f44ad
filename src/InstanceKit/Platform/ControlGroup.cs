using System.Globalization;

namespace InstanceKit.Platform;

/// <summary>Reads a container's resource usage from the kernel's control groups (Linux), versions 1 and 2.</summary>
/// <remarks>
/// The engine's own answer takes up to a second for each container (20.10 waits for its next collection, even for one
/// shot), these files a tenth of a millisecond. They are there where the engine runs on this very machine; of a container
/// elsewhere there is no process whose group has its id. See https://docs.kernel.org/admin-guide/cgroup-v2.html and
/// .../cgroup-v1/.
/// </remarks>
/// <param name="proc">The kernel's process folder.</param>
/// <param name="groups">Where the groups are mounted.</param>
internal sealed class ControlGroup(string proc = "/proc", string groups = "/sys/fs/cgroup")
{
    private const long NanosecondsPerTick = 100;

    /// <summary>The container's usage; <see langword="null"/> when its group can't be read here.</summary>
    /// <param name="container">The container's whole id.</param>
    /// <param name="pid">Its first process.</param>
    public ResourceUse? Read(string container, int pid)
    {
        if (container.Length == 0 || pid <= 0 || Text($"{proc}/{pid}/cgroup") is not { } lines)
            return null;
        var use = new ResourceUse();
        foreach (var line in lines.Split('\n'))
        {
            // hierarchy:controllers:path; the second version has number 0 and names no controllers.
            if (line.Split(':', 3) is not [_, var controllers, var path] || !path.Contains(container, StringComparison.Ordinal))
                continue;
            if (controllers.Length == 0)
                use += Second($"{groups}{path}");
            foreach (var controller in controllers.Split(','))
                use += First(controller, path);
        }

        return use.Cpu is null && use.Memory is null ? null : use + Traffic(Text($"{proc}/{pid}/net/dev"));
    }

    /// <summary>Whether a process of this machine is in a container.</summary>
    /// <param name="container">The container's whole id.</param>
    /// <param name="pid">The process.</param>
    public bool IsOf(string container, int pid) =>
        container.Length > 0 && pid > 0 && Text($"{proc}/{pid}/cgroup")?.Contains(container, StringComparison.Ordinal) == true;

    private ResourceUse First(string controller, string path)
    {
        var folder = $"{groups}/{controller}{path}";
        return controller switch
        {
            "cpuacct" => new() { Cpu = Time(Number(Text($"{folder}/cpuacct.usage")) / NanosecondsPerTick) },
            "memory" => new() { Memory = Less(Text($"{folder}/memory.usage_in_bytes"), Text($"{folder}/memory.stat"), "total_inactive_file") },
            "blkio" => Blocks(Text($"{folder}/blkio.throttle.io_service_bytes"), line => line is [_, "Read", var read] ? (read, null)
                : line is [_, "Write", var written] ? (null, written) : default),
            _ => new(),
        };
    }

    private static ResourceUse Second(string folder)
    {
        var blocks = Blocks(Text($"{folder}/io.stat"), line => (
            Array.Find(line, w => w.StartsWith("rbytes=", StringComparison.Ordinal))?["rbytes=".Length..],
            Array.Find(line, w => w.StartsWith("wbytes=", StringComparison.Ordinal))?["wbytes=".Length..]));
        return blocks with
        {
            Cpu = Time(Field(Text($"{folder}/cpu.stat"), "usage_usec") * TimeSpan.TicksPerMicrosecond),
            Memory = Less(Text($"{folder}/memory.current"), Text($"{folder}/memory.stat"), "inactive_file"),
        };
    }

    private static ResourceUse Blocks(string? text, Func<string[], (string? Read, string? Written)> parse)
    {
        if (text is null)
            return new ResourceUse();
        var sum = new ResourceUse { BlockRead = 0, BlockWritten = 0 };
        foreach (var line in text.Split('\n'))
        {
            var (read, written) = parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            sum += new ResourceUse { BlockRead = Number(read), BlockWritten = Number(written) };
        }

        return sum;
    }

    /// <summary>Received and sent bytes are the 1st and 9th number after a device's name, proc(5); without loopback.</summary>
    private static ResourceUse Traffic(string? text)
    {
        var sum = new ResourceUse();
        foreach (var line in text?.Split('\n') ?? [])
        {
            if (line.Split(':', 2) is not [var device, var rest] || device.Trim() == "lo")
                continue;
            var numbers = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (numbers.Length > 8)
                sum += new ResourceUse { NetworkReceived = Number(numbers[0]), NetworkSent = Number(numbers[8]) };
        }

        return sum;
    }

    private static TimeSpan? Time(long? ticks) => ticks is { } value ? TimeSpan.FromTicks(value) : null;

    private static long? Less(string? used, string? stat, string reclaimable) =>
        Number(used) is { } all ? Math.Max(0, all - (Field(stat, reclaimable) ?? 0)) : null;

    private static long? Field(string? text, string name)
    {
        foreach (var line in text?.Split('\n') ?? [])
        {
            if (line.Length > name.Length && line[name.Length] == ' ' && line.StartsWith(name, StringComparison.Ordinal))
                return Number(line[(name.Length + 1)..]);
        }

        return null;
    }

    private static long? Number(string? text) =>
        long.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static string? Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
