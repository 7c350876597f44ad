using InstanceKit;

namespace Cli.Hosting;

/// <summary>The repository that this program was built in, so that it can be called from anywhere.</summary>
internal static class RootFolder
{
    /// <summary>The nearest directory above the program that contains <c>.nuke/parameters.json</c>.</summary>
    /// <exception cref="InstanceKitException">There is none.</exception>
    public static string OfProgram() =>
        Find() ?? throw InstanceKitException.Usage($"There is no .nuke directory above {Program}; pass --root PATH.");

    private static string Program => AppContext.BaseDirectory;

    /// <summary>The same; <see langword="null"/> when there is none.</summary>
    public static string? Find()
    {
        for (string? folder = Program; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, ".nuke", "parameters.json")))
                return folder;
        }

        return null;
    }
}
