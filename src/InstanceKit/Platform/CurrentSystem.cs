namespace InstanceKit.Platform;

/// <summary>The operating system that this process runs on.</summary>
public static class CurrentSystem
{
    private const string ReleaseFile = "/etc/os-release";
    private static readonly Lazy<HostSystem> Found = new(() => new HostSystem(FindFamily(), Environment.IsPrivilegedProcess));

    /// <summary>The operating system, detected once.</summary>
    public static HostSystem Value => Found.Value;

    private static SystemFamily FindFamily() =>
        OperatingSystem.IsWindows() ? SystemFamily.Windows
        : OperatingSystem.IsMacOS() ? SystemFamily.MacOS
        : HostSystem.FamilyOf(SystemFile.Read(ReleaseFile));
}
