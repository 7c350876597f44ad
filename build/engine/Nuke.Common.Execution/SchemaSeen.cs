using System.Globalization;

namespace Nuke.Common.Execution;

/// <summary>What a program remembers, beside itself, of the schema file that it last compared.</summary>
/// <param name="path">The schema file.</param>
internal sealed class SchemaSeen(string path)
{
    private readonly string _memory = Path.Combine(AppContext.BaseDirectory, "schema.seen");

    /// <summary>Whether the file is the one that was compared: the same path, size and time of writing.</summary>
    public bool IsUnchanged => Describe() is { } now && File.Exists(_memory) && File.ReadAllText(_memory) == now;

    /// <summary>Remembers the file as it is. Where the program's folder can't be written, the next run compares again.</summary>
    public void Remember()
    {
        try
        {
            File.WriteAllText(_memory, Describe());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Only time is lost.
        }
    }

    private string? Describe() => new FileInfo(path) is { Exists: true } file
        ? string.Create(CultureInfo.InvariantCulture, $"{path} {file.Length} {file.LastWriteTimeUtc.Ticks}")
        : null;
}
