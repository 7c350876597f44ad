namespace InstanceKit.Drivers;

/// <summary>Reads files that tell of the machine.</summary>
public static class SystemFile
{
    /// <summary>The text of a file; <see langword="null"/> when there is none that this user may read: the machine does not tell.</summary>
    public static string? Read(string path)
    {
        try
        {
            return InstanceDirectory.ReadText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
