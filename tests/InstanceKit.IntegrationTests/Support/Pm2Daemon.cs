using InstanceKit.Platform;
using InstanceKit.Pm2;

namespace InstanceKit.IntegrationTests.Support;

/// <summary>The daemon of a test's PM2_HOME.</summary>
internal static class Pm2Daemon
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    /// <summary>Ends it, which ends what it runs first, and waits for that: it writes into its home to the last.</summary>
    public static async Task EndAsync(Pm2Client driver)
    {
        if (driver.IsDaemonAlive() && ProcessTree.ReadOne(int.Parse(await File.ReadAllTextAsync(Path.Combine(driver.Home, "pm2.pid")))) is { } daemon)
            await OwnedProcesses.EndAsync([daemon], Grace);
    }
}
