using System.Text;

namespace Rendering;

/// <summary>Gives every source of log lines a colour that is the same in every run.</summary>
internal static class SourceColor
{
    // Escape sequences of foreground colours that read well on dark and light ground; red is left for errors.
    private static readonly int[] Colors = [36, 32, 33, 35, 34, 96, 92, 93, 95, 94];

    /// <summary>The number that selects the colour in an escape sequence.</summary>
    public static int Of(string source)
    {
        // FNV-1a: string.GetHashCode differs from process to process.
        var hash = 2166136261u;
        foreach (var value in Encoding.UTF8.GetBytes(source))
            hash = (hash ^ value) * 16777619u;
        return Colors[hash % (uint)Colors.Length];
    }
}
