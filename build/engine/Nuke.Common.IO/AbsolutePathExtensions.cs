namespace Nuke.Common.IO;

/// <summary>What can be done with a path on disk.</summary>
public static class AbsolutePathExtensions
{
    public static bool FileExists(this AbsolutePath path) => File.Exists(path);

    public static bool DirectoryExists(this AbsolutePath path) => Directory.Exists(path);

    public static AbsolutePath CreateDirectory(this AbsolutePath path)
    {
        Directory.CreateDirectory(path.ToString());
        return path;
    }

    public static string ReadAllText(this AbsolutePath path) => File.ReadAllText(path.ToString());
}
