namespace Bench;

/// <summary>Where things are.</summary>
internal static class Places
{
    /// <summary>The folder of this repository.</summary>
    public static string Repository { get; } = FindRepository();

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "build.sh")))
            folder = folder.Parent ?? throw new InvalidOperationException("There is no build.sh above the benchmark.");
        return folder.FullName;
    }
}
