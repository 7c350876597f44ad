using System.Reflection;
using InstanceKit;

namespace Hosting;

/// <summary>The repository that this program was built in, so that it can be called from anywhere.</summary>
internal static class RootFolder
{
    /// <summary>The nearest folder above the program that holds <c>.nuke/parameters.json</c>.</summary>
    /// <exception cref="InstanceKitException">There is none.</exception>
    public static string OfProgram()
    {
        var program = Path.GetDirectoryName(Assembly.GetEntryAssembly()!.Location);
        for (var folder = program; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, ".nuke", "parameters.json")))
                return folder;
        }

        throw InstanceKitException.Usage($"There is no folder .nuke above {program}; pass --root PATH.");
    }
}
