using InstanceKit.Platform;

namespace InstanceKit.Pm2;

/// <summary>The small Node.js programs with which PM2 runs a server as one process.</summary>
internal static class LauncherStore
{
    private const string Prefix = "InstanceKit.Infra.launchers.";

    /// <summary>Sees to it that they lie in the folder of tools.</summary>
    /// <param name="tools">The folder of tools.</param>
    /// <param name="onWait">Receives a line when waiting for another command to create them.</param>
    /// <returns>Their directory, whose name depends on their content: those of a running server are never overwritten.</returns>
    public static async Task<string> ProvideAsync(string tools, Action<string>? onWait, CancellationToken cancellation)
    {
        var folder = Path.Combine(Path.GetFullPath(tools), $"launchers-{EmbeddedFileStore.Fingerprint(Prefix)[..8]}");
        if (Directory.Exists(folder))
            return folder;
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        using var turn = await FileLock.TakeAsync(folder + ".lock", "The launchers directory", onWait, FileLock.ShortTurn, cancellation);
        if (Directory.Exists(folder))
            return folder;
        var draft = ToolStore.NewDraft(folder);
        try
        {
            EmbeddedFileStore.Write(Prefix, draft);
            Directory.Move(draft, folder);
            return folder;
        }
        finally
        {
            ToolStore.RemoveDraft(draft);
        }
    }
}
