using InstanceKit.Instances;

namespace InstanceKit.Infra;

/// <summary>Data that PostgreSQL stores outside of the workspace, because root started it and its account can't enter the workspace.</summary>
/// <remarks>The launcher creates these directories; each has a file <c>owner</c> that names the data directory in the workspace.</remarks>
public static class AccountData
{
    /// <summary>Deletes what belongs to an instance; a workspace that was moved keeps its data.</summary>
    /// <exception cref="InstanceKitException">A folder can't be deleted.</exception>
    public static void Remove(InstancePaths paths)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return;
        var prefix = paths.Directory + Path.DirectorySeparatorChar;
        foreach (var folder in PostgresProvider.AccountRoots.Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories))
        {
            try
            {
                var owner = Path.Combine(folder, "owner");
                if (File.Exists(owner) && File.ReadAllText(owner).Trim().StartsWith(prefix, StringComparison.Ordinal))
                    Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new InstanceKitException(ExitCode.Failed, $"The data in {folder} can't be deleted: {e.Message}", "Delete that folder yourself.", e);
            }
        }
    }
}
