using System.Diagnostics;
using System.Globalization;

namespace InstanceKit.Platform;

/// <summary>The operating system that commands are for.</summary>
/// <param name="Family">How programs are installed on it.</param>
/// <param name="IsAdministrator">Whether this user may install them without <c>sudo</c>.</param>
public sealed record HostSystem(SystemFamily Family, bool IsAdministrator)
{
    /// <summary>The family from the text of <c>/etc/os-release</c>: by ID, else by ID_LIKE.</summary>
    /// <param name="text">The file's text, lines of <c>NAME=value</c>; <see langword="null"/> where there is none.</param>
    public static SystemFamily FamilyOf(string? text)
    {
        var values = (text ?? "").Split('\n').Select(l => l.Trim().Split('=', 2)).Where(p => p.Length == 2)
            .ToLookup(p => p[0], p => p[1].Trim('"', '\''), StringComparer.Ordinal);
        return values["ID"].Concat(values["ID_LIKE"].SelectMany(v => v.Split(' ')))
            .Select(FamilyOfId).FirstOrDefault(f => f is not SystemFamily.Other, SystemFamily.Other);
    }

    private static SystemFamily FamilyOfId(string id) => id switch
    {
        "debian" => SystemFamily.Debian,
        "ubuntu" => SystemFamily.Ubuntu,
        "fedora" or "rhel" or "centos" => SystemFamily.Fedora,
        "alpine" => SystemFamily.Alpine,
        _ => SystemFamily.Other,
    };
}

/// <summary>How programs are installed on an operating system.</summary>
public enum SystemFamily
{
    /// <summary>Unknown.</summary>
    Other,

    /// <summary><c>apt-get</c>, with Debian's names.</summary>
    Debian,

    /// <summary><c>apt-get</c>, with Ubuntu's names.</summary>
    Ubuntu,

    /// <summary><c>dnf</c>.</summary>
    Fedora,

    /// <summary><c>apk</c>.</summary>
    Alpine,

    /// <summary><c>brew</c>.</summary>
    MacOS,

    /// <summary><c>winget</c>.</summary>
    Windows,
}

/// <summary>Reads how much memory there is, and how much processes have.</summary>
internal static class MachineMemory
{
    private const string Group = "/sys/fs/cgroup";

    /// <summary>Total memory, in bytes, and on Linux the available memory.</summary>
    /// <remarks>A limit of the control group that this process runs in, as in a container, counts.</remarks>
    public static (long Total, long? Available) Read()
    {
        if (!OperatingSystem.IsLinux())
            return (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, null);
        var text = SystemFile.Read("/proc/meminfo") ?? "";
        var total = Parse(text, "MemTotal") ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var available = Parse(text, "MemAvailable");
        if (Number($"{Group}/memory.max") is not { } limit || limit >= total)
            return (total, available);
        var left = Math.Max(0, limit - (Number($"{Group}/memory.current") ?? 0));
        return (limit, Math.Min(available ?? left, left));
    }

    /// <summary>The memory of processes, in bytes; 0 for those that have exited.</summary>
    public static long Of(IEnumerable<ProcessEntry> processes) => processes.Sum(Of);

    /// <summary>A value of <c>/proc/meminfo</c> in bytes; <see langword="null"/> when it is not in the text.</summary>
    /// <param name="text">The text, with lines such as <c>MemTotal: 16384 kB</c>.</param>
    public static long? Parse(string text, string name) => text.Split('\n')
        .Select(l => l.Split([':', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        .Where(w => w is [var first, _, "kB"] && first == name)
        .Select(w => long.TryParse(w[1], NumberStyles.None, CultureInfo.InvariantCulture, out var kilo) ? kilo * 1024 : (long?)null)
        .FirstOrDefault();

    private static long Of(ProcessEntry entry)
    {
        try
        {
            using var process = Process.GetProcessById(entry.Pid);
            return process.WorkingSet64;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return 0;
        }
    }

    private static long? Number(string path) =>
        long.TryParse(SystemFile.Read(path)?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>Reads system files.</summary>
internal static class SystemFile
{
    /// <summary>The text of a file; <see langword="null"/> when it does not exist or is not readable.</summary>
    public static string? Read(string path)
    {
        try
        {
            return FileStore.ReadText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
