namespace InstanceKit.Platform;

/// <summary>Finds installed programs.</summary>
internal static class ProgramsOnPath
{
    private static readonly string[] Endings = OperatingSystem.IsWindows() ? [".exe", ".cmd", ".bat"] : [""];

    /// <summary>The absolute path of a program; <see langword="null"/> when it is not on the search path.</summary>
    /// <param name="name">Its name, without the extension that Windows requires.</param>
    /// <param name="searchPath">Folders, separated as in PATH.</param>
    public static string? Find(string name, string searchPath) =>
        searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => Endings.Select(ending => Path.GetFullPath(Path.Combine(folder, name + ending))))
            .FirstOrDefault(File.Exists);
}
