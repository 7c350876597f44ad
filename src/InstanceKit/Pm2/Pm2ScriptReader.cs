namespace InstanceKit.Pm2;

/// <summary>The scripts for Node that belong to the library, and what they print.</summary>
internal static class Pm2ScriptReader
{
    private const int ShownLines = 5;

    /// <summary>The text of a script.</summary>
    /// <param name="name">Its file's name.</param>
    public static string Read(string name)
    {
        using var stream = typeof(Pm2ScriptReader).Assembly.GetManifestResourceStream($"InstanceKit.Pm2.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The last lines of an output, each on its own indented line; empty if there are none.</summary>
    public static string Tail(string text) => string.Concat(
        text.Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0).TakeLast(ShownLines).Select(l => $"\n    {l}"));
}
