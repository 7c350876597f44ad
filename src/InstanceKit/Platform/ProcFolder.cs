using System.Globalization;

namespace InstanceKit.Platform;

/// <summary>The kernel's process folder, <c>/proc</c> (Linux).</summary>
internal static class ProcFolder
{
    /// <summary>The ids of all processes, in no order.</summary>
    public static IEnumerable<int> Pids()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(folder.AsSpan("/proc/".Length), NumberStyles.None, null, out var pid))
                yield return pid;
        }
    }

    /// <summary>The working directory of a process; <see langword="null"/> when it can't be read (exited, another user's, not Linux).</summary>
    public static string? WorkingDirectory(int pid)
    {
        try
        {
            return OperatingSystem.IsLinux() ? new FileInfo($"/proc/{pid}/cwd").LinkTarget : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The text of a file of a process; <see langword="null"/> when it has exited or belongs to another user.</summary>
    /// <param name="name">The file: <c>stat</c>, <c>environ</c>, <c>cmdline</c>.</param>
    public static string? Read(int pid, string name)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{name}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
