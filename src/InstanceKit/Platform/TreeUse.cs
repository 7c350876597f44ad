using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace InstanceKit.Platform;

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
