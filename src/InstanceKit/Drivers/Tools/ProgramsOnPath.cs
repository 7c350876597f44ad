namespace InstanceKit.Drivers;

/// <summary>Finds installed programs.</summary>
internal static class ProgramsOnPath
{
    private static readonly string[] Endings = OperatingSystem.IsWindows() ? [".exe", ".cmd", ".bat"] : [""];

    /// <summary>The absolute path of a program; <see langword="null"/> when no folder of the search path has it.</summary>
    /// <param name="name">Its name, without the ending that Windows asks for.</param>
    /// <param name="searchPath">Folders, separated as in PATH.</param>
    public static string? Find(string name, string searchPath) =>
        searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => Endings.Select(ending => Path.GetFullPath(Path.Combine(folder, name + ending))))
            .FirstOrDefault(File.Exists);
}
