using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace InstanceKit.Platform;

/// <summary>The resource usage of a container, or of a process with all its descendants; <see langword="null"/> if unknown.</summary>
public sealed record ResourceUse
{
    /// <summary>The CPU time that it has used since it was started, over all cores.</summary>
    public TimeSpan? Cpu { get; init; }

    /// <summary>Its memory in bytes, without reclaimable file cache.</summary>
    public long? Memory { get; init; }

    /// <summary>Bytes that it has received over its own network since it was started.</summary>
    public long? NetworkReceived { get; init; }

    /// <summary>Bytes that it has sent over its own network since it was started.</summary>
    public long? NetworkSent { get; init; }

    /// <summary>Bytes that it has read from disks since it was started.</summary>
    public long? BlockRead { get; init; }

    /// <summary>Bytes that it has written to disks since it was started.</summary>
    public long? BlockWritten { get; init; }

    /// <summary>The sum of two; a value that is known in only one is used as is.</summary>
    public static ResourceUse operator +(ResourceUse one, ResourceUse other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return new ResourceUse
        {
            Cpu = one.Cpu is { } a && other.Cpu is { } b ? a + b : one.Cpu ?? other.Cpu,
            Memory = Add(one.Memory, other.Memory),
            NetworkReceived = Add(one.NetworkReceived, other.NetworkReceived),
            NetworkSent = Add(one.NetworkSent, other.NetworkSent),
            BlockRead = Add(one.BlockRead, other.BlockRead),
            BlockWritten = Add(one.BlockWritten, other.BlockWritten),
        };
    }

    /// <summary>The sum of two, for languages without operators.</summary>
    public static ResourceUse Add(ResourceUse one, ResourceUse other) => one + other;

    private static long? Add(long? one, long? other) => one is { } a && other is { } b ? a + b : one ?? other;
}

/// <summary>Formats sizes.</summary>
internal static class ByteText
{
    private const double Gibi = 1L << 30;

    /// <summary>Gibibytes with one decimal, or whole mebibytes below one: "5.2 GiB", "640 MiB".</summary>
    public static string Of(long bytes) => bytes >= Gibi
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / Gibi:0.#} GiB")
        : $"{bytes >> 20} MiB";
}

/// <summary>What resource usage is measured in one observation.</summary>
public enum Measure
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>CPU time and memory, as far as available within a quarter of a second.</summary>
    AtHand,

    /// <summary>All, in up to three seconds.</summary>
    All,
}

/// <summary>The resource usage of a process and all its descendants.</summary>
internal static class TreeUse
{
    /// <summary>The sum over the tree; <see langword="null"/> when its top does not run.</summary>
    /// <remarks>Memory that processes share is counted once for each, as <c>ps</c> does.</remarks>
    /// <param name="pids">The top and its descendants.</param>
    /// <param name="isFull">Whether to include what must be read from each process.</param>
    public static ResourceUse? Of(ProcessTree tree, IReadOnlyList<int> pids, bool isFull)
    {
        ResourceUse? sum = null;
        foreach (var pid in pids)
        {
            if (tree.Find(pid) is not { } process)
                continue;
            var use = process.Cpu is null && isFull ? Ask(pid) : new ResourceUse { Cpu = process.Cpu, Memory = process.Memory };
            if (isFull && OperatingSystem.IsLinux() && ProcFolder.Read(pid, "io") is { } io)
                use = use with { BlockRead = Number(io, "\nread_bytes: "), BlockWritten = Number(io, "\nwrite_bytes: ") };
            sum = sum is null ? use : sum + use;
        }

        return sum;
    }

    private static ResourceUse Ask(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return new ResourceUse { Cpu = process.TotalProcessorTime, Memory = process.WorkingSet64 };
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception or NotSupportedException)
        {
            return new ResourceUse(); // exited meanwhile, or another user's
        }
    }

    private static long? Number(string text, string key)
    {
        var start = text.IndexOf(key, StringComparison.Ordinal);
        if (start < 0)
            return null;
        var rest = text.AsSpan(start + key.Length);
        var end = rest.IndexOf('\n');
        return long.TryParse(end < 0 ? rest : rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
