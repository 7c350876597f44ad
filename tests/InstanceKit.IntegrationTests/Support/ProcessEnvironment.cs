using System.Text;
using Xunit;

namespace InstanceKit.IntegrationTests.Support;

/// <summary>The variables that a process was started with, as the system keeps them.</summary>
internal static class ProcessEnvironment
{
    /// <summary>Reads them; skips the test where the system does not show them.</summary>
    public static IReadOnlyDictionary<string, string> Of(int pid)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux shows the environment of a process as a file.");
        return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/environ"))
            .Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(v => v.Split('=', 2))
            .ToDictionary(v => v[0], v => v[1], StringComparer.Ordinal);
    }
}
