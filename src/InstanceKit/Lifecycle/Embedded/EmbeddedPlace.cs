using InstanceKit.Drivers;
using InstanceKit.Generation;

namespace InstanceKit.Lifecycle;

/// <summary>Where a service's process finds its data and what it reads.</summary>
public static class EmbeddedPlace
{
    /// <summary>Makes the folders and files that a service's process needs before it starts.</summary>
    /// <param name="choice">A service that has a process.</param>
    /// <exception cref="IOException">They can't be made.</exception>
    public static void Prepare(EmbeddedChoice choice)
    {
        InstanceDirectory.CreatePrivate(choice.Service.DataFolder);
        foreach (var folder in choice.Process!.Folders)
            Directory.CreateDirectory(folder);
        foreach (var (path, text) in choice.Process.Files)
            InstanceDirectory.Write(path, text);
    }
}
